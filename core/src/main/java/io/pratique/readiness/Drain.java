package io.pratique.readiness;

import io.pratique.flags.Flag;
import io.pratique.flags.spi.FlagText;
import io.pratique.time.Timeline;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
    private final Runnable beforeClosing;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final CompletableFuture<Boolean> outcome = new CompletableFuture<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private int running;
    private volatile @Nullable Instant since;

    /** Something to close at the end, and how long that may take. */
    record Resource(String name, AutoCloseable closeable, Duration within) {}

    /**
     * Prepares the end.
     *
     * @param beforeClosing run once no run is awaited any more: what is closed next would look broken to a probe
     */
    Drain(List<Resource> resources, Timeline timeline, Runnable beforeClosing) {
        this.resources = List.copyOf(resources);
        this.timeline = timeline;
        this.beforeClosing = beforeClosing;
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

    /** The work is done on a thread that nobody knows, and so nobody interrupts; the callers wait for its outcome. */
    boolean drain(Duration deadline) {
        if (begun.compareAndSet(false, true)) {
            refuseRuns();
            Thread worker = new Thread(() -> end(deadline), "pratique-gate-drain");
            worker.setDaemon(true);
            try {
                worker.start();
            } catch (Throwable noThread) {
                end(deadline);
            }
        }
        return outcome.join();
    }

    private void refuseRuns() {
        lock.lock();
        try {
            since = timeline.instant();
        } finally {
            lock.unlock();
        }
    }

    private void end(Duration deadline) {
        boolean done = false;
        try {
            done = awaitIdle(Timeline.nanos(deadline));
            Timeline.guarded(LOG, "Ending the probes", beforeClosing);
            done &= closeAll();
        } finally {
            outcome.complete(done);
        }
    }

    private boolean awaitIdle(long nanos) {
        int still;
        lock.lock();
        try {
            long left = nanos;
            while (running > 0 && left > 0) {
                left = idle.awaitNanos(left);
            }
            still = running;
        } catch (InterruptedException e) {
            // Only a caller that had to do the work itself can be interrupted; it goes on to the resources.
            Thread.currentThread().interrupt();
            still = running;
        } finally {
            lock.unlock();
        }
        if (still > 0) {
            warn("running", still, "Runs still under way when their time to end is over: " + still, null);
        }
        return still == 0;
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
        String name = FlagText.printable(resource.name(), Flag.MAX_KEY_LENGTH);
        CompletableFuture<Void> closed = new CompletableFuture<>();
        Thread closer = new Thread(() -> close(resource.closeable(), closed), "pratique-close-" + name);
        closer.setDaemon(true);
        try {
            closer.start();
            closed.get(Timeline.nanos(resource.within()), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException late) {
            closer.interrupt();
            warn("resource", name, name + " did not close within " + resource.within(), null);
        } catch (ExecutionException thrown) {
            warn("resource", name, name + " failed to close", thrown.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            warn("resource", name, "Nobody waits for " + name + " to close", null);
        } catch (Throwable noThread) {
            warn("resource", name, name + " is not closed, for want of a thread", noThread);
        }
        return false;
    }

    private static void close(AutoCloseable resource, CompletableFuture<Void> closed) {
        try {
            resource.close();
            closed.complete(null);
        } catch (Throwable thrown) {
            closed.completeExceptionally(thrown);
        }
    }

    private static void warn(String key, Object value, String message, @Nullable Throwable cause) {
        Timeline.guarded(
                LOG,
                "Logging",
                () -> LOG.atWarn().addKeyValue(key, value).setCause(cause).log(message));
    }
}
