package io.pratique.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What is known beside the journals, as metrics: the lock, and what the last watch saw. Used by one thread. */
final class SituationMetrics {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path directory;
    private final Instant now;
    private final MetricsText text;

    SituationMetrics(Path directory, Instant now, MetricsText text) {
        this.directory = directory;
        this.now = now;
        this.text = text;
    }

    /** Who has the lock, and whether that lives. */
    void addLock(ReleaseLock lock, @Nullable ReleaseHistory history) throws IOException {
        LockState state = lock.state();
        text.set(ReleaseMetric.LOCK_HELD, state != null);
        text.set(ReleaseMetric.LOCK_STALE, state != null && state.stale());
        text.set(ReleaseMetric.LOCK_WAITING, state == null ? 0 : state.waiting());
        if (lock instanceof FileReleaseLock file) {
            Instant sign = state == null ? null : file.lastSign(state.token());
            text.set(ReleaseMetric.LOCK_SILENT, sign == null ? Duration.ZERO : Duration.between(sign, now));
        }
        if (history != null) {
            addRunning(history.underWay(), state);
        }
    }

    private void addRunning(@Nullable ReleaseRecord underWay, @Nullable LockState state) throws IOException {
        Instant heldSince = state == null || state.stale() ? null : state.since();
        boolean failed = underWay != null && underWay.outcome() == ReleaseOutcome.ROLLBACK_FAILED;
        boolean left = !failed && underWay != null && heldSince == null && isStillUnderWay(underWay);
        text.set(ReleaseMetric.PARTIAL, failed || left);
        text.set(
                ReleaseMetric.RUNNING,
                underWay == null || heldSince == null ? Duration.ZERO : Duration.between(heldSince, now));
    }

    /** One that has ended since the journals were read has let go of the lock as well, and was not left. */
    private boolean isStillUnderWay(ReleaseRecord release) throws IOException {
        ReleaseRecord now = ReleaseHistory.in(directory).underWay();
        return now != null && now.number() == release.number();
    }

    /** What was seen when a release was watched last. */
    void addWatch(ReleaseHistory history) throws IOException {
        for (ReleaseRecord release : history.releases()) {
            Path file = directory.resolve("files").resolve(release.id()).resolve("watch.json");
            if (Files.exists(file)) {
                addWatch(read(file));
                return;
            }
        }
    }

    private void addWatch(JsonNode watch) throws IOException {
        JsonNode healthy = watch.path("healthy");
        if (healthy.isBoolean()) {
            text.set(ReleaseMetric.WATCH, healthy.booleanValue(), "healthy");
        }
        addSignal(watch.path("errorRate"), "error_rate");
        addSignal(watch.path("backlog"), "backlog");
        addSignal(watch.path("p95Seconds"), "p95_seconds");
        text.set(ReleaseMetric.WATCH_TRIGGERED, watch.hasNonNull("trigger"));
        text.set(ReleaseMetric.WATCHED, time(watch, "at"));
    }

    private void addSignal(JsonNode value, String signal) {
        if (value.isNumber()) {
            text.set(ReleaseMetric.WATCH, value.doubleValue(), signal);
        }
    }

    static JsonNode read(Path file) throws IOException {
        JsonNode json = JSON.readTree(Files.readAllBytes(file));
        if (!json.isObject()) {
            throw new IOException("\"" + file + "\" holds no JSON object");
        }
        return json;
    }

    static Instant time(JsonNode json, String field) throws IOException {
        try {
            return Instant.parse(json.path(field).asText());
        } catch (DateTimeException e) {
            throw new IOException("field \"" + field + "\" is no time in UTC", e);
        }
    }
}
