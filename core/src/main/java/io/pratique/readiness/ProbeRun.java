package io.pratique.readiness;

import io.pratique.time.Timeline;
import org.jspecify.annotations.Nullable;

/** One check under way, from the wish to make it to its end. Guarded by its dependency's lock. */
final class ProbeRun {

    private @Nullable Thread thread;
    private long startedAt = Timeline.NEVER;
    private boolean givenUp;
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

    /** Its time is over: it counts no more, and is asked to end. */
    void giveUp() {
        if (thread != null) {
            givenUp = true;
            thread.interrupt();
        }
    }

    boolean isGivenUp() {
        return givenUp;
    }
}
