package io.pratique.readiness;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a probe found. Immutable. */
public final class ProbeResult {

    private static final ProbeResult UP = new ProbeResult(Outcome.UP, null);

    private final Outcome outcome;
    private final @Nullable String detail;

    private ProbeResult(Outcome outcome, @Nullable String detail) {
        this.outcome = outcome;
        this.detail = detail;
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
     * @param detail what is full, for people
     * @return the result
     */
    public static ProbeResult saturated(String detail) {
        return new ProbeResult(Outcome.SATURATED, Objects.requireNonNull(detail, "detail"));
    }

    /**
     * The dependency does not work, and there is evidence for it.
     *
     * @param detail the evidence, for people
     * @return the result
     */
    public static ProbeResult down(String detail) {
        return new ProbeResult(Outcome.DOWN, Objects.requireNonNull(detail, "detail"));
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
