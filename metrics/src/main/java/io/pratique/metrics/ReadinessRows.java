package io.pratique.metrics;

import io.micrometer.core.instrument.Tags;
import io.pratique.readiness.DecisionReason;
import io.pratique.readiness.HealthReport;
import io.pratique.readiness.JobStatus;
import io.pratique.readiness.Outcome;
import io.pratique.readiness.ReadinessGate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What the meters of a gate show. */
final class ReadinessRows {

    private static final MeterSpec READY =
            MeterSpec.state(ReadinessMetrics.GATE_READY, "Whether the process should be sent work: 1, or 0");
    private static final MeterSpec DRAINING =
            MeterSpec.state(ReadinessMetrics.GATE_DRAINING, "Whether the process is shutting down: 1, or 0");
    private static final MeterSpec STATUS =
            MeterSpec.state(ReadinessMetrics.GATE_STATUS, "Whether the process as a whole is this: 1, or 0");
    private static final MeterSpec OUTCOME =
            MeterSpec.state(ReadinessMetrics.DEPENDENCY_OUTCOME, "Whether this counts of the dependency: 1, or 0");
    private static final MeterSpec DOWN = MeterSpec.state(
            ReadinessMetrics.DEPENDENCY_DOWN,
            "Whether the dependency counts as down, so that jobs are skipped: 1, or 0");
    private static final MeterSpec RESULTS = MeterSpec.counter(
            ReadinessMetrics.DEPENDENCY_RESULTS, "results", "What checks found and real calls told, before thresholds");
    private static final MeterSpec CHECK =
            MeterSpec.timer(ReadinessMetrics.DEPENDENCY_CHECK, "How long checks of the dependency took");
    private static final MeterSpec AGE =
            MeterSpec.time(ReadinessMetrics.DEPENDENCY_AGE, "How long ago something was last heard of the dependency");
    private static final MeterSpec DECISIONS = MeterSpec.counter(
            ReadinessMetrics.JOB_DECISIONS,
            "decisions",
            "Runs of the job, and ticks on which it was skipped, by reason");
    private static final MeterSpec SKIPPED = MeterSpec.time(
            ReadinessMetrics.JOB_SKIPPED, "How long the job has been skipped without a run between; 0 if it was not");
    private static final MeterSpec OVERDUE = MeterSpec.state(
            ReadinessMetrics.JOB_OVERDUE, "Whether the job has not run for longer than its maxSkipAge: 1, or 0");
    private static final MeterSpec ACTIVE =
            MeterSpec.number(ReadinessMetrics.JOB_ACTIVE_RUNS, "runs", "Runs of the job that are under way");

    /** The outcomes that can be heard; the others are what becomes of silence. */
    private static final List<Outcome> HEARD =
            List.of(Outcome.UP, Outcome.SATURATED, Outcome.DOWN, Outcome.TIMEOUT, Outcome.BROKEN);

    private final ReadinessGate gate;
    private final TagLimit limit = new TagLimit();

    ReadinessRows(ReadinessGate gate) {
        this.gate = gate;
    }

    /** The gate tells its own time, which is the one its jobs' times are from. */
    List<Row> read(Instant registryTime) {
        HealthReport health = gate.health();
        List<Row> rows = new ArrayList<>();
        rows.add(READY.row(Tags.empty(), health.ready()));
        rows.add(DRAINING.row(Tags.empty(), health.draining()));
        for (HealthReport.Status status : HealthReport.Status.values()) {
            rows.add(STATUS.row(Tags.of(ReadinessMetrics.STATUS, word(status)), status == health.status()));
        }
        health.checks().forEach(check -> addDependency(rows, check));
        addJobs(rows, health.timestamp());
        return rows;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static void addDependency(List<Row> rows, HealthReport.Check check) {
        Tags tags = Tags.of(ReadinessMetrics.DEPENDENCY, check.name());
        Tags all = tags.and(ReadinessMetrics.CRITICAL, Boolean.toString(check.critical()));
        for (Outcome outcome : Outcome.values()) {
            rows.add(OUTCOME.row(all.and(ReadinessMetrics.OUTCOME, word(outcome)), outcome == check.outcome()));
        }
        rows.add(DOWN.row(all, check.down()));
        HealthReport.Counts counts = check.counts();
        for (Outcome outcome : HEARD) {
            long heard = counts.outcomes().getOrDefault(outcome, 0L);
            rows.add(RESULTS.row(tags.and(ReadinessMetrics.OUTCOME, word(outcome)), heard));
        }
        rows.add(CHECK.row(tags, counts.checks(), counts.checking()));
        if (check.age() != null) {
            rows.add(AGE.row(tags, check.age()));
        }
    }

    private void addJobs(List<Row> rows, Instant now) {
        List<JobStatus> jobs = gate.jobs();
        Set<String> named = limit.among(jobs.stream().map(JobStatus::job).collect(Collectors.toSet()));
        Map<String, Standing> standings = new LinkedHashMap<>();
        for (JobStatus job : jobs) {
            String tag = named.contains(job.job()) ? job.job() : TagLimit.OTHERS;
            standings.merge(tag, Standing.of(job, now), Standing::and);
        }
        standings.forEach((job, standing) -> standing.addTo(rows, Tags.of(ReadinessMetrics.JOB_NAME, job)));
    }

    /** How a job is, or several that share a tag: their decisions and runs together, the longest time, the worst state. */
    private record Standing(Map<DecisionReason, Long> decisions, Duration skipped, boolean overdue, int running) {

        static Standing of(JobStatus job, Instant now) {
            Map<DecisionReason, Long> decisions = new EnumMap<>(DecisionReason.class);
            decisions.putAll(job.skips());
            decisions.put(DecisionReason.READY, job.runs() - job.failOpenRuns());
            decisions.put(DecisionReason.FAIL_OPEN, job.failOpenRuns());
            Instant since = job.skippedSince();
            Duration skipped = since == null || since.isAfter(now) ? Duration.ZERO : Duration.between(since, now);
            return new Standing(decisions, skipped, job.overdue(), job.running());
        }

        Standing and(Standing other) {
            Map<DecisionReason, Long> both = new EnumMap<>(decisions);
            other.decisions.forEach((reason, count) -> both.merge(reason, count, Long::sum));
            Duration longer = skipped.compareTo(other.skipped) > 0 ? skipped : other.skipped;
            return new Standing(both, longer, overdue || other.overdue, running + other.running);
        }

        /** All reasons from the start, so that the first decision of each is an increase. */
        void addTo(List<Row> rows, Tags tags) {
            for (DecisionReason reason : DecisionReason.values()) {
                long count = decisions.getOrDefault(reason, 0L);
                rows.add(DECISIONS.row(tags.and(ReadinessMetrics.REASON, word(reason)), count));
            }
            rows.add(SKIPPED.row(tags, skipped));
            rows.add(OVERDUE.row(tags, overdue));
            rows.add(ACTIVE.row(tags, running));
        }
    }
}
