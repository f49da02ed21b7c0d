package io.pratique.readiness;

import io.pratique.time.Timeline;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the lines of a gate in their order, so that a slow appender holds up neither a timer nor a job. Where no thread
 * is to be had the caller writes them: that is when they matter most.
 */
final class GateLog {

    private static final Logger LOG = LoggerFactory.getLogger(ReadinessGate.class);

    private final Executor executor;
    private final Queue<Runnable> lines = new ConcurrentLinkedQueue<>();
    private final AtomicInteger unwritten = new AtomicInteger();

    GateLog(Executor executor) {
        this.executor = executor;
    }

    /** Has a line written soon. Throws nothing. */
    void later(Runnable line) {
        lines.add(line);
        if (unwritten.getAndIncrement() == 0) {
            try {
                executor.execute(this::write);
            } catch (Throwable noThread) {
                write();
            }
        }
    }

    private void write() {
        do {
            Runnable line = lines.poll();
            if (line != null) {
                Timeline.guarded(LOG, "Logging", line);
            }
        } while (unwritten.decrementAndGet() > 0);
    }
}
