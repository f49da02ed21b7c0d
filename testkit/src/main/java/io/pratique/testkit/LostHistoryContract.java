package io.pratique.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagSource;
import io.pratique.flags.spi.FlagStore;
import io.pratique.flags.spi.LostHistoryException;
import io.pratique.testkit.FlagStoreContract.Backup;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What becomes of readers whose server has forgotten what they saw: they say so, and believe it no more. */
class LostHistoryContract extends StoreGroup {

    LostHistoryContract(FlagStoreContract contract) {
        super(contract);
    }

    private static String assertLost(FlagSource reader, FlagSet seen, String what) {
        LostHistoryException lost =
                assertThrows(LostHistoryException.class, () -> reader.reload(seen), () -> "reload(..) after " + what);
        assertEquals(markOf(seen).epoch(), lost.lostEpoch(), "the epoch that is lost");
        return lost.lostEpoch();
    }

    /** Two flags, of which one is killed. */
    private FlagSet writeAndRead(FlagStore store, FlagSource reader) throws Exception {
        store.write(List.of(set(KEY, "off"), set(OTHER, "on")));
        return assertLoads(Map.of(KEY, "off", OTHER, "on"), reader);
    }

    @Test
    void wipedServerIsNotBelieved() throws Exception {
        FlagStore store = openStore();
        FlagSource reader = open();
        FlagSet seen = writeAndRead(store, reader);

        server().wipe();

        assertLost(reader, seen, "the server was wiped");
        assertLost(reader, seen, "the server was wiped, a second time");
        assertLost(open(), seen, "the server was wiped, by another source");
        assertEquals(List.of(), store.list(), "list()");
        assertEquals(List.of(), store.history(KEY, 10), "history(..)");
        assertNull(assertLoads(Map.of(), open()).historyMark(), "the mark of a wiped server");
    }

    @Test
    void wipedServerIsNotBelievedOnceSomebodyWrites() throws Exception {
        FlagStore store = openStore();
        FlagSource reader = open();
        FlagSet seen = writeAndRead(store, reader);
        server().wipe();

        // As many changes as were seen, and more: the sequence alone tells nothing.
        for (int i = 0; i < 4; i++) {
            store.set(THIRD, "off", BY);
            assertLost(reader, seen, (i + 1) + " changes on a wiped server");
        }
        assertNotEquals(markOf(seen).epoch(), markOf(open().load()).epoch(), "the epoch of a wiped server");
    }

    @Test
    void olderServerIsNotBelieved() throws Exception {
        FlagStore store = openStore();
        FlagSource reader = open();
        store.set(KEY, "on", BY);
        Backup backup = server().backUp();
        FlagSet seen = writeAndRead(store, reader);

        backup.restore();

        assertLost(reader, seen, "the server was restored from a backup");
        assertLoads(Map.of(KEY, "on"), open());
        for (int i = 0; i < 4; i++) {
            store.set(THIRD, "off", BY);
            assertLost(reader, seen, (i + 1) + " changes on a restored server");
        }
    }

    @Test
    void readerThatSawNoMoreThanTheBackupHoldsNoticesNothing() throws Exception {
        FlagStore store = openStore();
        FlagSource reader = open();
        FlagSet seen = writeAndRead(store, reader);
        Backup backup = server().backUp();
        store.set(KEY, "on", BY);

        backup.restore();

        assertSame(seen, reader.reload(seen), "reload(..) of what the backup holds");
        store.set(THIRD, "off", BY);
        assertReloadsAsFresh(reader, seen, "a change of a restored server");
    }

    @Test
    void serverThatCatchesUpIsBelieved() throws Exception {
        FlagStore store = openStore();
        FlagSource reader = open();
        store.set(KEY, "on", BY);
        Backup older = server().backUp();
        FlagSet seen = writeAndRead(store, reader);
        Backup newer = server().backUp();
        older.restore();
        assertLost(reader, seen, "the server fell behind");

        newer.restore();

        assertSame(seen, reader.reload(seen), "reload(..) once the server has caught up");
    }

    @Test
    void acceptedServerIsBelieved() throws Exception {
        FlagStore store = openStore();
        FlagSource reader = open();
        FlagSet seen = writeAndRead(store, reader);
        server().wipe();
        String lost = assertLost(reader, seen, "the server was wiped");

        store.accept("another-epoch", BY);
        assertLost(reader, seen, "another loss was accepted");
        store.accept(lost, BY);

        FlagSet accepted = reader.reload(seen);
        assertHolds(Map.of(), accepted, "reload(..) after the loss was accepted");
        assertSame(accepted, reader.reload(accepted), "reload(..) of an accepted set");
        store.set(THIRD, "off", BY);
        assertReloadsAsFresh(reader, accepted, "a change on an accepted server");
        assertReloadsAsFresh(open(), seen, "a change on an accepted server");
    }

