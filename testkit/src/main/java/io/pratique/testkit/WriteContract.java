package io.pratique.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pratique.flags.spi.Attribution;
import io.pratique.flags.spi.FlagEntry;
import io.pratique.flags.spi.FlagRevision;
import io.pratique.flags.spi.FlagStore;
import io.pratique.flags.spi.FlagWrite;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a change does: all that was given is kept, for every reader, and each change comes after those before. */
class WriteContract extends StoreGroup {

    private static final List<String> ODD_ATTRIBUTIONS = List.of(
            "  ada  ",
            "Zo\u00eb",
            "\u0438\u043d\u0446\u0438\u0434\u0435\u043d\u0442",
            "\u969c\u5bb3",
            "\ud83d\udea2",
            "'; DROP TABLE pratique_flag; --",
            "\"quoted\" \\ 100% $1 {0} ${x}",
            "a|b:c,d=e",
            "two\nlines\tand a tab\r\n",
            "\u0001\u001b[31m\u007f",
            "w".repeat(200));

    WriteContract(FlagStoreContract contract) {
        super(contract);
    }

    @Test
    void changeIsReturnedAsItIsKept() throws Exception {
        FlagStore store = openStore();

        FlagRevision made = store.set(KEY, "off", BY);

        assertEquals(KEY, made.key());
        assertEquals("off", made.value());
        assertNull(made.expiresAt(), "the end of a value that was set for good");
        assertNull(made.covered(), "what a value covers that was set for good");
        assertEquals(BY, made.by());
        assertTrue(made.version() > 0, "the version of a flag that is there is above 0");
        assertEquals(List.of(made), openStore().list(), "list()");
        assertEquals(List.of(made), openStore().history(KEY, 10), "history(..)");
    }

    @Test
    void readersAreToldTheTimeOfTheChange() throws Exception {
        FlagRevision made = openStore().set(KEY, "off", BY);

        FlagEntry entry = assertLoads(Map.of(KEY, "off"), open()).entries().get(KEY);

        assertNotNull(entry);
        assertEquals(made.changedAt(), entry.changedAt(), "the time of the change");
    }

    @Test
    void textsAreKeptAsTheyAreWritten() throws Exception {
        FlagStore store = openStore();
        for (String text : List.of("OFF", "True", " off ", "\ton\n", "0", "disabled")) {
            if (server().canHoldValue(text)) {
                assertEquals(text, store.set(KEY, text, BY).value(), "the text returned");
                assertEquals(text, newest(store, KEY).value(), "the text in the history");
                assertEquals(text, store.list().get(0).value(), "the text in the list");
            }
        }
    }

    @Test
    void actorAndReasonAreKept() throws Exception {
        FlagStore store = openStore();
        for (String text : ODD_ATTRIBUTIONS) {
            if (server().canHoldAttribution(text)) {
                assertKeeps(Attribution.of(text, "a reason"), store);
                assertKeeps(Attribution.of("an actor", text), store);
            }
        }
        assertKeeps(Attribution.of("an actor", "r".repeat(1_000)), store);
    }

    private static void assertKeeps(Attribution by, FlagStore store) {
        store.set(KEY, "off", by);
        assertEquals(by, newest(store, KEY).by(), "actor and reason of a value");
        store.clear(KEY, by);
        assertEquals(by, newest(store, KEY).by(), "actor and reason of a clearing");
    }

    @Test
    void clearedFlagIsAbsentForEveryReader() throws Exception {
        FlagStore store = openStore();
        store.write(List.of(set(KEY, "off"), set(OTHER, "on")));

        FlagRevision made = store.clear(KEY, BY);

        assertNull(made.value(), "the value of a clearing");
        assertEquals(List.of(OTHER), keys(store.list()), "keys of list()");
        assertLoads(Map.of(OTHER, "on"), open());
    }

    @Test
    void absentFlagIsClearedLikeAnyOther() throws Exception {
        FlagStore store = openStore();

        FlagRevision made = store.clear(KEY, BY);

        assertEquals(List.of(made), store.history(KEY, 10), "history(..)");
        assertEquals(List.of(), store.list(), "list()");
        assertLoads(Map.of(), open());
    }

    @Test
    void eachChangeHasALaterVersionThanAllBefore() throws Exception {
        FlagStore one = openStore();
        FlagStore other = openStore();
        List<FlagRevision> made = new ArrayList<>();
        made.add(one.set(KEY, "off", BY));
        made.add(other.set(OTHER, "off", BY));
        made.add(one.set(KEY, "off", BY));
        made.add(other.clear(KEY, BY));
        made.add(other.clear(KEY, BY));
        made.addAll(one.write(List.of(set(KEY, "on"), set(THIRD, "on"), clear(OTHER), set(KEY, "off"))));
        made.add(other.set(THIRD, "off", BY));

        List<Long> versions = made.stream().map(FlagRevision::version).toList();

        assertEquals(versions.stream().sorted().distinct().toList(), versions, "versions in the order of the changes");
    }

    @Test
    void manyChangesAreReturnedInTheirOrder() throws Exception {
        FlagStore store = openStore();

        List<FlagRevision> made = store.write(List.of(set(THIRD, "on"), clear(OTHER), set(KEY, "off")));

        assertEquals(List.of(THIRD, OTHER, KEY), keys(made), "keys returned");
        assertEquals(List.of(made.get(2), made.get(0)), store.list(), "list()");
        assertLoads(Map.of(THIRD, "on", KEY, "off"), open());
    }

    @Test
    void lastOfSeveralChangesOfAFlagCounts() throws Exception {
        FlagStore store = openStore();

        List<FlagRevision> made =
                store.write(List.of(set(KEY, "on"), set(OTHER, "on"), clear(OTHER), set(KEY, "off"), set(KEY, "no")));

        assertEquals(List.of(made.get(4)), store.list(), "list()");
        assertEquals(List.of(made.get(4), made.get(3), made.get(0)), store.history(KEY, 10), "history(..)");
        assertLoads(Map.of(KEY, "no"), open());
    }

    @Test
    void nothingToWriteIsRefused() throws Exception {
        FlagStore store = openStore();
        List<FlagWrite> nothing = List.of();

        assertThrows(IllegalArgumentException.class, () -> store.write(nothing), "write(..) of nothing");
    }

    private static List<String> keys(List<FlagRevision> revisions) {
        return revisions.stream().map(FlagRevision::key).toList();
    }
}
