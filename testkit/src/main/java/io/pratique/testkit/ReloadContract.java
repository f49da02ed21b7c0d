package io.pratique.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagSource;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a reload delivers: the same as a load would, whatever the set before. */
class ReloadContract extends ContractGroup {

    ReloadContract(FlagSourceContract contract) {
        super(contract);
    }

    @Test
    void unchangedBackendAgreesWithLoad() throws Exception {
        contract().write(Map.of(KEY, "off", "cleanup", "on"));
        FlagSource source = open();
        FlagSet before = source.load();

        assertReloads(Map.of(KEY, "off", "cleanup", "on"), source, before);
    }

    @Test
    void newKeyIsPresentAndOthersStay() throws Exception {
        write(KEY, "off");
        FlagSource source = open();
        FlagSet before = source.load();

        write("cleanup", "on");

        assertReloads(Map.of(KEY, "off", "cleanup", "on"), source, before);
    }

    @Test
    void changedTextIsDelivered() throws Exception {
        write(KEY, "off");
        FlagSource source = open();
        FlagSet before = source.load();

        write(KEY, "on");

        assertReloads(Map.of(KEY, "on"), source, before);
    }

    @Test
    void removedKeyIsAbsent() throws Exception {
        contract().write(Map.of(KEY, "off", "cleanup", "on"));
        FlagSource source = open();
        FlagSet before = source.load();

        remove(KEY);

        assertReloads(Map.of("cleanup", "on"), source, before);
    }

    @Test
    void removalOfTheLastKeyIsAnEmptySet() throws Exception {
        write(KEY, "off");
        FlagSource source = open();
        FlagSet before = source.load();

        remove(KEY);

        assertReloads(Map.of(), source, before);
    }

    @Test
    void firstKeyAfterAnEmptySetIsPresent() throws Exception {
        FlagSource source = open();
        FlagSet before = source.load();

        write(KEY, "off");

        assertReloads(Map.of(KEY, "off"), source, before);
    }

    /** Back to the first text: a change that a comparison of texts with an older set would miss. */
    @Test
    void eachReloadGoesOnFromTheOneBefore() throws Exception {
        FlagSource source = open();
        FlagSet latest = source.load();
        write(KEY, "off");
        latest = assertReloads(Map.of(KEY, "off"), source, latest);
        write("cleanup", "on");
        latest = assertReloads(Map.of(KEY, "off", "cleanup", "on"), source, latest);
        latest = assertReloads(Map.of(KEY, "off", "cleanup", "on"), source, latest);
        remove(KEY);
        latest = assertReloads(Map.of("cleanup", "on"), source, latest);
        write(KEY, "off");
        latest = assertReloads(Map.of(KEY, "off", "cleanup", "on"), source, latest);
        remove("cleanup");
        write(KEY, "on");
        assertReloads(Map.of(KEY, "on"), source, latest);
    }

    @Test
    void severalChangesBetweenTwoReloadsAreAllDelivered() throws Exception {
        contract().write(Map.of(KEY, "off", "cleanup", "on", "voice-retry", "on"));
        FlagSource source = open();
        FlagSet before = source.load();

        write(KEY, "on");
        write(KEY, "off");
        remove("cleanup");
        remove("voice-retry");
        write("voice-retry", "off");
        write("webhook-processing", "on");

        assertReloads(Map.of(KEY, "off", "voice-retry", "off", "webhook-processing", "on"), source, before);
    }

    /** A snapshot file hands the set of an earlier process to a new source. */
    @Test
    void setWithAHistoryMarkServesAnotherSource() throws Exception {
        contract().write(Map.of(KEY, "off", "cleanup", "on"));
        FlagSource earlier = open();
        FlagSet before = earlier.load();
        assumeTrue(before.historyMark() != null, "the source keeps no history");
        earlier.close();

        remove(KEY);
        write("cleanup", "off");

        assertReloads(Map.of("cleanup", "off"), open(), before);
    }

    /** Compares with the load of another source, so that the one under test sees reloads alone. */
    private FlagSet assertReloads(Map<String, String> expected, FlagSource source, FlagSet before) throws Exception {
        FlagSet reloaded = source.reload(before);
        assertHolds(expected, reloaded, "reload(..)");
        assertAgree(open().load(), reloaded, "reload(..)");
        return reloaded;
    }
}
