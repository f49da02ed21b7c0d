package io.pratique.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pratique.flags.spi.FlagEntry;
import io.pratique.flags.spi.FlagRevision;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagSource;
import io.pratique.flags.spi.FlagStore;
import io.pratique.flags.spi.TimeBox;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What ends by itself: at its time, at every reader, and what lies beneath it is as it was. */
class TimeBoxContract extends StoreGroup {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration MOMENT = Duration.ofMillis(20);
    private static final Duration LONGEST = Duration.ofDays(36_525);

    TimeBoxContract(FlagStoreContract contract) {
        super(contract);
    }

    @Test
    void boxCoversWhatWasSetForGood() throws Exception {
        FlagStore store = openStore();
        store.set(KEY, " Yes", BY);

        FlagRevision box = store.set(KEY, "off", HOUR, BY);

        assertEquals("off", box.value());
        assertEquals(" Yes", box.covered(), "what the box covers");
        assertEquals(List.of(box), store.list(), "list()");
        Instant end = Objects.requireNonNull(box.expiresAt(), "the end of the box");
        // Two readings of one clock, the server's: between them lies the change.
        assertEquals(60, Duration.between(box.changedAt(), end).plusSeconds(30).toMinutes(), "minutes to the end");
        assertDelivers("off", " Yes", open().load());
    }

    @Test
    void reloadDeliversABoxAndItsEndByAnotherChange() throws Exception {
        FlagStore store = openStore();
        FlagSource reader = open();
        store.set(KEY, "on", BY);
        FlagSet before = reader.load();

        store.set(KEY, "off", HOUR, BY);
        FlagSet boxed = reader.reload(before);
        assertDelivers("off", "on", boxed);

        store.set(KEY, "off", BY);
        FlagEntry entry = entryOf(reader.reload(boxed));
        assertNull(entry.timeBox(), "the time box of a value that was set for good");
    }

    @Test
    void unchangedBoxIsNoNews() throws Exception {
        FlagStore store = openStore();
        FlagSource reader = open();
        store.set(KEY, "off", HOUR, BY);
        FlagSet before = reader.load();
        store.set(OTHER, "on", BY);

        FlagSet after = reader.reload(before);

        assertHolds(Map.of(KEY, "off", OTHER, "on"), after, "reload(..)");
        assertSame(entryOf(before), entryOf(after), "another instance would have readers count down anew");
    }

    @Test
    void boxOverABoxKeepsWhatWasSetForGood() throws Exception {
        FlagStore store = openStore();
        store.set(KEY, "on", BY);
        store.set(KEY, "off", HOUR, BY);

        assertEquals("on", store.set(KEY, "no", HOUR, BY).covered(), "what the second box covers");
        assertEquals("on", store.set(KEY, "yes", HOUR, BY).covered(), "what the third box covers");
    }

    @Test
    void boxOfAnAbsentFlagCoversNothing() throws Exception {
        FlagStore store = openStore();

        assertNull(store.set(KEY, "off", HOUR, BY).covered(), "what a box covers that is the first change");
        assertNull(store.set(KEY, "no", HOUR, BY).covered(), "what a second box covers");
        assertDelivers("no", null, open().load());
    }

    @Test
    void clearingTakesTheBoxAndWhatItCovers() throws Exception {
        FlagStore store = openStore();
        store.set(KEY, "on", BY);
        store.set(KEY, "off", HOUR, BY);

        store.clear(KEY, BY);

        assertEquals(List.of(), store.list(), "list()");
        assertLoads(Map.of(), open());
        assertNull(store.set(KEY, "off", HOUR, BY).covered(), "what a box of a cleared flag covers");
    }

    @Test
    void valueForGoodTakesThePlaceOfTheBox() throws Exception {
        FlagStore store = openStore();
        store.set(KEY, "on", BY);
        store.set(KEY, "off", HOUR, BY);

        FlagRevision made = store.set(KEY, "no", BY);

        assertNull(made.expiresAt(), "the end of a value that was set for good");
        assertNull(made.covered(), "what a value covers that was set for good");
        assertEquals("no", store.set(KEY, "off", HOUR, BY).covered(), "what the next box covers");
    }

    /** As a command that sets a flag and kills it for an hour may say it. */
    @Test
    void boxCoversWhatTheSameWriteHasSet() throws Exception {
        List<FlagRevision> made =
                openStore().write(List.of(set(KEY, "on"), set(KEY, "off").lasting(HOUR)));

        assertEquals("on", made.get(1).covered(), "what the box covers");
        assertDelivers("off", "on", open().load());
    }

