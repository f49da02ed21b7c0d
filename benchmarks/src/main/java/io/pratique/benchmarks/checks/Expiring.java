package io.pratique.benchmarks.checks;

import io.pratique.flags.FlagClient;
import io.pratique.flags.spi.FlagSet;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.ff4j.FF4j;
import org.ff4j.cache.InMemoryCacheManager;
import org.ff4j.core.Feature;
import org.ff4j.store.InMemoryFeatureStore;
import org.togglz.core.manager.FeatureManager;
import org.togglz.core.repository.FeatureState;
import org.togglz.core.repository.StateRepository;
import org.togglz.core.repository.cache.CachingStateRepository;
import org.togglz.core.util.NamedFeature;

/** A flag behind a cache, over a store. */
interface Expiring extends AutoCloseable {

    /** How long the peers keep an answer. */
    int SECONDS = 1;

    String name();

    boolean isEnabled();

    /** Returns at the moment at which what is in the cache has to be read again. */
    void expire() throws InterruptedException;

    /** Returns when the cache has what the store says. */
    default void settle() throws InterruptedException {
        expire();
        if (!isEnabled()) {
            throw new IllegalStateException("the flag is not on");
        }
    }

    @Override
    default void close() {}

    /** Ours: there is no expiry that a check could meet; its moment is the one at which a load has begun. */
    record Ours(FaultyStore store, FlagClient client) implements Expiring {

        Ours(FaultyStore store) {
            this(
                    store,
                    FlagClient.builder()
                            .source(() -> FlagSet.of(Map.of(Keys.CONSTANT, store.read() ? "on" : "off")))
                            .ttl(Duration.ofHours(1))
                            .loadTimeout(Duration.ofHours(1))
                            .build());
        }

        @Override
        public String name() {
            return "Pratique";
        }

        @Override
        public boolean isEnabled() {
            return client.isEnabled(Keys.CONSTANT);
        }

        @Override
        public void expire() {
            int before = store.reads();
            var unused = client.refresh();
            while (store.reads() == before) {
                Thread.onSpinWait();
            }
        }

        @Override
        public void settle() {
            var unused = client.refresh().toCompletableFuture().join();
        }

        @Override
        public void close() {
            client.close();
        }
    }

    /** A read of memory, measured in the same way: what 64 threads show on this machine whatever they do. */
    final class Memory implements Expiring {

        private volatile boolean on = true;

        @Override
        public String name() {
            return "a volatile read, no store";
        }

        @Override
        public boolean isEnabled() {
            return on;
        }

        @Override
        public void expire() {
            on = true;
        }
    }

    /** Togglz with its cache. */
    record OfTogglz(FeatureManager manager) implements Expiring {

        private static final NamedFeature FEATURE = new NamedFeature(Keys.CONSTANT);

        OfTogglz(FaultyStore store) {
            this(Togglz.manager(
                    Set.of(Keys.CONSTANT), new CachingStateRepository(states(store), SECONDS, TimeUnit.SECONDS)));
        }

        private static StateRepository states(FaultyStore store) {
            return new StateRepository() {
                @Override
                public FeatureState getFeatureState(org.togglz.core.Feature feature) {
                    return new FeatureState(feature, store.read());
                }

                @Override
                public void setFeatureState(FeatureState state) {
                    throw new UnsupportedOperationException("this store is only read");
                }
            };
        }

        @Override
        public String name() {
            return "Togglz, cached " + SECONDS + " s";
        }

        @Override
        public boolean isEnabled() {
            return manager.isActive(FEATURE);
        }

        @Override
        public void expire() throws InterruptedException {
            TimeUnit.MILLISECONDS.sleep(SECONDS * 1_000 + 50);
        }
    }

    /** FF4J with its cache. */
    record OfFf4j(FF4j ff4j) implements Expiring {

        OfFf4j(FaultyStore store) {
            this(over(store).cache(new InMemoryCacheManager(SECONDS)));
        }

        private static FF4j over(FaultyStore store) {
            FF4j ff4j = new FF4j();
            ff4j.setFeatureStore(new InMemoryFeatureStore() {
                @Override
                public Feature read(String key) {
                    return new Feature(key, store.read());
                }
            });
            return ff4j;
        }

        @Override
        public String name() {
            return "FF4J, cached " + SECONDS + " s";
        }

        @Override
        public boolean isEnabled() {
            return ff4j.check(Keys.CONSTANT);
        }

        @Override
        public void expire() throws InterruptedException {
            TimeUnit.MILLISECONDS.sleep(SECONDS * 1_000 + 50);
        }
    }
}
