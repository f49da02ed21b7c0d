package io.pratique.release;

import io.pratique.flags.spi.FlagText;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs what users wrote, one after the other, each on a thread of its own: whatever they do to that thread, the thread that
 * writes the journal is never interrupted, which would close its file.
 */
final class StepThread {

    private final Duration patience;
    private boolean stopped;
    private boolean stoppable;
    private @Nullable Thread current;
    private @Nullable Long interruptedAt;
    private @Nullable Thread lingering;

    /**
     * Runs nothing yet.
     *
     * @param patience how long to wait for what was interrupted
     * @param stopped whether it is told to stop already
     */
    StepThread(Duration patience, boolean stopped) {
        this.patience = patience;
        this.stopped = stopped;
    }

    /**
     * Runs something to its end.
     *
     * @param mayBeStopped whether {@link #stop} may interrupt it
     * @throws StepFailure if it throws, or its time is over
     * @throws Doubt if it goes on although it was interrupted
     */
    <T> T run(Step step, boolean mayBeStopped, Callable<T> work) throws StepFailure, Doubt {
        FutureTask<T> task = new FutureTask<>(work) {
            @Override
            protected void done() {
                wake();
            }
        };
        Thread thread = new Thread(task, "pratique-step-" + step.name());
        thread.setDaemon(true);
        begin(thread, mayBeStopped);
        try {
            awaitEnd(step, thread, task);
            return task.get();
        } catch (ExecutionException e) {
            Throwable thrown = Objects.requireNonNull(e.getCause());
            throw new StepFailure(FlagText.printable(thrown), thrown);
        } catch (InterruptedException e) {
            linger(thread);
            throw new Doubt("the release was interrupted within step \"" + step.name() + "\"", e);
        } finally {
            end();
        }
    }

    private synchronized void begin(Thread thread, boolean mayBeStopped) {
        current = thread;
        stoppable = mayBeStopped;
        interruptedAt = null;
        thread.start();
        if (stopped && stoppable) {
            interrupt(thread);
        }
    }

    private synchronized void end() {
        stoppable = false;
    }

    private synchronized void wake() {
        notifyAll();
    }

    /** What takes too long is interrupted, and what was interrupted, for this or by a stop, is given up at some time. */
    private synchronized void awaitEnd(Step step, Thread thread, FutureTask<?> task)
            throws StepFailure, Doubt, InterruptedException {
        long begun = System.nanoTime();
        boolean late = false;
        while (!task.isDone()) {
            long now = System.nanoTime();
            if (interruptedAt == null && now - begun >= step.timeout().toNanos()) {
                late = true;
                interrupt(thread);
            }
            long left = interruptedAt == null
                    ? step.timeout().toNanos() - (now - begun)
                    : patience.toNanos() - (now - interruptedAt);
            if (left <= 0) {
                linger(thread);
                throw new Doubt("step \"" + step.name() + "\" "
                        + (late ? "took longer than " + step.timeout() + " and" : "was told to stop, and")
                        + " goes on although it was interrupted");
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        if (late) {
            throw new StepFailure("took longer than " + step.timeout());
        }
    }

    private synchronized void interrupt(Thread thread) {
        interruptedAt = interruptedAt == null ? System.nanoTime() : interruptedAt;
        thread.interrupt();
        notifyAll();
    }

    /** Interrupts what may be stopped, now and from now on. */
    synchronized void stop() {
        stopped = true;
        if (stoppable && current != null) {
            interrupt(current);
        }
    }

    synchronized boolean isStopped() {
        return stopped;
    }

    private synchronized void linger(Thread thread) {
        lingering = thread;
    }

    /** A thread that goes on although nobody waits for it any more; null if there is none. */
    synchronized @Nullable Thread lingering() {
        return lingering;
    }
}
