package io.pratique.release;

import io.pratique.flags.spi.FlagText;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task, "pratique-step-" + step.name());
        thread.setDaemon(true);
        begin(thread, mayBeStopped);
        try {
            return task.get(step.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            awaitEnd(step, thread);
            throw new StepFailure("took longer than " + step.timeout());
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
        thread.start();
        if (stopped && stoppable) {
            thread.interrupt();
        }
    }

    private synchronized void end() {
        stoppable = false;
    }

    private void awaitEnd(Step step, Thread thread) throws Doubt {
        thread.interrupt();
        try {
            thread.join(patience.toMillis());
        } catch (InterruptedException e) {
            linger(thread);
            throw new Doubt("the release was interrupted within step \"" + step.name() + "\"", e);
        }
        if (thread.isAlive()) {
            linger(thread);
            throw new Doubt("step \"" + step.name() + "\" took longer than " + step.timeout()
                    + " and goes on although it was interrupted");
        }
    }

    /** Interrupts what may be stopped, now and from now on. */
    synchronized void stop() {
        stopped = true;
        if (stoppable && current != null) {
            current.interrupt();
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
