package io.pratique.testkit;

import static io.pratique.testkit.TellingDefects.reloads;

import io.pratique.flags.spi.Attribution;
import io.pratique.flags.spi.FlagRevision;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagStore;
import io.pratique.flags.spi.FlagWrite;
import io.pratique.flags.spi.LostHistoryException;
import io.pratique.flags.spi.Subscription;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/** What a store can get wrong about push, and about a server that has lost its history. */
final class ServerDefects {

    static final List<Defect<InMemoryFlagStore, FlagStore>> ALL = List.of(
            Defect.of(
                    "announces no changes",
                    server -> new WrappedStore(server) {
                        @Override
                        public Subscription watch(Runnable changed) {
                            return super.watch(() -> {});
                        }
                    },
                    "Pushing.everyKindOfChangeReachesEveryClient",
                    "Pushing.noChangeIsMissedWhilePushIsCutAgainAndAgain"),
            Defect.of("announces no reconnect", SilentReconnect::new, "Pushing.changeWhilePushIsCutReachesEveryClient"),
            Defect.of(
                    "loses its watches with its connection",
                    LostWatches::new,
                    "Pushing.changesAfterACutReachEveryClient"),
            Defect.of(
                    "believes what it finds",
                    lost((store, previous, lost) -> store.load()),
                    "LosingHistory.wipedServerIsNotBelieved",
                    "LosingHistory.killThatTheServerForgotStaysInForceUntilItIsAccepted"),
            Defect.of(
                    "believes a wiped server that was written to",
                    lost((store, previous, lost) -> {
                        FlagSet found = store.load();
                        if (found.historyMark() == null) {
                            throw lost;
                        }
                        return found;
                    }),
                    "LosingHistory.wipedServerIsNotBelievedOnceSomebodyWrites"),
            Defect.of(
                    "looks at the epoch alone",
                    lost((store, previous, lost) -> {
                        FlagSet found = store.load();
                        if (found.historyMark() != null
                                && found.historyMark().epoch().equals(lost.lostEpoch())) {
                            return found;
                        }
                        throw lost;
                    }),
                    "LosingHistory.olderServerIsNotBelieved"),
            Defect.of(
                    "knows the newest change alone",
                    reloads((store, previous) -> {
                        FlagSet found = store.load();
                        return Objects.equals(found.historyMark(), previous.historyMark())
                                ? previous
                                : found.following(previous, false, Set.of());
                    }),
                    "LosingHistory.readerThatSawNoMoreThanTheBackupHoldsNoticesNothing"),
            Defect.of(
                    "asks for no more than the flags seen",
                    lost((store, previous, lost) -> {
                        FlagSet found = store.load();
                        if (found.entries()
                                .keySet()
                                .containsAll(previous.entries().keySet())) {
                            return found;
                        }
                        throw lost;
                    }),
                    "LosingHistory.clearedFlagDoesNotComeBackWithABackup"),
            Defect.of(
                    "has nothing to lose without flags",
                    lost((store, previous, lost) -> {
                        if (previous.entries().isEmpty()) {
                            return store.load();
                        }
                        throw lost;
                    }),
                    "LosingHistory.flagThatWasTheLastToBeClearedDoesNotComeBackWithABackup"),
            Defect.of("never believes again", Unforgiving::new, "LosingHistory.serverThatCatchesUpIsBelieved"),
            Defect.of(
                    "accepts nothing",
                    server -> new WrappedStore(server) {
                        @Override
                        public void accept(String lostEpoch, Attribution by) {
                            // Nothing comes of it.
                        }
                    },
                    "LosingHistory.acceptedServerIsBelieved",
                    "LosingHistory.acceptedBackupIsBelieved",
                    "LosingHistory.killThatTheServerForgotStaysInForceUntilItIsAccepted"),
            Defect.of(
                    "accepts with an empty hand",
                    server -> new WrappedStore(server) {
                        @Override
                        public void accept(String lostEpoch, Attribution by) {
                            store.wipe();
                            super.accept(lostEpoch, by);
                        }
                    },
                    "LosingHistory.acceptedBackupIsBelieved",
                    "LosingHistory.acceptingChangesNothingForReadersThatLostNothing"),
            Defect.of(
                    "accepts once and for all",
                    AcceptsForAll::new,
                    "LosingHistory.secondLossIsNotCoveredByTheFirstAcceptance"),
            Defect.of(
                    "wants to be asked each time",
                    server -> new WrappedStore(server) {
                        @Override
                        public FlagSet reload(FlagSet previous) throws Exception {
                            FlagSet found = super.reload(previous);
                            if (previous.historyMark() != null
                                    && !previous.historyMark()
                                            .epoch()
                                            .equals(found.historyMark().epoch())) {
                                return FlagSet.empty().following(previous, false, Set.of());
                            }
                            return found;
                        }
                    },
                    "LosingHistory.serverWhereEveryFlagIsWrittenAgainIsBelieved"),
            Defect.of(
                    "misses a mark",
                    reloads((store, previous) -> {
                        Objects.requireNonNull(previous.historyMark(), "mark");
                        return store.store.reload(previous);
                    }),
                    "LosingHistory.readerThatSawNothingBelievesWhatItFinds"));

