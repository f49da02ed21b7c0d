package io.pratique.testkit;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagSource;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a source does whose backend is away: it throws, for an empty set would be believed, and heals by itself. */
class OutageContract extends ContractGroup {

    OutageContract(FlagSourceContract contract) {
        super(contract);
    }

    @Test
    void loadThrowsWhileTheBackendIsAway() throws Exception {
        write(KEY, "off");
        FlagSource source = open();
        assertLoads(Map.of(KEY, "off"), source);

        contract().takeBackendAway();

        assertThrows(Exception.class, source::load, "load() while the backend is away");
        assertThrows(Exception.class, source::load, "the second load() while the backend is away");
    }

    @Test
    void reloadThrowsWhileTheBackendIsAway() throws Exception {
        write(KEY, "off");
        FlagSource source = open();
        FlagSet before = source.load();

        contract().takeBackendAway();

        assertThrows(Exception.class, () -> source.reload(before), "reload(..) while the backend is away");
    }

    @Test
    void sourceLoadsAgainOnceTheBackendIsBack() throws Exception {
        write(KEY, "off");
        FlagSource source = open();
        assertLoads(Map.of(KEY, "off"), source);
        contract().takeBackendAway();
        assertThrows(Exception.class, source::load, "load() while the backend is away");

        contract().bringBackendBack();

        assertLoads(Map.of(KEY, "off"), source);
        write(KEY, "on");
        assertLoads(Map.of(KEY, "on"), source);
    }

    @Test
    void reloadGoesOnFromTheSetBeforeTheOutage() throws Exception {
        contract().write(Map.of(KEY, "off", "cleanup", "on"));
        FlagSource source = open();
        FlagSet before = source.load();
        contract().takeBackendAway();
        assertThrows(Exception.class, () -> source.reload(before), "reload(..) while the backend is away");

        contract().bringBackendBack();
        remove("cleanup");

        assertHolds(Map.of(KEY, "off"), source.reload(before), "reload(..) after the outage");
    }

    /** An application has to start while its backend is down. */
    @Test
    void sourceOpenedWhileTheBackendIsAwayHealsByItself() throws Exception {
        write(KEY, "off");
        contract().takeBackendAway();
        FlagSource source = open();
        assertThrows(Exception.class, source::load, "load() while the backend is away");

        contract().bringBackendBack();

        assertLoads(Map.of(KEY, "off"), source);
    }

    @Test
    void sourceCanBeClosedWhileTheBackendIsAway() throws Exception {
        FlagSource source = open();
        assertLoads(Map.of(), source);

        contract().takeBackendAway();

        assertDoesNotThrow(source::close, "close() while the backend is away");
    }

    /** Whether the announcement comes from the change or from the reconnect is all the same. */
    @Test
    void watchOutlivesTheOutage() throws Exception {
        assumeTrue(contract().announcesChanges(), "the source announces nothing");
        write(KEY, "off");
        FlagSource source = open();
        assertLoads(Map.of(KEY, "off"), source);
        Follower follower = follow(source);

        contract().takeBackendAway();
        contract().bringBackendBack();
        write(KEY, "on");

        follower.awaitSees(Map.of(KEY, "on"), "a change after an outage");
    }
}
