package io.pratique.probes;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Holds the one line of a probe. It is opened on a thread of its own, for Lettuce cannot be told how long that may take:
 * a check that gives up leaves nothing behind, and the next one finds the line there, or still being opened.
 */
final class RedisLines implements AutoCloseable {

    private final Supplier<RedisLine> opening;

    private @Nullable CompletableFuture<RedisLine> current;
    private boolean closed;

    RedisLines(Supplier<RedisLine> opening) {
        this.opening = opening;
    }

    /** The line, or the one that is being opened. One that could not be opened is forgotten. */
    synchronized CompletableFuture<RedisLine> current() {
        if (closed) {
            throw new IllegalStateException("RedisProbe is closed; make a new one");
        }
        CompletableFuture<RedisLine> line = current;
        if (line == null || line.isCompletedExceptionally()) {
            line = CompletableFuture.supplyAsync(opening, RedisLines::start);
            current = line;
        }
        return line;
    }

    private static void start(Runnable connecting) {
        Thread thread = new Thread(connecting, "pratique-redis-probe");
        thread.setDaemon(true);
        thread.start();
    }

    /** Has the next check open another one. */
    synchronized void discard(RedisLine line) {
        if (current != null && line.equals(current.getNow(null))) {
            current = null;
        }
        line.close();
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (current != null) {
            CompletableFuture<Void> unused = current.thenAccept(RedisLine::close);
            current = null;
        }
    }
}
