package io.pratique.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pratique.flags.spi.FlagRevision;
import io.pratique.flags.spi.FlagStore;
import io.pratique.flags.spi.FlagWrite;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is told of the flags and their changes: all of it, in order, and as it was. */
class HistoryContract extends StoreGroup {

    private static final int MANY = 2_000;

    private static final List<String> ODD_KEYS = List.of(
            "Outbox-Processing",
            "outbox%",
            "outbox_",
            "caf\u00e9",
            "\u65d7",
            "\ud83c\udff3",
            "nul\u0000key",
            "'",
            "\\");

    HistoryContract(FlagStoreContract contract) {
        super(contract);
    }

    @Test
    void everyChangeOfAFlagIsToldNewestFirst() throws Exception {
        FlagStore store = openStore();
        List<FlagRevision> made = new ArrayList<>();
        made.add(store.set(KEY, "on", BY));
        store.set(OTHER, "on", BY);
        made.add(store.set(KEY, "off", Duration.ofHours(1), BY));
        made.add(store.set(KEY, "off", BY));
        made.add(store.clear(KEY, BY));
        made.addAll(store.write(List.of(set(KEY, "on"), clear(KEY), set(KEY, "off"))));
        store.clear(OTHER, BY);

        Collections.reverse(made);

        assertEquals(made, openStore().history(KEY, 100), "history(..)");
    }

    @Test
    void limitLeavesTheNewest() throws Exception {
        FlagStore store = openStore();
        List<FlagRevision> made = store.write(List.of(set(KEY, "on"), set(KEY, "off"), set(OTHER, "on"), clear(KEY)));

        assertEquals(List.of(made.get(3)), store.history(KEY, 1), "history(.., 1)");
        assertEquals(List.of(made.get(3), made.get(1)), store.history(KEY, 2), "history(.., 2)");
        assertEquals(3, store.history(KEY, Integer.MAX_VALUE).size(), "all changes of the flag");
    }

    @Test
    void limitBelowOneIsRefused() throws Exception {
        FlagStore store = openStore();

        assertThrows(IllegalArgumentException.class, () -> store.history(KEY, 0), "history(.., 0)");
        assertThrows(IllegalArgumentException.class, () -> store.history(KEY, -1), "history(.., -1)");
    }

    @Test
    void flagThatWasNeverWrittenHasNoHistory() throws Exception {
        FlagStore store = openStore();
        assertEquals(List.of(), store.history(KEY, 10), "history(..) of an untouched store");

        store.set(OTHER, "on", BY);

        assertEquals(List.of(), store.history(KEY, 10), "history(..) of a flag that was not written");
    }

    @Test
    void longHistoryIsToldWhole() throws Exception {
        FlagStore store = openStore();
        List<FlagWrite> writes = IntStream.range(0, MANY)
                .mapToObj(i -> set(i % 3 == 0 ? OTHER : KEY, LoadContract.word(i)))
                .toList();
        List<FlagRevision> made = new ArrayList<>(store.write(writes));

        made.removeIf(revision -> !revision.key().equals(KEY));
        Collections.reverse(made);

        assertEquals(made, store.history(KEY, MANY), "history(..)");
    }

    @Test
    void oddKeysAreToldApart() throws Exception {
        FlagStore store = openStore();
        for (String key : ODD_KEYS.stream().filter(server()::canHoldKey).toList()) {
            FlagRevision made = store.set(key, "off", BY);

            assertEquals(key, made.key(), "the key returned");
            assertEquals(List.of(made), store.history(key, 10), "history(..)");
            assertEquals(List.of(made), store.list(), "list()");

            store.clear(key, BY);
        }
    }

    /** By the letters' codes, as a text is compared, whatever the server's alphabet. */
    @Test
    void listIsSortedByKey() throws Exception {
        FlagStore store = openStore();
        List<String> sorted = List.of("outbox", "outbox-a", "outbox-b", "outbox1", "outboxa", "outboxaa", "outboxb");
        List<String> keys = new ArrayList<>(sorted);
        Collections.reverse(keys);
        store.write(keys.stream().map(key -> set(key, "on")).toList());
        store.clear("outbox-b", BY);
        store.set("outbox-b", "off", BY);

        assertEquals(sorted, store.list().stream().map(FlagRevision::key).toList(), "keys of list()");
    }

    @Test
    void historyOutlivesTheStoreThatWroteIt() throws Exception {
        FlagStore writer = openStore();
        FlagRevision set = writer.set(KEY, "off", BY);
        FlagRevision cleared = writer.clear(KEY, BY);
        writer.close();

        assertEquals(List.of(cleared, set), openStore().history(KEY, 10), "history(..)");
    }

    /** What an export reads, an import can write, the ends of values and what they cover included. */
    @Test
    void listCanBeWrittenAgain() throws Exception {
        FlagStore store = openStore();
        store.write(List.of(set(KEY, " On"), set(OTHER, "off"), set(THIRD, "yes")));
        store.set(KEY, "off", Duration.ofHours(1), BY);
        List<FlagRevision> exported = store.list();
        List<FlagRevision> cleared =
                store.write(exported.stream().map(flag -> clear(flag.key())).toList());
        Instant now = cleared.get(0).changedAt();

        store.write(
                exported.stream().flatMap(flag -> imports(flag, now).stream()).toList());

        assertEquals(texts(exported), texts(store.list()), "list()");
    }

    private static List<FlagWrite> imports(FlagRevision flag, Instant now) {
        FlagWrite set = set(flag.key(), Objects.requireNonNull(flag.value()));
        Instant end = flag.expiresAt();
        if (end == null) {
            return List.of(set);
        }
        FlagWrite boxed = set.lasting(Duration.between(now, end));
        String covered = flag.covered();
        return covered == null ? List.of(boxed) : List.of(set(flag.key(), covered), boxed);
    }

    private static List<List<Object>> texts(List<FlagRevision> flags) {
        return flags.stream()
                .map(flag -> List.<Object>of(
                        flag.key(),
                        String.valueOf(flag.value()),
                        flag.expiresAt() != null,
                        String.valueOf(flag.covered())))
                .toList();
    }
}
