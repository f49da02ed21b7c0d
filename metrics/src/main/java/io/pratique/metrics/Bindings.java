package io.pratique.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.IdentityHashMap;

/** The registries that one binder is bound to, each once. */
final class Bindings implements AutoCloseable {

    private final Tags tags;
    private final RowSource source;
    private final IdentityHashMap<MeterRegistry, Binding> bound = new IdentityHashMap<>();
    private boolean closed;

    Bindings(Tags tags, RowSource source) {
        this.tags = tags;
        this.source = source;
    }

    /**
     * Shows the rows in a registry from now on.
     *
     * @return false if they are shown there already
     */
    synchronized boolean bind(MeterRegistry registry) {
        if (registry == null) {
            throw new IllegalArgumentException("meter registry must not be null; give a registry");
        }
        if (closed) {
            throw new IllegalStateException("this binder is closed; bind a new one");
        }
        if (bound.containsKey(registry)) {
            return false;
        }
        Binding binding = new Binding(registry, tags, source);
        bound.put(registry, binding);
        binding.open();
        return true;
    }

    @Override
    public synchronized void close() {
        closed = true;
        bound.values().forEach(Binding::close);
        bound.clear();
    }
}
