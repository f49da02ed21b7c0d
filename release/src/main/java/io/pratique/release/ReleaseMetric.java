package io.pratique.release;

import java.util.List;
import java.util.Locale;

/**
 * A metric of {@link ReleaseMetrics}, by its name in Prometheus. Times are in seconds, timestamps in seconds since 1970,
 * states 1 or 0. Outcomes are those of {@link ReleaseOutcome} in lower case. A reason is the name of the step that failed,
 * {@code requested} for a rollback that was asked for, {@code stopped} for a release that was told to stop, or {@code
 * none}.
 */
public enum ReleaseMetric {
    /** Counter by outcome and reason. A release that was done, and undone later, has ended twice. */
    RELEASES("pratique_releases_total", Type.COUNTER, "Ends of releases, by outcome and reason.", "outcome", "reason"),

    /** Summary by outcome: from the begin of a release to its end, or from when it was taken up again after one. */
    DURATION("pratique_release_duration_seconds", Type.SUMMARY, "Duration of releases, by outcome.", "outcome"),

    /** Gauge: the same of the release that ended last. */
    LAST_DURATION("pratique_release_last_duration_seconds", Type.GAUGE, "Duration of the release that ended last."),

    /** Gauge: when a release ended last. */
    LAST_END("pratique_release_last_end_timestamp_seconds", Type.GAUGE, "When a release ended last."),

    /** Gauge by version, always 1: the version that was released last and not undone. */
    INFO("pratique_release_info", Type.GAUGE, "The current version.", "version"),

    /** Counter by reason: rollbacks of releases that had begun to change something. */
    ROLLBACKS("pratique_release_rollbacks_total", Type.COUNTER, "Rollbacks that were begun, by reason.", "reason"),

    /** Summary: from the begin of a release's first change to the begin of its rollback. */
    TIME_TO_DETECT(
            "pratique_release_time_to_detect_seconds",
            Type.SUMMARY,
            "From the first change to the begin of the rollback."),

    /** Gauge: the same of the rollback that was begun last. */
    LAST_TIME_TO_DETECT(
            "pratique_release_last_time_to_detect_seconds",
            Type.GAUGE,
            "From the first change to the begin of the rollback, for the last rollback."),

    /** Summary: from the begin of a rollback to its end; of those that succeeded. */
    TIME_TO_ROLL_BACK(
            "pratique_release_time_to_roll_back_seconds", Type.SUMMARY, "From the begin of a rollback to its end."),

    /** Gauge: the same of the rollback that was begun last, of those that succeeded. */
    LAST_TIME_TO_ROLL_BACK(
            "pratique_release_last_time_to_roll_back_seconds",
            Type.GAUGE,
            "From the begin of the last rollback to its end."),

    /** Counter by step and part: parts of steps that have failed. */
    STEP_FAILURES("pratique_release_step_failures_total", Type.COUNTER, "Steps that failed, by part.", "step", "part"),

    /** Counter by step: checks after the first change, and verifications, that have failed. */
    HEALTH_CHECK_FAILURES(
            "pratique_release_health_check_failures_total",
            Type.COUNTER,
            "Checks after the first change, and verifications, that failed.",
            "step"),

    /** Gauge by step and kind: 1 if a check or protection of the newest release has succeeded, 0 if not. */
    SAFEGUARD(
            "pratique_release_safeguard",
            Type.GAUGE,
            "Whether checks and protections of the newest release succeeded.",
            "step",
            "kind"),

    /** Gauge by release, outcome and reason: when each of the newest 50 releases ended. */
    END(
            "pratique_release_end_timestamp_seconds",
            Type.GAUGE,
            "When each of the newest releases ended.",
            "release",
            "outcome",
            "reason"),

    /** Gauge by release and reason: when the rollback of each of the newest 50 releases was begun. */
    ROLLBACK(
            "pratique_release_rollback_timestamp_seconds",
            Type.GAUGE,
            "When the rollback of each of the newest releases was begun.",
            "release",
            "reason"),

    /** Gauge by release and step: when a health check failed last in each of the newest 50 releases. */
    HEALTH_CHECK_FAILED(
            "pratique_release_health_check_failed_timestamp_seconds",
            Type.GAUGE,
            "When a health check failed in each of the newest releases.",
            "release",
            "step"),

