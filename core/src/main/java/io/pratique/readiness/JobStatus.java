package io.pratique.readiness;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What has become of a wrapped job so far.
 *
 * @param job its name
 * @param runs how often it was let run
 * @param failOpenRuns how many of these it was let run because nothing certain was known of what it needs
 * @param skips how often it was skipped, by reason; reasons that never occurred are left out
 * @param running how many runs are under way
 * @param lastRun when it was last let run, by the wall clock; null if never
 * @param skippedSince since when it has been skipped without a run between; null if it was not
 * @param overdue whether it has not run for longer than its {@code maxSkipAge}
 */
public record JobStatus(
        String job,
        long runs,
        long failOpenRuns,
        Map<DecisionReason, Long> skips,
        int running,
        @Nullable Instant lastRun,
        @Nullable Instant skippedSince,
        boolean overdue) {}
