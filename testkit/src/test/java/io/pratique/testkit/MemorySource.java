package io.pratique.testkit;

import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagSource;
import io.pratique.flags.spi.Subscription;
import io.pratique.testkit.MemoryBackend.Change;
import io.pratique.testkit.MemoryBackend.Kind;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A sound source over a {@link MemoryBackend}; the defective ones override what they get wrong. */
class MemorySource implements FlagSource {

    /** One watch, with an identity of its own. */
    record Watch(Runnable changed, Object identity) {}

    final MemoryBackend backend;
    final List<Watch> watches = new CopyOnWriteArrayList<>();
    private final Consumer<Kind> wire = this::announce;
    volatile boolean closed;

    MemorySource(MemoryBackend backend) {
        this.backend = backend;
        backend.listeners.add(wire);
    }

    @Override
    public FlagSet load() throws IOException {
        requireOpen();
        return backend.all();
    }

    @Override
    public FlagSet reload(FlagSet previous) throws IOException {
        requireOpen();
        List<Change> changes = backend.since(MemoryBackend.position(previous));
        if (changes.isEmpty()) {
            return previous;
        }
        FlagSet.Builder set = previous.toBuilder().historyMark(backend.mark());
        changes.forEach(change -> apply(change, set));
        return set.build();
    }

    void apply(Change change, FlagSet.Builder set) {
        if (change.kind() == Kind.REMOVED) {
            set.remove(change.key());
        } else {
            set.put(change.key(), change.value());
        }
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public Subscription watch(Runnable changed) throws IOException {
        requireOpen();
        Watch watch = new Watch(changed, new Object());
        watches.add(watch);
        return () -> watches.remove(watch);
    }

    void announce(Kind kind) {
        for (Watch watch : watches) {
            tell(watch);
        }
    }

    void tell(Watch watch) {
        try {
            watch.changed().run();
        } catch (RuntimeException dropped) {
            // It is the callback's own fault.
        }
    }

    @Override
    public void close() {
        closed = true;
        backend.listeners.remove(wire);
    }

    void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("closed");
        }
    }
}
