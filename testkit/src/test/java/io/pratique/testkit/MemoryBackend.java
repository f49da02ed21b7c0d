package io.pratique.testkit;

import io.pratique.flags.spi.FlagEntry;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.HistoryMark;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A server in memory: values, their history, and listeners that are told after each change. */
final class MemoryBackend {

    /** What happened to a key; the value is null where it was removed. */
    record Change(String key, String value, Kind kind) {}

    enum Kind {
        ADDED,
        REPLACED,
        REMOVED
    }

    private static final String EPOCH = "epoch";

    final List<Consumer<Kind>> listeners = new CopyOnWriteArrayList<>();
    private final List<Runnable> lostConnections = new CopyOnWriteArrayList<>();
    private final Map<String, FlagEntry> values = new TreeMap<>();
    private final List<Change> history = new ArrayList<>();
    private boolean away;

    void write(Map<String, String> changes) {
        changes.forEach((key, value) -> {
            Kind kind;
            synchronized (this) {
                kind = values.put(key, FlagEntry.of(value)) == null ? Kind.ADDED : Kind.REPLACED;
                history.add(new Change(key, value, kind));
            }
            listeners.forEach(listener -> listener.accept(kind));
        });
    }

    void remove(String key) {
        synchronized (this) {
            values.remove(key);
            history.add(new Change(key, null, Kind.REMOVED));
        }
        listeners.forEach(listener -> listener.accept(Kind.REMOVED));
    }

    void setAway(boolean away) {
        synchronized (this) {
            this.away = away;
        }
        if (away) {
            lostConnections.forEach(Runnable::run);
        }
    }

    /** Runs something each time the backend is taken away. */
    void whenAway(Runnable lost) {
        lostConnections.add(lost);
    }

    synchronized boolean isAway() {
        return away;
    }

    synchronized FlagSet all() throws IOException {
        requireReachable();
        FlagSet.Builder set = FlagSet.builder();
        values.forEach(set::put);
        return set.historyMark(mark()).build();
    }

    /** The changes after a position of the history. */
    synchronized List<Change> since(long position) throws IOException {
        requireReachable();
        return List.copyOf(history.subList((int) position, history.size()));
    }

    synchronized List<Change> history() {
        return List.copyOf(history);
    }

    synchronized HistoryMark mark() {
        return new HistoryMark(EPOCH, history.size(), "change-" + history.size(), Instant.EPOCH);
    }

    static long position(FlagSet set) {
        return Objects.requireNonNull(set.historyMark(), "not a set of this backend")
                .sequence();
    }

    private void requireReachable() throws IOException {
        if (away) {
            throw new IOException("connection refused");
        }
    }
}
