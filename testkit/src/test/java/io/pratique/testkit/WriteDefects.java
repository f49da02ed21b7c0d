package io.pratique.testkit;

import io.pratique.flags.spi.Attribution;
import io.pratique.flags.spi.FlagEntry;
import io.pratique.flags.spi.FlagRevision;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagStore;
import io.pratique.flags.spi.FlagText;
import io.pratique.flags.spi.FlagWrite;
import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** What a store can get wrong when it writes. */
final class WriteDefects {

    static final List<Defect<InMemoryFlagStore, FlagStore>> ALL = List.of(
            Defect.of(
                    "takes its own time for the server's",
                    writes((store, writes) -> store.store.write(writes).stream()
                            .map(made -> at(Instant.EPOCH, made))
                            .toList()),
                    "Writing.changeIsReturnedAsItIsKept",
                    "Racing.everyChangeIsToldOnceAndInOrder"),
            Defect.of(
                    "tells readers no times",
                    server -> new WrappedStore(server) {
                        @Override
                        public FlagSet load() throws IOException {
                            FlagSet.Builder timeless = FlagSet.builder();
                            FlagSet set = store.load();
                            set.entries()
                                    .forEach((key, entry) ->
                                            timeless.put(key, new FlagEntry(entry.value(), null, entry.timeBox())));
                            return set.historyMark() == null
                                    ? timeless.build()
                                    : timeless.historyMark(set.historyMark()).build();
                        }
                    },
                    "Writing.readersAreToldTheTimeOfTheChange",
                    "LosingHistory.serverWhereEveryFlagIsWrittenAgainIsBelieved"),
            Defect.of(
                    "keeps what a text means",
                    each(write -> write.value() == null
                            ? write
                            : WrappedStore.withValue(
                                    write, Boolean.TRUE.equals(FlagText.parse(write.value())) ? "on" : "off")),
                    "Writing.textsAreKeptAsTheyAreWritten",
                    "TimeBoxes.boxCoversWhatWasSetForGood"),
            Defect.of(
                    "cuts reasons",
                    each(write -> WrappedStore.by(write, cut(write.by()))),
                    "Writing.actorAndReasonAreKept"),
            Defect.of(
                    "trims actors",
                    each(write -> WrappedStore.by(
                            write,
                            Attribution.of(
                                    write.by().actor().strip(), write.by().reason()))),
                    "Writing.actorAndReasonAreKept"),
            Defect.of(
                    "lists cleared flags",
                    server -> new WrappedStore(server) {
                        private final Map<String, FlagRevision> written = new LinkedHashMap<>();

                        @Override
                        public List<FlagRevision> write(List<FlagWrite> writes) {
                            List<FlagRevision> made = super.write(writes);
                            made.forEach(revision -> written.put(revision.key(), revision));
                            return made;
                        }

                        @Override
                        public List<FlagRevision> list() {
                            return written.isEmpty() ? super.list() : List.copyOf(written.values());
                        }
                    },
                    "Writing.clearedFlagIsAbsentForEveryReader"),
            Defect.of(
                    "clears no absent flag",
                    writes((store, writes) -> {
                        List<FlagWrite> needed = writes.stream()
                                .filter(write -> write.value() != null
                                        || store.current(write.key()).isPresent())
                                .toList();
                        return needed.isEmpty()
                                ? List.of(new FlagRevision(
                                        writes.get(0).key(),
                                        1,
                                        null,
                                        null,
                                        null,
                                        Instant.EPOCH,
                                        writes.get(0).by()))
                                : store.store.write(needed);
                    }),
                    "Writing.absentFlagIsClearedLikeAnyOther"),
            Defect.of(
                    "counts the versions of each flag",
                    writes((store, writes) -> store.store.write(writes).stream()
                            .map(made -> of(store.history(made.key(), 100).size(), made))
                            .toList()),
                    "Writing.eachChangeHasALaterVersionThanAllBefore"),
            Defect.of(
                    "sorts what it writes",
                    writes((store, writes) -> store.store.write(writes.stream()
                            .sorted(Comparator.comparing(FlagWrite::key))
                            .toList())),
                    "Writing.manyChangesAreReturnedInTheirOrder"),
            Defect.of(
                    "takes the first of several",
                    writes((store, writes) -> {
                        Map<String, FlagWrite> first = new LinkedHashMap<>();
                        writes.forEach(write -> first.putIfAbsent(write.key(), write));
                        return store.store.write(List.copyOf(first.values()));
                    }),
                    "Writing.lastOfSeveralChangesOfAFlagCounts",
                    "TimeBoxes.boxCoversWhatTheSameWriteHasSet"),
            Defect.of(
                    "has nothing to do",
                    writes((store, writes) -> writes.isEmpty() ? List.of() : store.store.write(writes)),
                    "Writing.nothingToWriteIsRefused"),
            Defect.of(
                    "compares with the whole store's version",
                    writes((store, writes) -> {
                        long latest = store.list().stream()
                                .mapToLong(FlagRevision::version)
                                .max()
                                .orElse(0);
                        boolean expected = writes.stream()
                                .allMatch(write -> write.ifVersion() == null
                                        || write.ifVersion() == 0
                                        || write.ifVersion() >= latest);
                        return expected ? store.store.write(writes) : List.of();
                    }),
                    "Comparing.allVersionsExpectedHaveAllChangesMade"),
            Defect.of(
                    "never finds the version expected",
                    writes((store, writes) ->
                            writes.stream().anyMatch(write -> write.ifVersion() != null && write.ifVersion() > 0)
                                    ? List.of()
                                    : store.store.write(writes)),
                    "Comparing.flagOfTheVersionSeenIsSet"),
            Defect.of(
                    "compares nothing",
                    each(WrappedStore::withoutVersion),
                    "Comparing.flagOfAnotherVersionIsLeftAsItIs",
                    "Comparing.clearedFlagHasVersionZero",
                    "Racing.oneOfManyWinsEachVersion"),
            Defect.of(
                    "takes zero for any version",
                    each(write ->
                            Long.valueOf(0).equals(write.ifVersion()) ? WrappedStore.withoutVersion(write) : write),
                    "Comparing.absentFlagHasVersionZero"),
            Defect.of(
                    "compares with a clearing's version",
                    writes((store, writes) -> {
                        boolean expected = writes.stream()
                                .allMatch(write -> write.ifVersion() == null
                                        || write.ifVersion()
                                                == store.history(write.key(), 1).stream()
                                                        .mapToLong(FlagRevision::version)
                                                        .sum());
                        return expected
                                ? store.store.write(writes.stream()
                                        .map(WrappedStore::withoutVersion)
                                        .toList())
                                : List.of();
                    }),
                    "Comparing.clearedFlagHasVersionZero"),
            Defect.of(
                    "compares with what the same write has made",
                    writes((store, writes) -> {
                        Map<String, FlagWrite> before = new LinkedHashMap<>();
                        boolean expected = writes.stream().allMatch(write -> {
                            FlagWrite earlier = before.put(write.key(), write);
                            return earlier == null
                                    || write.ifVersion() == null
                                    || (earlier.value() == null && write.ifVersion() == 0);
                        });
                        return expected ? store.store.write(writes) : List.of();
                    }),
                    "Comparing.versionsAreThoseBeforeTheWrite"),
            Defect.of(
                    "clears whatever is there",
                    each(write -> write.value() == null ? WrappedStore.withoutVersion(write) : write),
                    "Comparing.clearingExpectsAVersionToo"));

    private WriteDefects() {}

    static Defect.Factory<InMemoryFlagStore, FlagStore> writes(
            BiFunction<WrappedStore, List<FlagWrite>, List<FlagRevision>> damaged) {
        return server -> new WrappedStore(server) {
            @Override
            public List<FlagRevision> write(List<FlagWrite> writes) {
                return damaged.apply(this, writes);
            }
        };
    }

    private static Defect.Factory<InMemoryFlagStore, FlagStore> each(UnaryOperator<FlagWrite> damage) {
        return writes(
                (store, writes) -> store.store.write(writes.stream().map(damage).toList()));
    }

    private static Attribution cut(Attribution by) {
        return Attribution.of(
                by.actor(), by.reason().substring(0, Math.min(255, by.reason().length())));
    }

    private static FlagRevision at(Instant time, FlagRevision made) {
        return new FlagRevision(
                made.key(), made.version(), made.value(), made.expiresAt(), made.covered(), time, made.by());
    }

    private static FlagRevision of(long version, FlagRevision made) {
        return new FlagRevision(
                made.key(), version, made.value(), made.expiresAt(), made.covered(), made.changedAt(), made.by());
    }
}
