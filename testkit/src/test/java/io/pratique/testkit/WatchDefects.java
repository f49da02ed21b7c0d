package io.pratique.testkit;

import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagSource;
import io.pratique.flags.spi.Subscription;
import io.pratique.testkit.MemoryBackend.Kind;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/** What a watch can get wrong. */
final class WatchDefects {

    static final List<Defect<MemoryBackend, FlagSource>> ALL = List.of(
            Defect.of(
                    "announces nothing",
                    announces(kind -> false),
                    "Watching.newKeyIsAnnouncedAndTheNextLoadSeesIt",
                    "Watching.severalWatchesAreAllTold",
                    "Outages.watchOutlivesTheOutage"),
            Defect.of(
                    "announces no replaced texts",
                    announces(kind -> kind != Kind.REPLACED),
                    "Watching.changedTextIsAnnouncedAndTheNextLoadSeesIt"),
            Defect.of(
                    "announces no removals",
                    announces(kind -> kind != Kind.REMOVED),
                    "Watching.removalIsAnnouncedAndTheNextLoadSeesIt"),
            Defect.of(
                    "reads a replica that lags",
                    backend -> new MemorySource(backend) {
                        private FlagSet latest = FlagSet.empty();

                        @Override
                        public synchronized FlagSet load() throws IOException {
                            FlagSet delivered = latest;
                            latest = super.load();
                            return delivered;
                        }
                    },
                    "Watching.newKeyIsAnnouncedAndTheNextLoadSeesIt",
                    "Watching.changedTextIsAnnouncedAndTheNextLoadSeesIt",
                    "Watching.removalIsAnnouncedAndTheNextLoadSeesIt"),
            Defect.of(
                    "tells the first watch only",
                    backend -> new MemorySource(backend) {
                        @Override
                        void announce(Kind kind) {
                            watches.stream().findFirst().ifPresent(this::tell);
                        }
                    },
                    "Watching.severalWatchesAreAllTold"),
            Defect.of(
                    "never ends a watch",
                    backend -> new MemorySource(backend) {
                        @Override
                        public Subscription watch(Runnable changed) throws IOException {
                            super.watch(changed);
                            return () -> {};
                        }
                    },
                    "Watching.closedWatchIsToldNothingAndOthersAre"),
            Defect.of(
                    "ends all watches with one",
                    backend -> new MemorySource(backend) {
                        @Override
                        public Subscription watch(Runnable changed) throws IOException {
                            super.watch(changed);
                            return watches::clear;
                        }
                    },
                    "Watching.closedWatchIsToldNothingAndOthersAre"),
            Defect.of(
                    "ends a watch once only",
                    backend -> new MemorySource(backend) {
                        @Override
                        public Subscription watch(Runnable changed) throws IOException {
                            Subscription watch = super.watch(changed);
                            AtomicBoolean ended = new AtomicBoolean();
                            return () -> {
                                if (ended.getAndSet(true)) {
                                    throw new IllegalStateException("not watching");
                                }
                                watch.close();
                            };
                        }
                    },
                    "Watching.watchCanBeClosedTwice"),
            Defect.of(
                    "takes the callback for the watch",
                    backend -> new MemorySource(backend) {
                        @Override
                        public Subscription watch(Runnable changed) throws IOException {
                            super.watch(changed);
                            return () -> watches.removeIf(watch -> watch.changed() == changed);
                        }
                    },
                    "Watching.closingAWatchTwiceLeavesItsTwinAlone"),
            Defect.of(
                    "ends with a throwing callback",
                    backend -> new MemorySource(backend) {
                        private volatile boolean broken;

                        @Override
                        void announce(Kind kind) {
                            if (!broken) {
                                super.announce(kind);
                            }
                        }

                        @Override
                        void tell(Watch watch) {
                            try {
                                watch.changed().run();
                            } catch (RuntimeException thrown) {
                                broken = true;
                            }
                        }
                    },
                    "Watching.throwingCallbackHarmsNeitherItselfNorOthers"),
            Defect.of(
                    "drops a throwing callback",
                    backend -> new MemorySource(backend) {
                        @Override
                        void tell(Watch watch) {
                            try {
                                watch.changed().run();
                            } catch (RuntimeException thrown) {
                                watches.remove(watch);
                            }
                        }
                    },
                    "Watching.throwingCallbackHarmsNeitherItselfNorOthers"),
            Defect.of(
                    "announces after close",
                    backend -> new MemorySource(backend) {
                        @Override
                        public void close() {
                            closed = true;
                        }
                    },
                    "Watching.closedSourceAnnouncesNothing"),
            Defect.of(
                    "needs its source to end a watch",
                    backend -> new MemorySource(backend) {
                        @Override
                        public Subscription watch(Runnable changed) throws IOException {
                            Subscription watch = super.watch(changed);
                            return () -> {
                                if (closed) {
                                    throw new IllegalStateException("closed");
                                }
                                watch.close();
                            };
                        }
                    },
                    "Watching.watchCanBeClosedAfterItsSource"),
            Defect.of(
                    "pretends to announce",
                    backend -> new MemorySource(backend) {
                        @Override
                        public Subscription watch(Runnable changed) {
                            return () -> {};
                        }
                    },
                    "Watching.sourceThatAnnouncesNothingSaysSo"));

    private WatchDefects() {}

    private static Defect.Factory<MemoryBackend, FlagSource> announces(Predicate<Kind> announced) {
        return backend -> new MemorySource(backend) {
            @Override
            void announce(Kind kind) {
                if (announced.test(kind)) {
                    super.announce(kind);
                }
            }
        };
    }
}
