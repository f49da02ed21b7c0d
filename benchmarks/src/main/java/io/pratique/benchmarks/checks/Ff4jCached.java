package io.pratique.benchmarks.checks;

import java.util.Map;
import org.ff4j.FF4j;
import org.ff4j.cache.InMemoryCacheManager;
import org.ff4j.core.Feature;
import org.ff4j.store.InMemoryFeatureStore;

/** FF4J with the cache that comes with it, for 30 seconds, over a store in memory. */
@SuppressWarnings("NullAway.Init") // set by JMH before anything else
public class Ff4jCached extends Peer {

    private FF4j ff4j;

    /** Nothing yet. */
    public Ff4jCached() {}

    @Override
    void start(Map<String, Boolean> answers) {
        InMemoryFeatureStore store = new InMemoryFeatureStore();
        answers.forEach((key, on) -> store.create(new Feature(key, on)));
        ff4j = new FF4j();
        ff4j.setFeatureStore(store);
        ff4j = ff4j.cache(new InMemoryCacheManager(30));
    }

    @Override
    void stop() {}

    @Override
    boolean isEnabled(String key) {
        return ff4j.check(key);
    }
}
