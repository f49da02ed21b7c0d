package io.pratique.flags;

import io.pratique.time.Timeline;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A task that is run on a pool when asked for, never twice at once; what is asked during a run leads to one more. */
final class Serial {

    private static final Logger LOG = LoggerFactory.getLogger(Serial.class);

    private final Executor executor;
    private final String subject;
    private final Runnable task;
    private final AtomicInteger requests = new AtomicInteger();

    Serial(Executor executor, String subject, Runnable task) {
        this.executor = executor;
        this.subject = subject;
        this.task = task;
    }

    /** Has the task run soon. Neither waits nor throws. */
    void request() {
        if (requests.getAndIncrement() == 0) {
            try {
                executor.execute(this::run);
            } catch (RejectedExecutionException | OutOfMemoryError noThread) {
                // Closed, or the machine has no thread to give: the next request tries again.
                requests.set(0);
                LOG.debug("{} is not run now", subject, noThread);
            }
        }
    }

    private void run() {
        int seen = requests.get();
        do {
            Timeline.guarded(LOG, subject, task);
            seen = requests.addAndGet(-seen);
        } while (seen != 0);
    }
}
