package io.pratique.release;

import io.pratique.flags.spi.FlagText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
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
    private boolean interrupted;
    private @Nullable Runnable stopping;
    private final List<Thread> lingering = new ArrayList<>();

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
        CountDownLatch endedOrStopped = new CountDownLatch(1);
        FutureTask<T> task = new FutureTask<>(work) {
            @Override
            protected void done() {
                endedOrStopped.countDown();
            }
        };
        Thread thread = new Thread(task, "pratique-step-" + step.name());
        thread.setDaemon(true);
        begin(thread, mayBeStopped ? endedOrStopped : null);
        boolean late = false;
        try {
            late = !endedOrStopped.await(step.timeout().toMillis(), TimeUnit.MILLISECONDS);
            if (late) {
                interruptOnce(thread);
            }
            T result = task.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (late) {
                throw tookLonger(step);
            }
            return result;
        } catch (ExecutionException e) {
            Throwable thrown = Objects.requireNonNull(e.getCause());
            throw late ? tookLonger(step) : new StepFailure(FlagText.printable(thrown), thrown);
        } catch (TimeoutException e) {
            linger(thread);
            throw new Doubt("step \"" + step.name() + "\" "
                    + (late ? "took longer than " + step.timeout() + " and" : "was told to stop, and")
                    + " goes on although it was interrupted");
        } catch (InterruptedException e) {
            interruptOnce(thread);
            linger(thread);
            throw new Doubt("the release was interrupted within step \"" + step.name() + "\"", e);
        } finally {
            end();
        }
    }

    private static StepFailure tookLonger(Step step) {
        return new StepFailure("took longer than " + step.timeout());
    }

    private synchronized void begin(Thread thread, @Nullable CountDownLatch stops) {
        interrupted = false;
        stopping = stops == null
                ? null
                : () -> {
                    interruptOnce(thread);
                    stops.countDown();
                };
        thread.start();
        if (stopped && stopping != null) {
            stopping.run();
        }
    }

    private synchronized void end() {
        stopping = null;
    }

    /** Whoever cleans up because he was interrupted is not interrupted in that. */
    private synchronized void interruptOnce(Thread thread) {
        if (!interrupted) {
            interrupted = true;
            thread.interrupt();
        }
    }

    /** Interrupts what may be stopped, now and from now on. */
    synchronized void stop() {
        stopped = true;
        if (stopping != null) {
            stopping.run();
        }
    }

    synchronized boolean isStopped() {
        return stopped;
    }

    private synchronized void linger(Thread thread) {
        lingering.add(thread);
    }

    /** Threads that go on although nobody waits for them any more. */
    synchronized List<Thread> lingering() {
        return List.copyOf(lingering);
    }
}