    /** Gauge: 1 if a release is neither done nor undone, and nobody goes on with it. */
    PARTIAL(
            "pratique_release_partial",
            Type.GAUGE,
            "Whether a release is neither done nor undone, and nobody goes on with it."),

    /** Gauge: for how long a release has been running; 0 if none is. */
    RUNNING("pratique_release_running_seconds", Type.GAUGE, "For how long a release has been running."),

    /** Gauge: 1 while somebody has the lock, be it one who died. */
    LOCK_HELD("pratique_release_lock_held", Type.GAUGE, "Whether somebody has the lock."),

    /** Gauge: 1 while the lock is one of a holder that is known to be dead. */
    LOCK_STALE("pratique_release_lock_stale", Type.GAUGE, "Whether the holder of the lock is dead."),

    /**
     * Gauge: for how long the holder of the lock has been silent; 0 if nobody has it. There is none for other locks than
     * those in files: they are stale once their holder has been silent for too long.
     */
    LOCK_SILENT(
            "pratique_release_lock_silent_seconds", Type.GAUGE, "For how long the holder of the lock has been silent."),

    /** Gauge: how many wait for the lock. */
    LOCK_WAITING("pratique_release_lock_waiting", Type.GAUGE, "How many releases wait for the lock."),

    /**
     * Gauge by signal: what the last watch of a release saw last, as {@code healthy} (1 or 0), {@code error_rate} (0 to 1),
     * {@code backlog} (messages) and {@code p95_seconds}. There is none for what is not watched.
     */
    WATCH("pratique_release_watch", Type.GAUGE, "What the last watch of a release saw last.", "signal"),

    /** Gauge: 1 if the last watch of a release has given the word to undo it. */
    WATCH_TRIGGERED(
            "pratique_release_watch_triggered", Type.GAUGE, "Whether the last watch has had its release undone."),

    /** Gauge: when the last watch of a release looked last. */
    WATCHED("pratique_release_watch_timestamp_seconds", Type.GAUGE, "When the last watch of a release looked last."),

    /**
     * Gauge by state: incidents that are {@code open}, of those the {@code overdue} ones, and those of which a receiver has
     * not been told yet, {@code undelivered}.
     */
    INCIDENTS("pratique_release_incidents", Type.GAUGE, "Incidents, by state.", "state"),

    /**
     * Gauge by release, outcome and state ({@code open}, {@code overdue} or {@code closed}): when each of the newest 50
     * incidents was opened.
     */
    INCIDENT(
            "pratique_release_incident_timestamp_seconds",
            Type.GAUGE,
            "When each of the newest incidents was opened.",
            "release",
            "outcome",
            "state"),

    /**
     * Gauge by source ({@code history}, {@code lock}, {@code watch}, {@code incidents}): 1 if it cannot be read, so that
     * its metrics are not there.
     */
    UNREADABLE(
            "pratique_release_unreadable", Type.GAUGE, "Whether a source of these metrics cannot be read.", "source"),

    /** Gauge: when these metrics were computed. */
    COMPUTED("pratique_release_metrics_timestamp_seconds", Type.GAUGE, "When these metrics were computed.");

    enum Type {
        COUNTER,
        GAUGE,
        SUMMARY
    }

    private final String metricName;
    private final Type type;
    private final String help;

    @SuppressWarnings("ImmutableEnumChecker") // List.of is.
    private final List<String> labels;

    ReleaseMetric(String metricName, Type type, String help, String... labels) {
        this.metricName = metricName;
        this.type = type;
        this.help = help;
        this.labels = List.of(labels);
    }

    /**
     * What it is called in Prometheus.
     *
     * @return such as {@code pratique_releases_total}; of a summary, without {@code _sum} and {@code _count}
     */
    public String metricName() {
        return metricName;
    }

    /**
     * What kind of metric it is.
     *
     * @return {@code counter}, {@code gauge} or {@code summary}
     */
    public String type() {
        return type.name().toLowerCase(Locale.ROOT);
    }

    /**
     * What it tells.
     *
     * @return a sentence
     */
    public String help() {
        return help;
    }

    /**
     * Its labels, besides that of the service.
     *
     * @return their names in their order
     */
    public List<String> labels() {
        return labels;
    }

    boolean isSummary() {
        return type == Type.SUMMARY;
    }
}
