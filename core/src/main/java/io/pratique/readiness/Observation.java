package io.pratique.readiness;

import org.jspecify.annotations.Nullable;

/**
 * One thing heard of a dependency.
 *
 * @param nanos when, on the timeline
 * @param detail for people; null if there is nothing to add
 */
record Observation(Kind kind, long nanos, @Nullable String detail) {

    /** What was heard, and what it counts for. */
    enum Kind {
        UP(Outcome.UP, Vote.SUCCESS, "ok"),
        /** A real call succeeded; that says nothing of how full the dependency is. */
        CALL_SUCCEEDED(Outcome.UP, Vote.SUCCESS, "ok"),
        SATURATED(Outcome.SATURATED, Vote.SUCCESS, "saturated"),
        DOWN(Outcome.DOWN, Vote.FAILURE, "down"),
        TIMED_OUT(Outcome.TIMEOUT, Vote.FAILURE, "timeout"),
        NOT_STARTED(Outcome.TIMEOUT, Vote.NONE, "check-not-started"),
        BROKEN(Outcome.BROKEN, Vote.NONE, "check-broken");

        private final Outcome outcome;
        private final Vote vote;
        private final String code;

        Kind(Outcome outcome, Vote vote, String code) {
            this.outcome = outcome;
            this.vote = vote;
            this.code = code;
        }

        Outcome outcome() {
            return outcome;
        }

        Vote vote() {
            return vote;
        }

        String code() {
            return code;
        }
    }

    /** What an observation counts for. */
    enum Vote {
        SUCCESS,
        FAILURE,
        NONE
    }
}
