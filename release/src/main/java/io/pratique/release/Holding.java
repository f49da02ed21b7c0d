package io.pratique.release;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does something while the lock is held, and can be told to stop, now and whenever it does something later. */
final class Holding {

    private static final Logger LOG = LoggerFactory.getLogger(Release.class);

    private final ReleaseLock lock;
    private final String holder;
    private final Duration wait;
    private final Duration patience;

    private boolean stopped;
    private @Nullable StepThread steps;
    private final Set<Thread> waiting = new HashSet<>();

    Holding(ReleaseLock lock, String holder, Duration wait, Duration patience) {
        this.lock = lock;
        this.holder = holder;
        this.wait = wait;
        this.patience = patience;
    }

    /** What is done. */
    @FunctionalInterface
    interface Work {
        ReleaseReport with(Lease lease, StepThread thread) throws IOException;
    }

    /** The report; null if it was told to stop before it had the lock. */
    @Nullable ReleaseReport of(String reason, Work work) throws IOException, InterruptedException {
        Lease lease = acquire(reason);
        if (lease == null) {
            return null;
        }
        StepThread thread = steps();
        try {
            return onOwnThread(reason, () -> work.with(lease, thread));
        } finally {
            closeAfter(thread.lingering(), lease);
        }
    }

    /** Who has the lock, so that whoever waits can be told; null if nobody has, or nobody can tell. */
    @Nullable LockState inTheWay() {
        try {
            return lock.state();
        } catch (IOException | RuntimeException e) {
            // Asking for the lock itself will tell.
            return null;
        }
    }

    private synchronized StepThread steps() {
        StepThread thread = new StepThread(patience, stopped);
        steps = thread;
        return thread;
    }

    private @Nullable Lease acquire(String reason) throws IOException, InterruptedException {
        if (!beginsToWait()) {
            return null;
        }
        try {
            return lock.acquire(holder, reason, wait);
        } catch (InterruptedException e) {
            if (isStopped()) {
                return null;
            }
            throw e;
        } finally {
            waitsNoLonger();
        }
    }

    private synchronized boolean beginsToWait() {
        waiting.add(Thread.currentThread());
        return !stopped;
    }

    /** The interrupt that has told this thread to stop has been heeded, whatever came of the waiting. */
    private synchronized void waitsNoLonger() {
        waiting.remove(Thread.currentThread());
        if (stopped) {
            boolean unused = Thread.interrupted();
        }
    }

    private synchronized boolean isStopped() {
        return stopped;
    }

    synchronized void stop() {
        stopped = true;
        if (steps != null) {
            steps.stop();
        }
        waiting.forEach(Thread::interrupt);
    }

    /** An interrupt would close the journal's file; so whoever is interrupted is another thread than the one that writes. */
    private ReleaseReport onOwnThread(String name, Callable<ReleaseReport> work) throws IOException {
        FutureTask<ReleaseReport> task = new FutureTask<>(work);
        Thread running = new Thread(task, "pratique-" + name.replace(' ', '-'));
        running.setDaemon(true);
        running.start();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                    stop();
                }
            }
        } catch (ExecutionException e) {
            throw thrown(e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static IOException thrown(@Nullable Throwable cause) {
        if (cause instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof IOException io ? io : new IOException(cause);
    }

    /** While a step goes on that nobody waits for any more, nobody else may release. */
    private static void closeAfter(List<Thread> lingering, Lease lease) {
        if (lingering.isEmpty()) {
            lease.close();
            return;
        }
        Thread closer = new Thread(() -> awaitAndClose(lingering, lease), "pratique-release-lingers");
        closer.setDaemon(true);
        closer.start();
    }

    private static void awaitAndClose(List<Thread> lingering, Lease lease) {
        try {
            for (Thread thread : lingering) {
                thread.join();
            }
        } catch (InterruptedException e) {
            LOG.debug("Not waiting for {}", lingering, e);
        }
        lease.close();
    }
}
