package io.pratique.testkit;

import io.pratique.flags.spi.FlagEntry;
import io.pratique.flags.spi.FlagRevision;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagStore;
import io.pratique.flags.spi.FlagWrite;
import io.pratique.flags.spi.TimeBox;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What a store can get wrong about values that end. */
final class TimeBoxDefects {

    static final List<Defect<InMemoryFlagStore, FlagStore>> ALL = List.of(
            Defect.of(
                    "covers nothing",
                    loads(entry -> entry.ending(left(entry), null)),
                    "TimeBoxes.boxCoversWhatWasSetForGood",
                    "TimeBoxes.boxEndsByItselfAtEveryReader",
                    "TimeBoxes.boxEndsWhileTheServerIsAway"),
            Defect.of(
                    "keeps the end to itself",
                    loads(entry -> FlagEntry.of(entry.value())),
                    "TimeBoxes.boxCoversWhatWasSetForGood",
                    "TimeBoxes.boxEndsByItselfAtEveryReader",
                    "TimeBoxes.boxEndsWhileTheServerIsAway"),
            Defect.of(
                    "reloads no ends",
                    server -> new WrappedStore(server) {
                        @Override
                        public FlagSet reload(FlagSet previous) throws Exception {
                            return boxesAs(entry -> FlagEntry.of(entry.value()), super.reload(previous));
                        }
                    },
                    "TimeBoxes.reloadDeliversABoxAndItsEndByAnotherChange"),
            Defect.of(
                    "counts down anew with each poll",
                    server -> new WrappedStore(server) {
                        @Override
                        public FlagSet reload(FlagSet previous) throws Exception {
                            return boxesAs(entry -> entry.ending(left(entry), null), super.reload(previous));
                        }
                    },
                    "TimeBoxes.unchangedBoxIsNoNews"),
            Defect.of(
                    "covers the box before",
                    boxes((store, write) -> store.current(write.key())
                            .filter(flag -> flag.expiresAt() != null)
                            .map(flag -> WrappedStore.withValue(good(write), flag.value()))),
                    "TimeBoxes.boxOverABoxKeepsWhatWasSetForGood",
                    "TimeBoxes.boxOfAnAbsentFlagCoversNothing"),
            Defect.of(
                    "covers an absent flag with on",
                    boxes((store, write) -> store.current(write.key()).isPresent()
                            ? Optional.empty()
                            : Optional.of(WrappedStore.withValue(good(write), "on"))),
                    "TimeBoxes.boxOfAnAbsentFlagCoversNothing",
                    "TimeBoxes.clearingTakesTheBoxAndWhatItCovers",
                    "TimeBoxes.shortestBoxEndsAndLongestDoesNot"),
            Defect.of(
                    "clears the box alone",
                    each((store, write) -> store.current(write.key())
                            .map(FlagRevision::covered)
                            .filter(covered -> write.value() == null)
                            .map(covered -> WrappedStore.withValue(write, covered))
                            .orElse(write)),
                    "TimeBoxes.clearingTakesTheBoxAndWhatItCovers"),
            Defect.of(
                    "sets beneath the box",
                    each((store, write) -> store.current(write.key())
                            .filter(flag ->
                                    flag.expiresAt() != null && write.value() != null && write.lasting() == null)
                            .map(flag -> write.lasting(Duration.ofHours(1)))
                            .orElse(write)),
                    "TimeBoxes.valueForGoodTakesThePlaceOfTheBox",
                    "TimeBoxes.reloadDeliversABoxAndItsEndByAnotherChange"),
            Defect.of(
                    "writes ends before the rest",
                    server -> new WrappedStore(server) {
                        @Override
                        public List<FlagRevision> write(List<FlagWrite> writes) {
                            List<FlagWrite> sorted = new ArrayList<>(writes);
                            sorted.sort(
                                    (one, other) -> Boolean.compare(one.lasting() == null, other.lasting() == null));
                            return super.write(sorted);
                        }
                    },
                    "TimeBoxes.boxCoversWhatTheSameWriteHasSet",
                    "Telling.listCanBeWrittenAgain"),
            Defect.of(
                    "boxes whatever is there",
                    each((store, write) -> write.lasting() == null ? write : WrappedStore.withoutVersion(write)),
                    "TimeBoxes.boxOfAnExpectedVersionIsComparedLikeAnyOther"),
            Defect.of(
                    "forgets what has ended",
                    server -> new WrappedStore(server) {
                        @Override
                        public FlagSet load() throws IOException {
                            FlagSet set = store.load();
                            FlagSet.Builder inForce = set.toBuilder();
                            set.entries().forEach((key, entry) -> {
                                if (entry.timeBox() != null && left(entry).compareTo(Duration.ofMillis(1)) < 0) {
                                    inForce.remove(key);
                                }
                            });
                            return inForce.build();
                        }
                    },
                    "TimeBoxes.boxThatHasEndedIsStillToldAndCoversWhatItDid",
                    "TimeBoxes.shortestBoxEndsAndLongestDoesNot"),
            Defect.of(
                    "lists what has ended",
                    server -> new WrappedStore(server) {
                        @Override
                        public List<FlagRevision> list() {
                            return super.list().isEmpty() ? store.history(ContractGroup.KEY, 1) : super.list();
                        }
                    },
                    "TimeBoxes.flagIsAbsentOnceABoxOverNothingHasEnded"),
            Defect.of(
                    "counts in whole milliseconds",
                    each((store, write) -> {
                        Duration lasting = write.lasting();
                        return lasting == null
                                ? write
                                : write.lasting(Duration.ofMillis(lasting.toMillis() % Integer.MAX_VALUE));
                    }),
                    "TimeBoxes.shortestBoxEndsAndLongestDoesNot"));

