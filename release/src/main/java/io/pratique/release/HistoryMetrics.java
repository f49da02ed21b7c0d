package io.pratique.release;

import io.pratique.release.StepRecord.Part;
import io.pratique.release.StepRecord.State;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What the journals tell, as metrics. Used by one thread. */
final class HistoryMetrics {

    /** How many releases have series of their own. */
    static final int NEWEST = 50;

    private static final String NONE = "none";
    private static final String REQUESTED = "requested";
    private static final String STOPPED = "stopped";

    private final ReleaseHistory history;
    private final Path directory;
    private final MetricsText text;
    private @Nullable Ending last;
    private @Nullable Instant lastRollbackAt;
    private @Nullable Instant lastUndoneAt;

    HistoryMetrics(ReleaseHistory history, Path directory, MetricsText text) {
        this.history = history;
        this.directory = directory;
        this.text = text;
    }

    void add() throws IOException {
        // Either all of them can be read, or none is shown: less than there was would look like a new beginning.
        Map<ReleaseRecord, List<Ending>> endings = new LinkedHashMap<>();
        for (ReleaseRecord release : history.releases()) {
            endings.put(release, Ending.of(release, directory));
        }
        addZeros();
        endings.forEach((release, ends) -> {
            addEndings(release, ends);
            addRollback(release);
            addFailures(release);
        });
        history.releases().stream().limit(NEWEST).forEach(this::addOwn);
        history.releases().stream().findFirst().ifPresent(this::addSafeguards);
        String current = history.currentVersion();
        if (current != null) {
            text.set(ReleaseMetric.INFO, true, current);
        }
    }

    /** Whoever counts on from nothing does not see the first one of a kind. */
    private void addZeros() {
        text.count(ReleaseMetric.RELEASES, 0, label(ReleaseOutcome.DONE), NONE);
        text.count(ReleaseMetric.RELEASES, 0, label(ReleaseOutcome.INTERRUPTED), STOPPED);
        for (ReleaseOutcome outcome :
                List.of(ReleaseOutcome.ROLLED_BACK, ReleaseOutcome.ROLLBACK_FAILED, ReleaseOutcome.NOTHING_CHANGED)) {
            text.count(ReleaseMetric.RELEASES, 0, label(outcome), REQUESTED);
        }
        for (ReleaseOutcome outcome : ReleaseOutcome.values()) {
            if (outcome != ReleaseOutcome.INCONCLUSIVE) {
                text.observeNothing(ReleaseMetric.DURATION, label(outcome));
            }
        }
        text.count(ReleaseMetric.ROLLBACKS, 0, REQUESTED);
        text.count(ReleaseMetric.ROLLBACKS, 0, STOPPED);
        text.observeNothing(ReleaseMetric.TIME_TO_DETECT);
        text.observeNothing(ReleaseMetric.TIME_TO_ROLL_BACK);
        steps(step -> step.kind().isForward()).forEach(step -> {
            text.count(ReleaseMetric.ROLLBACKS, 0, step);
            text.count(ReleaseMetric.STEP_FAILURES, 0, step, label(Part.ACTION));
        });
        steps(step -> step.kind() == StepKind.CHECK || step.part() == Part.VERIFICATION)
                .forEach(step -> text.count(ReleaseMetric.HEALTH_CHECK_FAILURES, 0, step));
    }

    private List<String> steps(Predicate<StepRecord> which) {
        return history.releases().stream()
                .flatMap(release -> release.steps().stream())
                .filter(which)
                .map(StepRecord::name)
                .distinct()
                .sorted()
                .toList();
    }

    private void addEndings(ReleaseRecord release, List<Ending> endings) {
        for (Ending ending : endings) {
            String outcome = label(ending.outcome());
            text.count(ReleaseMetric.RELEASES, 1, outcome, reason(release, ending.outcome()));
            text.observe(ReleaseMetric.DURATION, ending.duration(), outcome);
            if (last == null || ending.endedAt().isAfter(last.endedAt())) {
                last = ending;
                text.set(ReleaseMetric.LAST_DURATION, ending.duration());
                text.set(ReleaseMetric.LAST_END, ending.endedAt());
            }
        }
    }

