package io.pratique.readiness;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
     * @param critical whether the process is not ready without it
     * @param age how long ago something was last heard of it; null if nothing was
     * @param duration how long its last check took; null if none has ended
     * @param since since when the outcome is what it is
     * @param reason a code for the outcome, the same for the same cause
     * @param detail what was found last, for people with a right to see it; null if there is nothing to add
     */
    public record Check(
            String name,
            Outcome outcome,
            boolean critical,
            @Nullable Duration age,
            @Nullable Duration duration,
            Instant since,
            String reason,
            @Nullable String detail) {}
}
