package io.pratique.testkit;

import io.pratique.flags.spi.Attribution;
import io.pratique.flags.spi.FlagRevision;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagStore;
import io.pratique.flags.spi.FlagStoreException;
import io.pratique.flags.spi.FlagWrite;
import io.pratique.flags.spi.HistoryMark;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;

/** What a store can get wrong when it is asked for its flags, their changes, or what has changed. */
final class TellingDefects {

    static final List<Defect<InMemoryFlagStore, FlagStore>> ALL = List.of(
            Defect.of(
                    "tells the oldest first",
                    tells((store, key, limit) -> {
                        List<FlagRevision> told = new ArrayList<>(store.store.history(key, limit));
                        Collections.reverse(told);
                        return told;
                    }),
                    "Telling.everyChangeOfAFlagIsToldNewestFirst",
                    "Telling.limitLeavesTheNewest",
                    "Telling.longHistoryIsToldWhole",
                    "Telling.historyOutlivesTheStoreThatWroteIt"),
            Defect.of(
                    "tells no clearings",
                    tells((store, key, limit) -> store.store.history(key, limit).stream()
                            .filter(revision -> revision.value() != null)
                            .toList()),
                    "Telling.everyChangeOfAFlagIsToldNewestFirst",
                    "Writing.absentFlagIsClearedLikeAnyOther"),
            Defect.of(
                    "tells more than it is asked for",
                    tells((store, key, limit) -> {
                        if (limit < 1) {
                            throw new IllegalArgumentException("limit");
                        }
                        return store.store.history(key, 1_000);
                    }),
                    "Telling.limitLeavesTheNewest"),
            Defect.of(
                    "takes any limit",
                    tells((store, key, limit) -> limit < 1 ? List.of() : store.store.history(key, limit)),
                    "Telling.limitBelowOneIsRefused"),
            Defect.of(
                    "has no answer for absent flags",
                    tells((store, key, limit) -> {
                        List<FlagRevision> told = store.store.history(key, limit);
                        Objects.checkIndex(0, told.size());
                        return told;
                    }),
                    "Telling.flagThatWasNeverWrittenHasNoHistory"),
            Defect.of(
                    "tells one page",
                    tells((store, key, limit) -> store.store.history(key, Math.min(limit, 1_000))),
                    "Telling.longHistoryIsToldWhole"),
            Defect.of(
                    "takes a key for a pattern",
                    tells((store, key, limit) -> store.store.history(key.replace("_", "%"), limit)),
                    "Telling.oddKeysAreToldApart"),
            Defect.of(
                    "folds case of keys when asked",
                    tells((store, key, limit) -> store.store.history(key.toLowerCase(Locale.ROOT), limit)),
                    "Telling.oddKeysAreToldApart"),
            Defect.of(
                    "remembers what it wrote itself",
                    server -> new WrappedStore(server) {
                        private final Set<Long> own = new HashSet<>();

                        @Override
                        public List<FlagRevision> write(List<FlagWrite> writes) {
                            List<FlagRevision> made = super.write(writes);
                            made.forEach(revision -> own.add(revision.version()));
                            return made;
                        }

                        @Override
                        public List<FlagRevision> history(String key, int limit) {
                            return super.history(key, limit).stream()
                                    .filter(revision -> own.contains(revision.version()))
                                    .toList();
                        }
                    },
                    "Telling.historyOutlivesTheStoreThatWroteIt",
                    "Telling.everyChangeOfAFlagIsToldNewestFirst"),
            Defect.of(
                    "sorts as a dictionary does",
                    lists(flags -> flags.stream()
                            .sorted(Comparator.comparing(flag -> flag.key().replace("-", "")))
                            .toList()),
                    "Telling.listIsSortedByKey"),
            Defect.of(
                    "lists one page",
                    lists(flags -> flags.stream().limit(1_000).toList()),
                    "Polling.tenThousandFlagsAreWrittenListedAndPolled"),
            Defect.of(
                    "reads all each time",
                    reloads((store, previous) -> store.store.load()),
                    "Polling.unchangedStoreHasThePreviousSetReturned",
                    "Polling.setThatWasReloadedIsReturnedAgainToo",
                    "TimeBoxes.unchangedBoxIsNoNews"),
            Defect.of(
                    "forgets no cleared flag",
                    reloads((store, previous) -> {
                        FlagSet.Builder union = previous.toBuilder();
                        FlagSet now = store.store.load();
                        now.entries().forEach(union::put);
                        return now.historyMark() == null
                                ? union.build()
                                : union.historyMark(now.historyMark()).build();
                    }),
                    "Polling.everyKindOfChangeIsDelivered"),
            Defect.of(
                    "passes over all but the first change",
                    reloads((store, previous) -> {
                        FlagSet now = store.store.reload(previous);
                        HistoryMark from = previous.historyMark();
                        HistoryMark to = now.historyMark();
                        return from != null && to != null && to.sequence() > from.sequence() + 1
                                ? previous.toBuilder().historyMark(to).build()
                                : now;
                    }),
                    "Polling.everyKindOfChangeIsDelivered",
                    "Polling.changesOfManyPollsAgoAreDelivered",
                    "Racing.readersSeeEveryChangeAndNoneByHalf"),
            Defect.of(
                    "marks with the number of flags",
                    server -> new WrappedStore(server) {
                        @Override
                        public FlagSet load() throws IOException {
                            FlagSet set = store.load();
                            HistoryMark mark = set.historyMark();
                            return mark == null ? set : marked(set, mark);
                        }

                        @Override
                        public FlagSet reload(FlagSet previous) throws IOException {
                            return load();
                        }

                        private FlagSet marked(FlagSet set, HistoryMark mark) {
                            return set.toBuilder()
                                    .historyMark(new HistoryMark(
                                            mark.epoch(), set.entries().size(), mark.id(), mark.changedAt()))
                                    .build();
                        }
                    },
                    "Polling.markIsOfTheLastChange"),
            Defect.of(
                    "throws what its driver throws",
                    server -> new WrappedStore(server) {
                        @Override
                        public List<FlagRevision> write(List<FlagWrite> writes) {
                            try {
                                return super.write(writes);
                            } catch (FlagStoreException e) {
                                throw new IllegalStateException("connection refused", e);
                            }
                        }
                    },
                    "Refusing.storeOutOfReachThrows",
                    "Refusing.storeOpenedWhileTheServerIsAwayWorksLater"),
            Defect.of(
                    "lists nothing in an outage",
                    server -> new WrappedStore(server) {
                        @Override
                        public List<FlagRevision> list() {
                            try {
                                return super.list();
                            } catch (FlagStoreException e) {
                                return List.of();
                            }
                        }
                    },
                    "Refusing.storeOutOfReachThrows",
                    "Refusing.storeWorksAgainOnceTheServerIsBack"),
            Defect.of(
                    "connects when it is made",
                    server -> {
                        WrappedStore store = new WrappedStore(server);
                        store.list();
                        return store;
                    },
                    "Refusing.storeOpenedWhileTheServerIsAwayWorksLater"),
            Defect.of(
                    "writes after close",
                    server -> new WrappedStore(server) {
                        @Override
                        public void close() {
                            // Nothing comes of it.
                        }
                    },
                    "Refusing.closedStoreThrows",
                    "Refusing.storeThatWasNeverUsedThrowsOnceClosed"),
            Defect.of(
                    "accepts anything",
                    server -> new WrappedStore(server) {
                        @Override
                        public void accept(String lostEpoch, Attribution by) {
                            if (!lostEpoch.isBlank()) {
                                super.accept(lostEpoch.substring(0, Math.min(100, lostEpoch.length())), by);
                            }
                        }
                    },
                    "Refusing.epochThatCannotBeOneIsRefused"));

    private TellingDefects() {}

    /** A history of its own making. */
    @FunctionalInterface
    private interface Telling {
        List<FlagRevision> tell(WrappedStore store, String key, int limit);
    }

    private static Defect.Factory<InMemoryFlagStore, FlagStore> tells(Telling damaged) {
        return server -> new WrappedStore(server) {
            @Override
            public List<FlagRevision> history(String key, int limit) {
                return damaged.tell(this, key, limit);
            }
        };
    }

    private static Defect.Factory<InMemoryFlagStore, FlagStore> lists(UnaryOperator<List<FlagRevision>> damage) {
        return server -> new WrappedStore(server) {
            @Override
            public List<FlagRevision> list() {
                return damage.apply(super.list());
            }
        };
    }

    /** A reload of its own making. */
    @FunctionalInterface
    interface Reloading {
        FlagSet reload(WrappedStore store, FlagSet previous) throws Exception;
    }

    static Defect.Factory<InMemoryFlagStore, FlagStore> reloads(Reloading damaged) {
        return server -> new WrappedStore(server) {
            @Override
            public FlagSet reload(FlagSet previous) throws Exception {
                return damaged.reload(this, previous);
            }
        };
    }
}
