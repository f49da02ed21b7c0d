package io.pratique.testkit;

import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagSource;
import io.pratique.flags.spi.Subscription;
import java.io.IOException;
import java.util.List;

/** What a source can get wrong when it is closed, and while its backend is away. */
final class LifeCycleDefects {

    static final List<Defect<MemoryBackend, FlagSource>> ALL = List.of(
            Defect.of(
                    "loads after close",
                    backend -> new MemorySource(backend) {
                        @Override
                        public FlagSet load() throws IOException {
                            return backend.all();
                        }
                    },
                    "LifeCycle.loadAfterCloseThrows",
                    "LifeCycle.closeIsIdempotent",
                    "LifeCycle.sourceThatNeverLoadedCanBeClosed"),
            Defect.of(
                    "reloads after close",
                    backend -> new MemorySource(backend) {
                        @Override
                        public FlagSet reload(FlagSet previous) throws IOException {
                            return closed ? previous : super.reload(previous);
                        }
                    },
                    "LifeCycle.reloadAfterCloseThrows"),
            Defect.of(
                    "closes once only",
                    backend -> new MemorySource(backend) {
                        @Override
                        public void close() {
                            if (closed) {
                                throw new IllegalStateException("already closed");
                            }
                            super.close();
                        }
                    },
                    "LifeCycle.closeIsIdempotent"),
            Defect.of(
                    "has nothing to close before a load",
                    backend -> new MemorySource(backend) {
                        private Object connection;

                        @Override
                        public FlagSet load() throws IOException {
                            connection = new Object();
                            return super.load();
                        }

                        @Override
                        public void close() {
                            if (connection == null) {
                                throw new NullPointerException("connection");
                            }
                            super.close();
                        }
                    },
                    "LifeCycle.sourceThatNeverLoadedCanBeClosed"),
            Defect.of(
                    "closes what is not its own",
                    backend -> new MemorySource(backend) {
                        @Override
                        public void close() {
                            super.close();
                            backend.setAway(true);
                        }
                    },
                    "LifeCycle.closingOneSourceLeavesAnotherAlone"),
            Defect.of(
                    "has no name",
                    backend -> new MemorySource(backend) {
                        @Override
                        public String name() {
                            return null;
                        }
                    },
                    "LifeCycle.nameIsNeverNullAndNeverChanges"),
            Defect.of(
                    "names its state",
                    backend -> new MemorySource(backend) {
                        @Override
                        public String name() {
                            return closed ? "memory (closed)" : "memory";
                        }
                    },
                    "LifeCycle.nameIsNeverNullAndNeverChanges"),
            Defect.of(
                    "is empty in an outage",
                    backend -> new MemorySource(backend) {
                        @Override
                        public FlagSet load() throws IOException {
                            return backend.isAway() ? FlagSet.empty() : super.load();
                        }
                    },
                    "Outages.loadThrowsWhileTheBackendIsAway"),
            Defect.of(
                    "is unchanged in an outage",
                    backend -> new MemorySource(backend) {
                        @Override
                        public FlagSet reload(FlagSet previous) throws IOException {
                            return backend.isAway() ? previous : super.reload(previous);
                        }
                    },
                    "Outages.reloadThrowsWhileTheBackendIsAway"),
            Defect.of(
                    "never comes back",
                    backend -> new MemorySource(backend) {
                        @Override
                        public FlagSet load() throws IOException {
                            closed |= backend.isAway();
                            return super.load();
                        }
                    },
                    "Outages.sourceLoadsAgainOnceTheBackendIsBack",
                    "Outages.sourceOpenedWhileTheBackendIsAwayHealsByItself"),
            Defect.of(
                    "starts empty after an outage",
                    backend -> new MemorySource(backend) {
                        private boolean wasAway;

                        @Override
                        public FlagSet reload(FlagSet previous) throws IOException {
                            wasAway |= backend.isAway();
                            FlagSet reloaded = super.reload(previous);
                            return wasAway ? FlagSet.empty() : reloaded;
                        }
                    },
                    "Outages.reloadGoesOnFromTheSetBeforeTheOutage"),
            Defect.of(
                    "connects when made",
                    backend -> {
                        backend.all();
                        return new MemorySource(backend);
                    },
                    "Outages.sourceOpenedWhileTheBackendIsAwayHealsByItself"),
            Defect.of(
                    "says goodbye to the server",
                    backend -> new MemorySource(backend) {
                        @Override
                        public void close() {
                            super.close();
                            if (backend.isAway()) {
                                throw new IllegalStateException("broken pipe");
                            }
                        }
                    },
                    "Outages.sourceCanBeClosedWhileTheBackendIsAway"),
            Defect.of(
                    "loses its watches in an outage",
                    backend -> new MemorySource(backend) {
                        @Override
                        public Subscription watch(Runnable changed) throws IOException {
                            Subscription watch = super.watch(changed);
                            backend.whenAway(watch::close);
                            return watch;
                        }
                    },
                    "Outages.watchOutlivesTheOutage"));

    private LifeCycleDefects() {}
}