    private TimeBoxDefects() {}

    private static Duration left(FlagEntry entry) {
        TimeBox box = entry.timeBox();
        return box == null ? Duration.ZERO : box.left();
    }

    private static FlagWrite good(FlagWrite write) {
        return new FlagWrite(write.key(), write.value(), null, null, write.by());
    }

    private static FlagSet boxesAs(UnaryOperator<FlagEntry> damage, FlagSet set) {
        FlagSet.Builder damaged = set.toBuilder();
        for (Map.Entry<String, FlagEntry> entry : set.entries().entrySet()) {
            if (entry.getValue().timeBox() != null) {
                damaged.put(entry.getKey(), damage.apply(entry.getValue()));
            }
        }
        return damaged.build();
    }

    private static Defect.Factory<InMemoryFlagStore, FlagStore> loads(UnaryOperator<FlagEntry> damage) {
        return server -> new WrappedStore(server) {
            @Override
            public FlagSet load() throws IOException {
                return boxesAs(damage, store.load());
            }
        };
    }

    /** What is written in place of a change, or before it. */
    @FunctionalInterface
    private interface Damage<T> {
        T of(WrappedStore store, FlagWrite write);
    }

    private static Defect.Factory<InMemoryFlagStore, FlagStore> each(Damage<FlagWrite> damage) {
        return server -> new WrappedStore(server) {
            @Override
            public List<FlagRevision> write(List<FlagWrite> writes) {
                return super.write(
                        writes.stream().map(write -> damage.of(this, write)).toList());
            }
        };
    }

    /** Writes something for good beneath each box. */
    private static Defect.Factory<InMemoryFlagStore, FlagStore> boxes(Damage<Optional<FlagWrite>> beneath) {
        return server -> new WrappedStore(server) {
            @Override
            public List<FlagRevision> write(List<FlagWrite> writes) {
                for (FlagWrite write : writes) {
                    if (write.lasting() != null) {
                        beneath.of(this, write).ifPresent(under -> super.write(List.of(under)));
                    }
                }
                return super.write(writes);
            }
        };
    }
}
