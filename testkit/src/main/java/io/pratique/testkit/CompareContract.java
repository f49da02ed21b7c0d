package io.pratique.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pratique.flags.spi.FlagRevision;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagSource;
import io.pratique.flags.spi.FlagStore;
import io.pratique.flags.spi.FlagWrite;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a change does that expects a version: it is made of that version, or not at all. */
class CompareContract extends StoreGroup {

    CompareContract(FlagStoreContract contract) {
        super(contract);
    }

    @Test
    void flagOfTheVersionSeenIsSet() throws Exception {
        FlagStore store = openStore();
        FlagRevision seen = store.set(KEY, "on", BY);

        Optional<FlagRevision> made = openStore().compareAndSet(KEY, seen.version(), "off", BY);

        assertEquals(Optional.of(newest(store, KEY)), made, "what was made of it");
        assertEquals("off", newest(store, KEY).value());
    }

    @Test
    void flagOfAnotherVersionIsLeftAsItIs() throws Exception {
        FlagStore store = openStore();
        FlagRevision older = store.set(KEY, "on", BY);
        FlagRevision newest = store.set(KEY, "off", BY);
        FlagRevision other = store.set(OTHER, "off", BY);

        for (long version : new long[] {0, older.version(), other.version(), other.version() + 1, Long.MAX_VALUE}) {
            assertEquals(Optional.empty(), store.compareAndSet(KEY, version, "on", BY), "of version " + version);
        }
        assertEquals(List.of(newest, older), store.history(KEY, 10), "history(..)");
    }

    @Test
    void absentFlagHasVersionZero() throws Exception {
        FlagStore store = openStore();

        assertEquals(Optional.empty(), store.compareAndSet(KEY, 1, "off", BY), "version 1 of an absent flag");
        assertTrue(store.compareAndSet(KEY, 0, "off", BY).isPresent(), "version 0 of an absent flag");
        assertEquals(Optional.empty(), store.compareAndSet(KEY, 0, "off", BY), "version 0 of a flag that is there");
    }

    @Test
    void clearedFlagHasVersionZero() throws Exception {
        FlagStore store = openStore();
        FlagRevision set = store.set(KEY, "on", BY);
        FlagRevision cleared = store.clear(KEY, BY);

        assertEquals(Optional.empty(), store.compareAndSet(KEY, set.version(), "off", BY), "as it was before");
        assertEquals(Optional.empty(), store.compareAndSet(KEY, cleared.version(), "off", BY), "of the clearing");
        assertTrue(store.compareAndSet(KEY, 0, "off", BY).isPresent(), "version 0 of a cleared flag");
    }

    @Test
    void clearingExpectsAVersionToo() throws Exception {
        FlagStore store = openStore();
        FlagRevision seen = store.set(KEY, "on", BY);
        FlagWrite clearing = clear(KEY).ifVersion(seen.version());

        assertEquals(1, store.write(List.of(clearing)).size(), "of the version seen");
        assertEquals(List.of(), store.write(List.of(clearing)), "of a flag that is cleared by now");
        assertEquals(2, store.history(KEY, 10).size(), "changes made");
    }

    @Test
    void oneUnexpectedVersionKeepsAllChangesFromBeingMade() throws Exception {
        FlagStore store = openStore();
        FlagSource reader = open();
        FlagRevision seen = store.set(KEY, "on", BY);
        store.set(OTHER, "on", BY);
        List<FlagRevision> before = store.list();
        FlagSet read = reader.load();

        List<FlagRevision> made = store.write(List.of(
                set(THIRD, "off"),
                set(KEY, "off").ifVersion(seen.version()),
                clear(OTHER).ifVersion(0)));

        assertEquals(List.of(), made, "what was made");
        assertEquals(before, store.list(), "list()");
        assertEquals(List.of(), store.history(THIRD, 10), "history(..) of a flag that was not written");
        assertSame(read, reader.reload(read), "reload(..)");
    }

    @Test
    void allVersionsExpectedHaveAllChangesMade() throws Exception {
        FlagStore store = openStore();
        FlagRevision seen = store.set(KEY, "on", BY);
        FlagRevision other = store.set(OTHER, "on", BY);

        List<FlagRevision> made = store.write(List.of(
                set(KEY, "off").ifVersion(seen.version()),
                clear(OTHER).ifVersion(other.version()),
                set(THIRD, "off").ifVersion(0)));

        assertEquals(3, made.size(), "changes made");
        assertEquals(List.of(made.get(0), made.get(2)), store.list(), "list()");
    }

    @Test
    void versionsAreThoseBeforeTheWrite() throws Exception {
        FlagStore store = openStore();

        List<FlagRevision> made =
                store.write(List.of(set(KEY, "on").ifVersion(0), set(KEY, "off").ifVersion(0)));

        assertEquals(2, made.size(), "changes made of version 0");
        long version = made.get(1).version();
        assertEquals(
                List.of(),
                store.write(
                        List.of(clear(KEY).ifVersion(version), set(KEY, "off").ifVersion(0))),
                "version 0 of a flag that the same write would clear");
    }
}
