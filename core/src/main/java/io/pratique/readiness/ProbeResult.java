package io.pratique.readiness;

import io.pratique.flags.spi.FlagText;
import org.jspecify.annotations.Nullable;

/** What a probe found. Immutable. */
public final class ProbeResult {

    /** How much of a detail is kept. */
    private static final int DETAIL_LENGTH = 300;

    private static final ProbeResult UP = new ProbeResult(Outcome.UP, null);

    private final Outcome outcome;
    private final @Nullable String detail;

    private ProbeResult(Outcome outcome, @Nullable String detail) {
        this.outcome = outcome;
        this.detail = detail == null ? null : printable(detail);
    }

    /** A text from outside, fit for one line of a log or a report. */
    static String printable(String detail) {
        return FlagText.printable(detail, DETAIL_LENGTH);
    }

    /**
     * The dependency works.
     *
     * @return always the same instance
     */
    public static ProbeResult up() {
        return UP;
    }

    /**
     * The dependency works, but has no room for more.
     *
     * @param detail what is full, for people: kept as one line of at most 300 characters; null if there is nothing to add
     * @return the result
     */
    public static ProbeResult saturated(@Nullable String detail) {
        return new ProbeResult(Outcome.SATURATED, detail);
    }

    /**
     * The dependency does not work, and there is evidence for it.
     *
     * @param detail the evidence, for people: kept as one line of at most 300 characters; null, as the message of an
     *     exception may be, costs nothing but the explanation
     * @return the result
     */
    public static ProbeResult down(@Nullable String detail) {
        return new ProbeResult(Outcome.DOWN, detail);
    }

    /**
     * What was found.
     *
     * @return {@link Outcome#UP}, {@link Outcome#SATURATED} or {@link Outcome#DOWN}
     */
    public Outcome outcome() {
        return outcome;
    }

    /**
     * A word for people.
     *
     * @return null if there is nothing to add
     */
    public @Nullable String detail() {
        return detail;
    }

    @Override
    public String toString() {
        return detail == null ? outcome.toString() : outcome + " (" + detail + ")";
    }
}
