package io.pratique.testkit;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pratique.flags.spi.Attribution;
import io.pratique.flags.spi.FlagEntry;
import io.pratique.flags.spi.FlagRevision;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagSource;
import io.pratique.flags.spi.FlagStore;
import io.pratique.flags.spi.FlagWrite;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What several do at once: no change is lost, made twice, seen by half or passed over by a reader. */
class RaceContract extends StoreGroup {

    private static final int WRITERS = 16;
    private static final int ROUNDS = 5;

    /** Always written together, with one text. */
    private static final List<String> TOGETHER =
            IntStream.range(0, 8).mapToObj(i -> "together-" + i).toList();

    RaceContract(FlagStoreContract contract) {
        super(contract);
    }

    /** Two, as processes are: a store must not rely on a lock of its own. */
    private List<FlagStore> openStores() throws Exception {
        return List.of(openStore(), openStore());
    }

    private static FlagStore storeOf(int number, List<FlagStore> stores) {
        return stores.get(number % stores.size());
    }

    /** Each change names the version that it was made of: in the history, that has to be the one before it. */
    @Test
    void changesOfAnExpectedVersionLoseNoneBefore() throws Exception {
        List<FlagStore> stores = openStores();
        stores.get(0).set(KEY, "on", BY);

        Race.of(WRITERS, number -> changeWhatIsThere(storeOf(number, stores)));

        List<FlagRevision> history = stores.get(0).history(KEY, 1_000);
        assertEquals(WRITERS * ROUNDS + 1, history.size(), "changes in the history");
        for (int i = 0; i + 1 < history.size(); i++) {
            assertEquals(
                    "after " + history.get(i + 1).version(), history.get(i).by().reason(), "a change was made");
        }
    }

    private static int changeWhatIsThere(FlagStore store) {
        int made = 0;
        while (made < ROUNDS) {
            long seen = newest(store, KEY).version();
            Attribution by = Attribution.of("a writer", "after " + seen);
            made += store.compareAndSet(KEY, seen, "off", by).isPresent() ? 1 : 0;
        }
        return made;
    }

    @Test
    void oneOfManyWinsEachVersion() throws Exception {
        List<FlagStore> stores = openStores();
        FlagRevision latest = stores.get(0).set(KEY, "on", BY);
        for (int round = 0; round < ROUNDS; round++) {
            long version = latest.version();
            List<FlagRevision> winners =
                    Race.of(WRITERS, number -> storeOf(number, stores).compareAndSet(KEY, version, "off", BY)).stream()
                            .flatMap(made -> made.stream())
                            .toList();
            latest = newest(stores.get(0), KEY);
            assertEquals(List.of(latest), winners, "changes made of version " + version);
        }
    }

    /** In either order of the flags, which is how two who lock one by one wait for each other. */
    @Test
    void oneOfManyWinsAnAbsentFlagAndAnotherTogether() throws Exception {
        List<FlagStore> stores = openStores();
        FlagRevision other = stores.get(0).set(OTHER, "on", BY);
        FlagWrite first = set(KEY, "off").ifVersion(0);
        FlagWrite second = set(OTHER, "off").ifVersion(other.version());

        List<FlagRevision> made = Race.of(
                        WRITERS,
                        number -> storeOf(number, stores)
                                .write(number % 2 == 0 ? List.of(first, second) : List.of(second, first)))
                .stream()
                .flatMap(List::stream)
                .toList();

        assertEquals(2, made.size(), "changes made");
        assertEquals(made.size(), stores.get(0).list().size(), "flags in list()");
        assertEquals(Set.copyOf(made), Set.copyOf(stores.get(0).list()), "list()");
    }

    @Test
    void everyChangeIsToldOnceAndInOrder() throws Exception {
        List<FlagStore> stores = openStores();

        List<List<FlagRevision>> made =
                Race.of(WRITERS, number -> writeAllKinds("own-" + number, storeOf(number, stores)));

        made.forEach(RaceContract::assertAscending);
        List<FlagRevision> all = made.stream()
                .flatMap(List::stream)
                .sorted(Comparator.comparingLong(FlagRevision::version).reversed())
                .toList();
        assertEquals(
                all.size(),
                all.stream().map(FlagRevision::version).collect(toSet()).size(),
                "versions");
        all.stream()
                .collect(groupingBy(FlagRevision::key))
                .forEach((key, changes) ->
                        assertEquals(changes, stores.get(0).history(key, 1_000), "history(..) of \"" + key + "\""));
    }

    private static List<FlagRevision> writeAllKinds(String own, FlagStore store) {
        List<FlagRevision> made = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            made.add(store.set(own, "on", BY));
            made.add(store.set(KEY, "off", BY));
            made.addAll(store.write(List.of(set(KEY, "on"), clear(own), set(OTHER, "off"))));
            made.add(store.clear(KEY, BY));
        }
        return made;
    }

    private static void assertAscending(List<FlagRevision> changes) {
        List<Long> versions = changes.stream().map(FlagRevision::version).toList();
        assertEquals(
                versions.stream().sorted().toList(), versions, "versions in the order in which one writer made them");
    }

    /** Polls all the while: a change that commits after one with a higher version is easily passed over. */
    @Test
    void readersSeeEveryChangeAndNoneByHalf() throws Exception {
        List<FlagStore> stores = openStores();
        stores.get(0).set(KEY, "on", BY);
        List<FlagSource> readers = List.of(open(), open());
        List<FlagSet> before = List.of(readers.get(0).load(), readers.get(1).load());
        AtomicInteger writing = new AtomicInteger(WRITERS);

        List<FlagSet> seen = Race.of(WRITERS + readers.size(), number -> {
            if (number >= WRITERS) {
                int reader = number - WRITERS;
                return pollWhile(writing, readers.get(reader), before.get(reader));
            }
            try {
                writeTogetherAndAlone(number, storeOf(number, stores));
            } finally {
                writing.decrementAndGet();
            }
            return FlagSet.empty();
        });

        FlagSet expected = open().load();
        seen.subList(WRITERS, seen.size()).forEach(set -> assertAgree(expected, set, "the last of many reload(..)"));
    }

    private static void writeTogetherAndAlone(int number, FlagStore store) {
        for (int round = 0; round < ROUNDS; round++) {
            String text = LoadContract.word(number * ROUNDS + round);
            store.write(TOGETHER.stream().map(key -> set(key, text)).toList());
            store.set("alone-" + number, text, BY);
        }
    }

    /** Goes on from a set to what a poll sees that begins after the last change. */
    private static FlagSet pollWhile(AtomicInteger writing, FlagSource reader, FlagSet before) throws Exception {
        FlagSet set = before;
        boolean last;
        do {
            last = writing.get() == 0;
            FlagSet next = reader.reload(set);
            assertTogether(next);
            assertTrue(markOf(next).sequence() >= markOf(set).sequence(), "a poll went back in the history");
            set = next;
        } while (!last);
        return set;
    }

    private static void assertTogether(FlagSet set) {
        Map<String, FlagEntry> entries = set.entries();
        Set<String> texts = TOGETHER.stream()
                .map(key -> {
                    FlagEntry entry = entries.get(key);
                    return entry == null ? "absent" : entry.value();
                })
                .collect(toSet());
        assertEquals(1, texts.size(), () -> "flags that are always written together were read as " + texts);
        assertNotNull(entries.get(KEY), "a flag that nobody changes");
    }
}
