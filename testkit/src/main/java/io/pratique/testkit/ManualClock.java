package io.pratique.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;

/**
 * A clock that stands still until a test moves it.
 *
 * <pre>{@code
 * ManualClock clock = new ManualClock();
 * FlagClient client = FlagClient.builder().source(source).clock(clock).build();
 * clock.advance(Duration.ofMinutes(5));
 * }</pre>
 *
 * <p>A client or gate notices the new time within a few milliseconds, on a thread of its own, so a test awaits the
 * effect. Safe for use by any number of threads.
 */
public final class ManualClock implements InstantSource {

    /** Where a clock starts if it is not told otherwise: the first second of 2030, UTC. */
    public static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

    private volatile Instant now;

    /** A clock that shows {@link #START}. */
    public ManualClock() {
        this(START);
    }

    /**
     * A clock that shows a time of the test's choice.
     *
     * @param start the first time that it shows
     */
    public ManualClock(Instant start) {
        this.now = Objects.requireNonNull(start, "start");
    }

    @Override
    public Instant instant() {
        return now;
    }

    /**
     * Moves the clock forward.
     *
     * @param time how far; zero leaves it where it is
     * @return the time that it shows now
     * @throws IllegalArgumentException if the duration is negative
     */
    public synchronized Instant advance(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("a clock advances by zero or more, not by \"" + time
                    + "\"; set it to an earlier time with set(..)");
        }
        now = now.plus(time);
        return now;
    }

    /**
     * Sets the clock, as an operator or a time server does: forward or back.
     *
     * @param time the time that it shows from now on
     */
    public synchronized void set(Instant time) {
        now = Objects.requireNonNull(time, "time");
    }

    @Override
    public String toString() {
        return "ManualClock[" + now + "]";
    }
}
