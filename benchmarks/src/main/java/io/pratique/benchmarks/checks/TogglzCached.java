package io.pratique.benchmarks.checks;

import java.util.concurrent.TimeUnit;
import org.togglz.core.repository.StateRepository;
import org.togglz.core.repository.cache.CachingStateRepository;

/** Togglz as its users put it before a database: with the cache that comes with it, for 30 seconds. */
public class TogglzCached extends Togglz {

    /** Nothing yet. */
    public TogglzCached() {}

    @Override
    StateRepository over(StateRepository states) {
        return new CachingStateRepository(states, 30, TimeUnit.SECONDS);
    }
}
