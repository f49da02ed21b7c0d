package io.pratique.health;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pratique.flags.SourceStatus;
import io.pratique.readiness.GateDecision;
import io.pratique.readiness.HealthReport;
import io.pratique.readiness.JobStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What is reported, as JSON. Times are ISO-8601 in UTC; what is not known is null, so that the fields are always the same. */
final class HealthJson {

    private HealthJson() {}

    static ObjectNode live(String service) {
        return object().put("live", true).put("service", service);
    }

    static ObjectNode ready(String service, HealthReport report) {
        return object().put("ready", report.ready())
                .put("draining", report.draining())
                .put("status", word(report.status()))
                .put("service", service)
                .put("timestamp", text(report.timestamp()));
    }

    /** Everything; the texts of exceptions only with details. */
    static ObjectNode full(String service, HealthReport report, boolean details) {
        ObjectNode json = object().put("status", word(report.status()))
                .put("service", service)
                .put("timestamp", text(report.timestamp()))
                .put("ready", report.ready())
                .put("draining", report.draining());
        ObjectNode checks = json.putObject("checks");
        report.checks().forEach(check -> checks.set(check.name(), check(check, details)));
        return json;
    }

    private static ObjectNode check(HealthReport.Check check, boolean details) {
        ObjectNode json = object().put("outcome", check.outcome().name())
                .put("critical", check.critical())
                .put("ageMs", millis(check.age()))
                .put("durationMs", millis(check.duration()))
                .put("since", text(check.since()))
                .put("reason", check.reason());
        return details ? json.put("detail", check.detail()) : json;
    }

    /** What has become of a job, and what the gate says of it now. */
    static ObjectNode job(JobStatus job, GateDecision decision) {
        ObjectNode json = object().put("run", decision.run())
                .put("reason", decision.reason().name())
                .put("dependency", decision.dependency())
                .put("since", text(decision.since()))
                .put("detail", decision.detail())
                .put("runs", job.runs())
                .put("failOpenRuns", job.failOpenRuns())
                .put("running", job.running())
                .put("lastRun", text(job.lastRun()))
                .put("skippedSince", text(job.skippedSince()))
                .put("overdue", job.overdue());
        ObjectNode skips = json.putObject("skips");
        job.skips().forEach((reason, count) -> skips.put(reason.name(), count));
        return json;
    }

    static ObjectNode source(SourceStatus source) {
        return object().put("state", source.state().name())
                .put("flags", source.flags())
                .put("lastSuccess", text(source.lastSuccess()))
                .put("ageMs", millis(source.age()))
                .put("consecutiveFailures", source.consecutiveFailures())
                .put("error", source.error())
                .put("loadingForMs", millis(source.loadingFor()))
                .put("pushed", source.pushed())
                .put("loads", source.loads())
                .put("failedLoads", source.failedLoads())
                .put("invalidValues", source.invalidValues());
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static String word(HealthReport.Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }

    private static @Nullable Long millis(@Nullable Duration duration) {
        return duration == null ? null : Long.valueOf(duration.toMillis());
    }
}