    private ServerDefects() {}

    /** What is made of a loss instead of throwing it. */
    @FunctionalInterface
    private interface Loss {
        FlagSet of(WrappedStore store, FlagSet previous, LostHistoryException lost) throws Exception;
    }

    private static Defect.Factory<InMemoryFlagStore, FlagStore> lost(Loss loss) {
        return reloads((store, previous) -> {
            try {
                return store.store.reload(previous);
            } catch (LostHistoryException lost) {
                return loss.of(store, previous, lost);
            }
        });
    }

    /** Announcements come on the writer's thread here; what comes on another one is a reconnect. */
    private static class AwareOfReconnects extends WrappedStore {

        private static final ThreadLocal<Boolean> WRITING = ThreadLocal.withInitial(() -> false);

        AwareOfReconnects(InMemoryFlagStore server) {
            super(server);
        }

        @Override
        public List<FlagRevision> write(List<FlagWrite> writes) {
            WRITING.set(true);
            try {
                return super.write(writes);
            } finally {
                WRITING.remove();
            }
        }

        static boolean reconnected() {
            return !WRITING.get();
        }
    }

    private static final class SilentReconnect extends AwareOfReconnects {

        SilentReconnect(InMemoryFlagStore server) {
            super(server);
        }

        @Override
        public Subscription watch(Runnable changed) {
            return super.watch(() -> {
                if (!reconnected()) {
                    changed.run();
                }
            });
        }
    }

    private static final class LostWatches extends AwareOfReconnects {

        LostWatches(InMemoryFlagStore server) {
            super(server);
        }

        @Override
        public Subscription watch(Runnable changed) {
            AtomicReference<Subscription> watch = new AtomicReference<>(Subscription.none());
            watch.set(super.watch(() -> {
                changed.run();
                if (reconnected()) {
                    watch.get().close();
                }
            }));
            return watch.get();
        }
    }

    private static final class Unforgiving extends WrappedStore {

        private boolean deceived;

        Unforgiving(InMemoryFlagStore server) {
            super(server);
        }

        @Override
        public FlagSet reload(FlagSet previous) throws Exception {
            if (deceived) {
                return FlagSet.empty().following(previous, false, Set.of());
            }
            try {
                return super.reload(previous);
            } catch (LostHistoryException lost) {
                deceived = true;
                throw lost;
            }
        }
    }

    /** Believes whatever comes after a history that it was once told to give up. */
    private static final class AcceptsForAll extends WrappedStore {

        private final Set<String> left = new HashSet<>();

        AcceptsForAll(InMemoryFlagStore server) {
            super(server);
        }

        @Override
        public FlagSet reload(FlagSet previous) throws Exception {
            FlagSet found;
            try {
                found = super.reload(previous);
            } catch (LostHistoryException lost) {
                if (left.isEmpty()) {
                    throw lost;
                }
                return load();
            }
            String before = epoch(previous);
            if (before != null && !before.equals(epoch(found))) {
                left.add(before);
            }
            return found;
        }

        private static String epoch(FlagSet set) {
            return set.historyMark() == null ? null : set.historyMark().epoch();
        }
    }
}
