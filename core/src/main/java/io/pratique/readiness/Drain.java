package io.pratique.readiness;

import io.pratique.flags.Flag;
import io.pratique.flags.spi.FlagText;
import io.pratique.time.Timeline;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of a process in good order: no new runs, those under way to their end, then the resources. It happens once; who
 * asks again waits for the same outcome.
 */
final class Drain {

    private static final Logger LOG = LoggerFactory.getLogger(ReadinessGate.class);

    private final List<Resource> resources;
    private final Timeline timeline;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final CompletableFuture<Boolean> outcome = new CompletableFuture<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private int running;
    private volatile @Nullable Instant since;

    /** Something to close at the end, and how long that may take. */
    record Resource(String name, AutoCloseable closeable, Duration within) {}

    Drain(List<Resource> resources, Timeline timeline) {
        this.resources = List.copyOf(resources);
        this.timeline = timeline;
    }

    boolean isDraining() {
        return since != null;
    }

    /** When it began, by the wall clock; null if it has not. */
    @Nullable Instant since() {
        return since;
    }

    /** Counts a run in, unless it is too late for one. */
    boolean enter() {
        lock.lock();
        try {
            if (since != null) {
                return false;
            }
            running++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    void exit() {
        lock.lock();
        try {
            running--;
            if (running == 0) {
                idle.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    boolean drain(Duration deadline) {
        if (begun.compareAndSet(false, true)) {
            boolean done = false;
            try {
                done = awaitIdle(deadline);
                done &= closeAll();
            } finally {
                outcome.complete(done);
            }
        }
        return outcome.join();
    }

    private boolean awaitIdle(Duration deadline) {
        long left = Timeline.nanos(deadline);
        boolean interrupted = false;
        lock.lock();
        try {
            since = timeline.instant();
            while (running > 0 && left > 0 && !interrupted) {
                try {
                    left = idle.awaitNanos(left);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (running > 0) {
                LOG.atWarn().addKeyValue("running", running).log("{} jobs still run after {}", running, deadline);
            }
            return running == 0;
        } finally {
            lock.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private boolean closeAll() {
        boolean all = true;
        for (Resource resource : resources) {
            all &= close(resource);
        }
        return all;
    }

    /** Closes one resource on a thread of its own, so that one that hangs costs its own time and no more. */
    private static boolean close(Resource resource) {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        Thread closer = new Thread(
                () -> {
                    try {
                        resource.closeable().close();
                        closed.complete(null);
                    } catch (Throwable thrown) {
                        closed.completeExceptionally(thrown);
                    }
                },
                "pratique-close-" + resource.name());
        closer.setDaemon(true);
        closer.start();
        try {
            closed.get(Timeline.nanos(resource.within()), TimeUnit.NANOSECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LOG.warn("Nobody waits for {} to close", FlagText.printable(resource.name()));
            return false;
        } catch (Exception failedOrLate) {
            LOG.atWarn()
                    .addKeyValue("resource", FlagText.printable(resource.name(), Flag.MAX_KEY_LENGTH))
                    .log(
                            "{} did not close within {}",
                            FlagText.printable(resource.name()),
                            resource.within(),
                            failedOrLate);
            return false;
        }
    }
}
