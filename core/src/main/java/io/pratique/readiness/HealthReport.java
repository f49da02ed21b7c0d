package io.pratique.readiness;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the process is, as read from memory at one moment.
 *
 * @param status the worst of the checks
 * @param ready whether it should be sent work
 * @param draining whether it is shutting down
 * @param timestamp when this was read, by the wall clock
 * @param checks one for each dependency, in the order of their probes
 */
public record HealthReport(Status status, boolean ready, boolean draining, Instant timestamp, List<Check> checks) {

    /** How the process is as a whole. */
    public enum Status {
        /** All dependencies work. */
        HEALTHY,
        /** One that is not critical is down, or something is saturated or uncertain. */
        DEGRADED,
        /** One that is critical is down. */
        UNHEALTHY
    }

    /**
     * One dependency.
     *
     * @param name its name
     * @param outcome what counts now, thresholds and holds applied
     * @param down whether it counts as down, so that jobs that need it are skipped: by a vote, a timeout or a hold, which
     *     the outcome alone does not tell
     * @param critical whether the process is not ready without it
     * @param age how long ago something was last heard of it; null if nothing was
     * @param duration how long its last check took; null if none has ended
     * @param since since when the outcome is what it is
     * @param reason a code for the outcome, the same for the same cause
     * @param detail what was found last, for people with a right to see it; null if there is nothing to add
     * @param counts what was heard so far
     */
    public record Check(
            String name,
            Outcome outcome,
            boolean down,
            boolean critical,
            @Nullable Duration age,
            @Nullable Duration duration,
            Instant since,
            String reason,
            @Nullable String detail,
            Counts counts) {}

    /**
     * What was heard of one dependency since the gate was built, for metrics.
     *
     * @param outcomes how often which outcome was found by a check or told by a real call, before any threshold; those
     *     that never were are left out
     * @param checks how many checks have ended
     * @param checking how long these took together
     */
    public record Counts(Map<Outcome, Long> outcomes, long checks, Duration checking) {}
}
