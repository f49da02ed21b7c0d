package io.pratique.flags;

/**
 * When the next load starts. A poll begins 0.6 to 0.8 of the TTL after the one before, so that it has a fifth of the TTL
 * to end in and a change shows within one TTL; the spread keeps processes that started together apart. After failures
 * the pause doubles from half a second, or a sixteenth of the TTL where that is shorter, and is never longer than one
 * TTL, so that a source that comes back is seen within that.
 */
record Cadence(long ttlNanos) {

    /** Short, since while a source fails its announcements wait for it as well, and a change should show in a second. */
    private static final long FIRST_RETRY = 500_000_000;

    /** The time from the start of one successful load to the start of the next. */
    long poll(double random) {
        return (long) (ttlNanos * (0.6 + 0.2 * random));
    }

    /** The time from the end of a failed load to the start of the next. */
    long retry(int consecutiveFailures, double random) {
        double doubled = Math.min(FIRST_RETRY, ttlNanos / 16.0) * Math.pow(2, Math.min(consecutiveFailures, 64) - 1.0);
        return (long) (Math.min((double) ttlNanos, doubled) * (0.5 + 0.5 * random));
    }

    /** How long a source may stay silent before what it said is stale. */
    long silence() {
        return 2 * ttlNanos;
    }
}