    @Test
    void boxOfAnExpectedVersionIsComparedLikeAnyOther() throws Exception {
        FlagStore store = openStore();
        FlagRevision seen = store.set(KEY, "on", BY);

        assertEquals(
                List.of(), store.write(List.of(set(KEY, "off").lasting(HOUR).ifVersion(0))));
        assertEquals(
                1,
                store.write(List.of(set(KEY, "off").lasting(HOUR).ifVersion(seen.version())))
                        .size());
    }

    @Test
    void boxEndsByItselfAtEveryReader() throws Exception {
        FlagStore store = openStore();
        writeKillAndItsOpposite(store);
        List<ClientView> clients = List.of(openPollingClient(), openPollingClient());
        store.close();

        for (ClientView client : clients) {
            assertEnds(client);
        }
    }

    @Test
    void boxEndsWhileTheServerIsAway() throws Exception {
        writeKillAndItsOpposite(openStore());
        ClientView client = openPollingClient();

        server().takeBackendAway();
        client.poll();

        assertEnds(client);
    }

    private static void writeKillAndItsOpposite(FlagStore store) {
        store.write(List.of(set(KEY, "on"), set(OTHER, "off")));
        store.write(List.of(set(KEY, "off").lasting(HOUR), set(OTHER, "on").lasting(HOUR)));
    }

    private static void assertEnds(ClientView client) throws InterruptedException {
        assertFalse(client.isEnabled(KEY), "killed for an hour, of which nothing has passed");
        assertTrue(client.isEnabled(OTHER), "on for an hour, of which nothing has passed");

        client.advance(HOUR);

        client.awaitOn(KEY, "after an hour");
        client.awaitOff(OTHER, "after an hour");
    }

    /** The server does nothing when the time comes, and need not: readers that come later can tell by themselves. */
    @Test
    void boxThatHasEndedIsStillToldAndCoversWhatItDid() throws Exception {
        FlagStore store = openStore();
        store.set(KEY, "on", BY);
        FlagRevision box = store.set(KEY, "off", MOMENT, BY);
        awaitEnd(store);

        assertTrue(openPollingClient().isEnabled(KEY), "after the end");
        assertEquals(List.of(box), store.list(), "list()");
        assertEquals(
                1,
                store.write(List.of(set(KEY, "off").lasting(HOUR).ifVersion(box.version())))
                        .size(),
                "changes made of the version of the box");
        assertDelivers("off", "on", store.load());
    }

    @Test
    void flagIsAbsentOnceABoxOverNothingHasEnded() throws Exception {
        FlagStore store = openStore();
        store.set(KEY, "off", MOMENT, BY);
        awaitEnd(store);

        assertEquals(List.of(), store.list(), "list()");
        assertTrue(store.compareAndSet(KEY, 0, "off", BY).isPresent(), "version 0 of an absent flag");
    }

    @Test
    void shortestBoxEndsAndLongestDoesNot() throws Exception {
        FlagStore store = openStore();
        store.set(KEY, "off", Duration.ofNanos(1), BY);
        awaitEnd(store);

        FlagRevision longest = store.set(KEY, "off", LONGEST, BY);

        assertNull(longest.covered(), "what the longest box covers");
        assertFalse(openPollingClient().isEnabled(KEY), "killed for a hundred years");
    }

    /** Waits by asking the server for its time, since no other clock is like it. */
    private static void awaitEnd(FlagStore store) throws Exception {
        while (!boxOf(entryOf(store.load())).left().isNegative()) {
            if (Thread.interrupted()) {
                throw new InterruptedException("a box of " + MOMENT + " has not ended");
            }
        }
    }

    private static void assertDelivers(String value, @Nullable String covered, FlagSet set) {
        FlagEntry entry = entryOf(set);
        assertEquals(value, entry.value(), "the text delivered");
        TimeBox box = boxOf(entry);
        assertEquals(covered, box.covered(), "what is delivered as covered");
        assertTrue(box.left().compareTo(HOUR) <= 0, () -> "left of an hour are " + box.left());
        assertEquals(60, box.left().plusSeconds(30).toMinutes(), "minutes left of an hour that has just begun");
    }

    private static FlagEntry entryOf(FlagSet set) {
        FlagEntry entry = set.entries().get(KEY);
        assertNotNull(entry, "\"" + KEY + "\" in the set");
        return Objects.requireNonNull(entry);
    }

    private static TimeBox boxOf(FlagEntry entry) {
        TimeBox box = entry.timeBox();
        assertNotNull(box, "the time box of the entry");
        return Objects.requireNonNull(box);
    }
}
