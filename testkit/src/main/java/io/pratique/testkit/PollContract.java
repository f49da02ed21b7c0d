package io.pratique.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pratique.flags.spi.FlagRevision;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagSource;
import io.pratique.flags.spi.FlagStore;
import io.pratique.flags.spi.FlagWrite;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a poll delivers: the set before if nothing has changed, and what a fresh load would if something has. */
class PollContract extends StoreGroup {

    PollContract(FlagStoreContract contract) {
        super(contract);
    }

    @Test
    void unchangedStoreHasThePreviousSetReturned() throws Exception {
        FlagStore store = openStore();
        store.write(List.of(set(KEY, "off"), set(OTHER, "on")));
        store.set(THIRD, "off", Duration.ofHours(1), BY);
        store.clear(OTHER, BY);
        FlagSource reader = open();
        FlagSet read = reader.load();

        assertSame(read, reader.reload(read), "reload(..) of the set just loaded");
        assertSame(read, open().reload(read), "reload(..) of the set that another source has loaded");
        store.list();
        store.history(KEY, 10);
        assertSame(read, reader.reload(read), "reload(..) after the store was read");
    }

    @Test
    void setThatWasReloadedIsReturnedAgainToo() throws Exception {
        FlagStore store = openStore();
        FlagSource reader = open();
        store.set(KEY, "off", BY);
        FlagSet first = reader.load();
        store.clear(KEY, BY);

        FlagSet second = reader.reload(first);

        assertSame(second, reader.reload(second), "reload(..) of a set that was reloaded");
    }

    @Test
    void everyKindOfChangeIsDelivered() throws Exception {
        FlagStore store = openStore();
        FlagSource reader = open();
        FlagSet set = reader.load();
        store.set(KEY, "off", BY);
        set = assertReloadsAsFresh(reader, set, "the first change");
        store.set(KEY, "off", BY);
        set = assertReloadsAsFresh(reader, set, "the same text again");
        store.write(List.of(set(KEY, "on"), set(OTHER, "off"), set(THIRD, "off")));
        set = assertReloadsAsFresh(reader, set, "several changes");
        store.clear(KEY, BY);
        set = assertReloadsAsFresh(reader, set, "a clearing");
        store.clear("never-set", BY);
        set = assertReloadsAsFresh(reader, set, "the clearing of an absent flag");
        store.write(List.of(clear(OTHER), set(KEY, "off"), clear(THIRD), set(THIRD, "on")));
        assertReloadsAsFresh(reader, set, "changes of all kinds");
    }

    @Test
    void changesOfManyPollsAgoAreDelivered() throws Exception {
        FlagStore store = openStore();
        FlagSource reader = open();
        store.write(List.of(set(KEY, "off"), set(OTHER, "on")));
        FlagSet old = reader.load();
        FlagSet set = old;
        for (int i = 0; i < 10; i++) {
            store.write(List.of(set("flag-" + i, "on"), i % 2 == 0 ? clear(OTHER) : set(OTHER, "off")));
            set = assertReloadsAsFresh(reader, set, "change " + i);
        }

        assertReloadsAsFresh(reader, old, "ten changes");
    }

    @Test
    void markIsOfTheLastChange() throws Exception {
        FlagStore store = openStore();
        FlagSource reader = open();
        FlagSet empty = reader.load();
        assertNull(empty.historyMark(), "the history mark of a store that was never written to");
        FlagRevision first = store.set(KEY, "off", BY);
        FlagSet one = reader.reload(empty);
        FlagRevision second = store.clear(OTHER, BY);
        FlagSet two = reader.reload(one);

        assertEquals(first.version(), markOf(one).sequence(), "the sequence after the first change");
        assertEquals(second.version(), markOf(two).sequence(), "the sequence after the second change");
        assertEquals(markOf(one).epoch(), markOf(two).epoch(), "the epoch");
        assertTrue(!markOf(one).id().equals(markOf(two).id()), "each change has an id of its own");
        assertEquals(two.historyMark(), open().load().historyMark(), "the mark of a fresh load");
    }

    @Test
    void tenThousandFlagsAreWrittenListedAndPolled() throws Exception {
        FlagStore store = openStore();
        FlagSource reader = open();
        Map<String, String> texts = LoadContract.manyFlags(10_000);
        List<FlagWrite> writes = new ArrayList<>();
        texts.forEach((key, text) -> writes.add(set(key, text)));
        List<FlagRevision> made = store.write(writes);
        FlagSet before = assertLoads(texts, reader);

        store.write(List.of(set("flag-0", "on"), clear("flag-1"), set("flag-new", "off")));

        assertEquals(10_000, made.size(), "changes made");
        assertSame(
                before.entries().get("flag-2"),
                assertReloadsAsFresh(reader, before, "three changes").entries().get("flag-2"),
                "the entry of a flag that has not changed");
        Map<String, String> listed = new HashMap<>();
        store.list().forEach(flag -> listed.put(flag.key(), Objects.requireNonNull(flag.value())));
        Map<String, String> expected = new HashMap<>(texts);
        expected.put("flag-0", "on");
        expected.remove("flag-1");
        expected.put("flag-new", "off");
        assertHolds(expected, FlagSet.of(listed), "list()");
    }
}
