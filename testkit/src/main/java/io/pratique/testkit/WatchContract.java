package io.pratique.testkit;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pratique.flags.spi.FlagSource;
import io.pratique.flags.spi.Subscription;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is announced to whom. */
class WatchContract extends ContractGroup {

    WatchContract(FlagSourceContract contract) {
        super(contract);
    }

    @Test
    void newKeyIsAnnouncedAndTheNextLoadSeesIt() throws Exception {
        Follower follower = follow(openPushing());

        write(KEY, "off");

        follower.awaitSees(Map.of(KEY, "off"), "a new key");
    }

    @Test
    void changedTextIsAnnouncedAndTheNextLoadSeesIt() throws Exception {
        FlagSource source = openPushing();
        write(KEY, "off");
        assertLoads(Map.of(KEY, "off"), source);
        Follower follower = follow(source);

        write(KEY, "on");
        follower.awaitSees(Map.of(KEY, "on"), "a change of a text");

        write(KEY, "off");
        follower.awaitSees(Map.of(KEY, "off"), "a change back");
    }

    @Test
    void removalIsAnnouncedAndTheNextLoadSeesIt() throws Exception {
        FlagSource source = openPushing();
        contract().write(Map.of(KEY, "off", "cleanup", "on"));
        assertLoads(Map.of(KEY, "off", "cleanup", "on"), source);
        Follower follower = follow(source);

        remove(KEY);
        follower.awaitSees(Map.of("cleanup", "on"), "a removal");

        remove("cleanup");
        follower.awaitSees(Map.of(), "the removal of the last key");
    }

    @Test
    void severalWatchesAreAllTold() throws Exception {
        FlagSource source = openPushing();
        Announcements one = watch(source);
        Announcements other = watch(source);
        int before = other.count();

        write(KEY, "off");

        one.awaitMoreThan(0, "a change, to the first of two watches,");
        other.awaitMoreThan(before, "a change, to the second of two watches,");
    }

    @Test
    void closedWatchIsToldNothingAndOthersAre() throws Exception {
        FlagSource source = openPushing();
        Announcements left = new Announcements(contract().patience());
        Subscription leaving = source.watch(left);
        Announcements stayed = watch(source);
        writeAndAwait("off", stayed);

        leaving.close();

        // What was on its way while the watch was closed may still arrive with the first change.
        writeAndAwait("on", stayed);
        int told = left.count();
        writeAndAwait("off", stayed);
        writeAndAwait("on", stayed);
        assertEquals(told, left.count(), "announcements to a closed watch");
    }

    @Test
    void watchCanBeClosedTwice() throws Exception {
        FlagSource source = openPushing();
        Subscription subscription = source.watch(() -> {});

        subscription.close();

        assertDoesNotThrow(subscription::close, "the second close() of a watch");
    }

    /** Each watch has its own end, even where both have the same callback. */
    @Test
    void closingAWatchTwiceLeavesItsTwinAlone() throws Exception {
        FlagSource source = openPushing();
        Announcements shared = new Announcements(contract().patience());
        Subscription twin = source.watch(shared);
        assertNotNull(source.watch(shared), "watch(..) returned null");

        twin.close();
        twin.close();

        writeAndAwait("off", shared);
    }

    @Test
    void throwingCallbackHarmsNeitherItselfNorOthers() throws Exception {
        FlagSource source = openPushing();
        Announcements thrower = new Announcements(contract().patience());
        assertNotNull(
                source.watch(() -> {
                    thrower.run();
                    throw new IllegalStateException("thrown by a callback of the contract suite");
                }),
                "watch(..) returned null");
        Announcements other = watch(source);

        for (String text : new String[] {"off", "on", "off"}) {
            int before = thrower.count();
            writeAndAwait(text, other);
            thrower.awaitMoreThan(before, "a change, to a watch whose callback throws,");
            assertLoads(Map.of(KEY, text), source);
        }
    }

    @Test
    void closedSourceAnnouncesNothing() throws Exception {
        FlagSource source = openPushing();
        Announcements left = watch(source);
        Announcements stayed = watch(openPushing());
        writeAndAwait("off", stayed);

        source.close();

        // As above: what was on its way may still arrive with the first change.
        writeAndAwait("on", stayed);
        int told = left.count();
        writeAndAwait("off", stayed);
        writeAndAwait("on", stayed);
        assertEquals(told, left.count(), "announcements of a closed source");
    }

    @Test
    void watchCanBeClosedAfterItsSource() throws Exception {
        FlagSource source = openPushing();
        Subscription subscription = source.watch(() -> {});

        source.close();

        assertDoesNotThrow(subscription::close, "close() of a watch whose source is closed");
    }

    @Test
    void sourceThatAnnouncesNothingSaysSo() throws Exception {
        assumeFalse(contract().announcesChanges(), "the source announces changes");

        assertSame(Subscription.none(), open().watch(() -> {}), "watch(..) of a source without push");
    }

    /** A client watches after its first load. */
    private FlagSource openPushing() throws Exception {
        assumeTrue(contract().announcesChanges(), "the source announces nothing");
        FlagSource source = open();
        assertNotNull(source.load(), "load() returned null");
        return source;
    }

    private Announcements watch(FlagSource source) throws Exception {
        Announcements announcements = new Announcements(contract().patience());
        assertNotNull(source.watch(announcements), "watch(..) returned null");
        return announcements;
    }

    private void writeAndAwait(String text, Announcements announcements) throws Exception {
        int before = announcements.count();
        write(KEY, text);
        announcements.awaitMoreThan(before, "the change to \"" + text + "\"");
    }
}