    @Test
    void acceptedBackupIsBelieved() throws Exception {
        FlagStore store = openStore();
        FlagSource reader = open();
        store.set(KEY, "on", BY);
        Backup backup = server().backUp();
        FlagSet seen = writeAndRead(store, reader);
        backup.restore();
        store.set(THIRD, "off", BY);

        store.accept(assertLost(reader, seen, "the server was restored from a backup"), BY);

        FlagSet accepted = assertReloadsAsFresh(reader, seen, "the backup was accepted");
        assertHolds(Map.of(KEY, "on", THIRD, "off"), accepted, "reload(..) after the backup was accepted");
        store.clear(THIRD, BY);
        assertReloadsAsFresh(reader, accepted, "a change on an accepted server");
    }

    @Test
    void acceptingChangesNothingForReadersThatLostNothing() throws Exception {
        FlagStore store = openStore();
        FlagSource reader = open();
        FlagSet seen = writeAndRead(store, reader);

        store.accept("another-epoch", BY);
        assertAgree(seen, reader.reload(seen), "reload(..) after the loss of another history was accepted");
        store.accept(markOf(seen).epoch(), BY);

        FlagSet accepted = assertReloadsAsFresh(reader, seen, "the loss of this history was accepted");
        assertEquals(seen.entries(), accepted.entries(), "the flags");
        assertSame(accepted, reader.reload(accepted), "reload(..) of an accepted set");
    }

    @Test
    void secondLossIsNotCoveredByTheFirstAcceptance() throws Exception {
        FlagStore store = openStore();
        FlagSource reader = open();
        store.set(KEY, "on", BY);
        Backup backup = server().backUp();
        FlagSet seen = writeAndRead(store, reader);
        backup.restore();
        store.accept(assertLost(reader, seen, "the server was restored from a backup"), BY);
        Backup accepted = server().backUp();
        FlagSet first = reader.reload(seen);
        store.set(KEY, "off", BY);
        FlagSet second = reader.reload(first);

        accepted.restore();
        assertLost(reader, second, "the accepted server lost a change");
        assertSame(first, reader.reload(first), "reload(..) of what the accepted server still knows");
        backup.restore();
        assertLost(reader, second, "the server lost its acceptance, too");
        assertLost(reader, first, "the server lost its acceptance, too");
        server().wipe();
        assertLost(reader, second, "the accepted server was wiped");
    }

    @Test
    void serverWhereEveryFlagIsWrittenAgainIsBelieved() throws Exception {
        FlagStore store = openStore();
        FlagSource reader = open();
        FlagSet seen = writeAndRead(store, reader);
        server().wipe();

        store.set(KEY, "off", BY);
        assertLost(reader, seen, "one of two flags was written again");
        store.write(List.of(set(OTHER, "off"), set(THIRD, "on")));

        FlagSet again = assertReloadsAsFresh(reader, seen, "all flags were written again");
        assertSame(again, reader.reload(again), "reload(..) of flags that were written again");
    }

    @Test
    void clearedFlagDoesNotComeBackWithABackup() throws Exception {
        FlagStore store = openStore();
        FlagSource reader = open();
        store.set(THIRD, "on", BY);
        Backup backup = server().backUp();
        store.clear(THIRD, BY);
        FlagSet seen = writeAndRead(store, reader);
        backup.restore();

        store.write(List.of(set(KEY, "off"), set(OTHER, "on")));
        assertLost(reader, seen, "a flag that was cleared came back with a backup");
        store.clear(THIRD, BY);

        assertReloadsAsFresh(reader, seen, "all flags were written again");
    }

    @Test
    void flagThatWasTheLastToBeClearedDoesNotComeBackWithABackup() throws Exception {
        FlagStore store = openStore();
        FlagSource reader = open();
        store.set(KEY, "on", BY);
        Backup backup = server().backUp();
        store.clear(KEY, BY);
        FlagSet seen = assertLoads(Map.of(), reader);

        backup.restore();

        assertLost(reader, seen, "the server was restored from a backup, all flags having been cleared");
        store.set(KEY, "off", BY);
        assertReloadsAsFresh(reader, seen, "the only flag was written again");
    }

    @Test
    void readerThatSawNothingBelievesWhatItFinds() throws Exception {
        FlagStore store = openStore();
        FlagSource reader = open();
        FlagSet seen = writeAndRead(store, reader);
        server().wipe();
        assertLost(reader, seen, "the server was wiped");

        FlagSet fresh = assertLoads(Map.of(), open());
        store.set(THIRD, "on", BY);

        assertReloadsAsFresh(open(), fresh, "the first change on a wiped server");
    }

    @Test
    void killThatTheServerForgotStaysInForceUntilItIsAccepted() throws Exception {
        FlagStore store = openStore();
        FlagSet seen = writeAndRead(store, open());
        ClientView client = openPollingClient();
        server().wipe();

        client.poll();

        assertFalse(client.isEnabled(KEY), "killed before the server was wiped");
        assertNotNull(client.status().error(), "what the client says of its source");
        store.accept(markOf(seen).epoch(), BY);
        client.poll();
        client.awaitOn(KEY, "after the loss was accepted");
        assertNull(client.status().error(), "what the client says of its source after that");
    }
}
