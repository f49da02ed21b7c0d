package io.pratique.testkit;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a call of a {@link ScriptedSource} hangs until the test lets it go. Once opened, it stays open for every call
 * that reaches it. Safe for use by any number of threads.
 */
public final class Hold {

    private final boolean stubborn;
    private final Monitor monitor = new Monitor();
    private int reached;
    private int interrupts;
    private boolean open;
    private @Nullable Throwable failure;

    Hold(boolean stubborn) {
        this.stubborn = stubborn;
    }

    /** Lets all calls go on that hang here, and all that come later. */
    public void release() {
        monitor.change(() -> open = true);
    }

    /**
     * Lets all calls that hang here fail, and all that come later.
     *
     * @param failure what they throw
     */
    public void fail(Throwable failure) {
        Objects.requireNonNull(failure, "failure");
        monitor.change(() -> {
            this.failure = failure;
            open = true;
        });
    }

    /**
     * Waits until a call hangs here, or has hung here.
     *
     * @throws InterruptedException if the waiting thread is interrupted
     * @throws AssertionError if there is none for ten seconds
     */
    public void awaitReached() throws InterruptedException {
        monitor.await(() -> reached > 0, Monitor.PATIENCE, () -> "no call has come to hang here");
    }

    /**
     * Waits until a call that hung here has been interrupted, whether it gave in or not.
     *
     * @throws InterruptedException if the waiting thread is interrupted
     * @throws AssertionError if there is none for ten seconds
     */
    public void awaitInterrupted() throws InterruptedException {
        monitor.await(
                () -> interrupts > 0,
                Monitor.PATIENCE,
                () -> reached + " calls came to hang here, none was" + " interrupted");
    }

    /** Hangs here. */
    void pass() throws Throwable {
        monitor.change(() -> reached++);
        boolean interrupted = false;
        while (!hangUntilOpen()) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        Throwable thrown = monitor.read(() -> failure);
        if (thrown != null) {
            throw thrown;
        }
    }

    /** Returns false if a stubborn call was interrupted and has to go on hanging. */
    private boolean hangUntilOpen() throws InterruptedException {
        try {
            monitor.await(() -> open);
            return true;
        } catch (InterruptedException e) {
            monitor.change(() -> interrupts++);
            if (!stubborn) {
                throw e;
            }
            return false;
        }
    }
}