    private void addRollback(ReleaseRecord release) {
        Instant rollbackAt = release.rollbackAt();
        Instant changedAt = changedAt(release);
        if (rollbackAt == null || changedAt == null) {
            return;
        }
        Duration detected = Duration.between(changedAt, rollbackAt);
        text.count(ReleaseMetric.ROLLBACKS, 1, reason(release, release.outcome()));
        text.observe(ReleaseMetric.TIME_TO_DETECT, detected);
        if (lastRollbackAt == null || rollbackAt.isAfter(lastRollbackAt)) {
            lastRollbackAt = rollbackAt;
            text.set(ReleaseMetric.LAST_TIME_TO_DETECT, detected);
        }
        Instant endedAt = release.endedAt();
        if (endedAt != null && release.outcome() != null && release.outcome().isEnd()) {
            Duration undone = Duration.between(rollbackAt, endedAt);
            text.observe(ReleaseMetric.TIME_TO_ROLL_BACK, undone);
            if (lastUndoneAt == null || rollbackAt.isAfter(lastUndoneAt)) {
                lastUndoneAt = rollbackAt;
                text.set(ReleaseMetric.LAST_TIME_TO_ROLL_BACK, undone);
            }
        }
    }

    /** When a release began to change something; null if it did not. */
    private static @Nullable Instant changedAt(ReleaseRecord release) {
        return release.steps().stream()
                .filter(HistoryMetrics::isChange)
                .findFirst()
                .map(StepRecord::begunAt)
                .orElse(null);
    }

    private static boolean isChange(StepRecord step) {
        return step.kind() == StepKind.CHANGE && step.part() == Part.ACTION;
    }

    private void addFailures(ReleaseRecord release) {
        failures(release).forEach(step -> text.count(ReleaseMetric.STEP_FAILURES, 1, step.name(), label(step.part())));
        healthFailures(release).forEach(step -> text.count(ReleaseMetric.HEALTH_CHECK_FAILURES, 1, step.name()));
    }

    /** What was told to stop has not failed. */
    private static List<StepRecord> failures(ReleaseRecord release) {
        return release.steps().stream()
                .filter(step -> step.state() == State.FAILED)
                .filter(step -> release.outcome() != ReleaseOutcome.INTERRUPTED || !step.failsRelease())
                .toList();
    }

    private static List<StepRecord> healthFailures(ReleaseRecord release) {
        List<StepRecord> sinceChange =
                release.steps().stream().dropWhile(step -> !isChange(step)).toList();
        return failures(release).stream()
                .filter(sinceChange::contains)
                .filter(step -> step.kind() == StepKind.CHECK
                        || step.part() == Part.VERIFICATION
                        || step.part() == Part.ROLLBACK_VERIFICATION)
                .toList();
    }

    /** What one of the newest releases has of its own. */
    private void addOwn(ReleaseRecord release) {
        ReleaseOutcome outcome = release.outcome();
        String reason = reason(release, outcome);
        if (outcome != null && release.endedAt() != null) {
            text.set(ReleaseMetric.END, release.endedAt(), release.id(), label(outcome), reason);
        }
        if (release.rollbackAt() != null && changedAt(release) != null) {
            text.set(ReleaseMetric.ROLLBACK, release.rollbackAt(), release.id(), reason);
        }
        healthFailures(release).stream()
                .sorted(Comparator.comparing(HistoryMetrics::endedAt))
                .forEach(step -> text.set(ReleaseMetric.HEALTH_CHECK_FAILED, endedAt(step), release.id(), step.name()));
    }

    private static Instant endedAt(StepRecord step) {
        return Objects.requireNonNullElse(step.endedAt(), step.begunAt());
    }

    private void addSafeguards(ReleaseRecord newest) {
        newest.steps().stream()
                .filter(step -> step.kind() == StepKind.CHECK || step.kind() == StepKind.PROTECT)
                .forEach(step ->
                        text.set(ReleaseMetric.SAFEGUARD, step.state() == State.DONE, step.name(), label(step.kind())));
    }

    private static String reason(ReleaseRecord release, @Nullable ReleaseOutcome outcome) {
        if (outcome == ReleaseOutcome.DONE) {
            return NONE;
        }
        if (outcome == ReleaseOutcome.INTERRUPTED) {
            return STOPPED;
        }
        return release.failedStep() == null ? REQUESTED : release.failedStep();
    }

    private static String label(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT);
    }
}
