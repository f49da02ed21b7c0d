package io.pratique.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The rows of a source in one registry, a meter for each.
 *
 * <p>A registry asks its meters one by one and does not tell when a scrape begins. So the first meter that is asked has
 * all rows read anew, and the others of that scrape show the same reading. Meters are registered for rows that are new
 * and removed for those that are gone at that same moment, so there is no thread that would have to look for them.
 */
final class Binding {

    /** A scrape takes milliseconds, and the next one comes seconds later. */
    private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private static final Logger LOG = LoggerFactory.getLogger(Binding.class);

    private final MeterRegistry registry;
    private final Tags tags;
    private final RowSource source;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Row.Key, Shown> shown = new HashMap<>();
    private volatile long readAt;
    private boolean failing;
    private boolean closed;

    /** What a row has become in the registry. */
    private record Shown(Cell cell, Meter meter) {}

    /**
     * Does nothing before it is opened.
     *
     * @param tags those that all meters get
     */
    Binding(MeterRegistry registry, Tags tags, RowSource source) {
        this.registry = registry;
        this.tags = tags;
        this.source = source;
    }

    /** Registers a meter for each row there is by now. */
    void open() {
        lock.lock();
        try {
            readAt = registry.config().clock().monotonicTime();
            show(read());
        } finally {
            lock.unlock();
        }
    }

    /** Reads all rows anew if that was not done just now. Throws nothing; waits for nobody who is about to do the same. */
    void refresh() {
        long now = registry.config().clock().monotonicTime();
        if (now - readAt < FRESH_NANOS || !lock.tryLock()) {
            return;
        }
        try {
            if (closed || now - readAt < FRESH_NANOS) {
                return;
            }
            // First of all: a registry may ask a meter while it registers it.
            readAt = now;
            show(read());
            failing = false;
        } catch (RuntimeException e) {
            LOG.atLevel(failing ? Level.DEBUG : Level.WARN)
                    .setCause(e)
                    .log("Meters could not be registered; those that were show their values");
            failing = true;
        } finally {
            lock.unlock();
        }
    }

    private List<Row> read() {
        return source.read(Instant.ofEpochMilli(registry.config().clock().wallTime()));
    }

    private void show(List<Row> rows) {
        Set<Row.Key> keys = new HashSet<>(rows.size() * 2);
        List<Row> added = new ArrayList<>();
        for (Row row : rows) {
            keys.add(row.key());
            Shown before = shown.get(row.key());
            if (before == null) {
                added.add(row);
            } else {
                before.cell().show(row);
            }
        }
        if (shown.size() + added.size() > rows.size()) {
            removeAllBut(keys);
        }
        added.forEach(this::add);
    }

    private void add(Row row) {
        Cell cell = new Cell(this, row);
        Row.Key key = row.key();
        shown.put(key, new Shown(cell, key.spec().register(registry, tags.and(key.tags()), cell)));
    }

    private void removeAllBut(Set<Row.Key> keys) {
        Iterator<Map.Entry<Row.Key, Shown>> all = shown.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<Row.Key, Shown> next = all.next();
            if (!keys.contains(next.getKey())) {
                registry.remove(next.getValue().meter());
                all.remove();
            }
        }
    }

    /** Takes all meters out of the registry. */
    void close() {
        lock.lock();
        try {
            closed = true;
            removeAllBut(Set.of());
        } finally {
            lock.unlock();
        }
    }
}
