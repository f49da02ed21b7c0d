package io.pratique.readiness;

import io.pratique.time.Timeline;
import org.jspecify.annotations.Nullable;

/** One check under way, from the wish to make it to its end. Guarded by its prober's lock. */
final class ProbeRun {

    private @Nullable Thread thread;
    private long startedAt = Timeline.NEVER;
    private boolean givenUp;
    private boolean ended;
    private Timeline.@Nullable Alarm deadline;

    /** A new deadline takes the place of the old one. */
    void deadline(Timeline.Alarm next) {
        cancelDeadline();
        deadline = next;
    }

    void cancelDeadline() {
        if (deadline != null) {
            deadline.cancel();
        }
    }

    /** The current thread goes into the probe. */
    void start(long nanos) {
        thread = Thread.currentThread();
        startedAt = nanos;
    }

    boolean hasStarted() {
        return thread != null;
    }

    long startedAt() {
        return startedAt;
    }

    /** Its time is over: it counts no more, and is asked to end. False if it has not started, or has ended after all. */
    boolean giveUp() {
        if (thread == null || ended) {
            return false;
        }
        givenUp = true;
        thread.interrupt();
        return true;
    }

    /** The current thread is back. From here on nobody interrupts it, and it goes back to its pool clean. */
    void end() {
        ended = true;
        cancelDeadline();
        boolean unused = Thread.interrupted();
    }

    boolean hasEnded() {
        return ended;
    }

    boolean isGivenUp() {
        return givenUp;
    }

    /** Whether its time is over and it does not end. */
    boolean hangs() {
        return givenUp && !ended;
    }
}
