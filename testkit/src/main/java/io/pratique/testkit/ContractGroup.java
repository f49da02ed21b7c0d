package io.pratique.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

/** A group of a contract's tests: the backend as the author gave it, and the sources that one test has opened. */
abstract class ContractGroup {

    /** A key that every backend can hold. */
    static final String KEY = "outbox-processing";

    private final FlagSourceContract contract;

    ContractGroup(FlagSourceContract contract) {
        this.contract = contract;
    }

    final FlagSourceContract contract() {
        return contract;
    }

    final FlagSource open() throws Exception {
        FlagSource source = contract.openSource();
        assertNotNull(source, "openSource() returned null");
        return contract.closedByTheSuite(source);
    }

    /** Follows a source's announcements until the test is over. */
    final Follower follow(FlagSource source) throws Exception {
        Follower follower = Follower.of(source, contract.patience());
        contract.closedByTheSuite(follower::end);
        return follower;
    }

    final void write(String key, String value) throws Exception {
        contract.write(Map.of(key, value));
    }

    final void remove(String key) throws Exception {
        contract.remove(key);
    }

    /** Loads, and looks whether all is there and nothing else. */
    static FlagSet assertLoads(Map<String, String> expected, FlagSource source) throws Exception {
        FlagSet loaded = source.load();
        assertHolds(expected, loaded, "load()");
        return loaded;
    }

    /** Looks whether all is there and nothing else. */
    static void assertHolds(Map<String, String> expected, FlagSet loaded, String subject) {
        assertNotNull(loaded, subject + " returned null");
        assertEquals("", SetDifference.between(expected, loaded), () -> subject + " differs from what was written");
    }

    /** Looks whether two sets are the same in all that a source says: texts, times, history. */
    static void assertAgree(FlagSet expected, FlagSet actual, String subject) {
        assertNotNull(actual, subject + " returned null");
        assertEquals("", SetDifference.between(expected, actual), () -> subject + " differs from load()");
        assertEquals(expected, actual, () -> subject + " differs from load() in more than the texts");
    }

    @AfterEach
    void closeAll() throws Exception {
        contract.closeAll();
    }
}
