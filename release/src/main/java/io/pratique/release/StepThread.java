package io.pratique.release;

import io.pratique.flags.spi.FlagText;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs what users wrote, one after the other, each on a thread of its own: whatever they do to that thread, the thread that
 * writes the journal is never interrupted, which would close its file.
 */
final class StepThread {

    private final Duration patience;
    private boolean stopped;
    private boolean stoppable;
    private Thread current = new Thread();

    /**
     * Runs nothing yet.
     *
     * @param patience how long to wait for what was interrupted
     */
    StepThread(Duration patience) {
        this.patience = patience;
    }

    /**
     * Runs something to its end.
     *
     * @param stoppable whether {@link #stop} may interrupt it
     * @throws StepFailure if it throws, or its time is over
     * @throws Doubt if it goes on although it was interrupted
     */
    <T> T run(Step step, boolean stoppable, Callable<T> work) throws StepFailure, Doubt {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task, "pratique-step-" + step.name());
        thread.setDaemon(true);
        begin(thread, stoppable);
        try {
            return task.get(step.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            thread.interrupt();
            awaitEnd(step, thread);
            throw new StepFailure("took longer than " + step.timeout());
        } catch (ExecutionException e) {
            throw new StepFailure(FlagText.printable(String.valueOf(e.getCause()), 2_000));
        } catch (InterruptedException e) {
            // Nobody interrupts this thread but the JVM's end.
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
        try {
            thread.join(patience.toMillis());
        } catch (InterruptedException e) {
            throw new Doubt("the release was interrupted within step \"" + step.name() + "\"", e);
        }
        if (thread.isAlive()) {
            throw new Doubt("step \"" + step.name() + "\" took longer than " + step.timeout()
                    + " and goes on although it was interrupted");
        }
    }

    /** Interrupts what may be stopped, now and from now on. */
    synchronized void stop() {
        stopped = true;
        if (stoppable) {
            current.interrupt();
        }
    }

    synchronized boolean isStopped() {
        return stopped;
    }
}
