package io.pratique.release;

import io.pratique.release.JournalEntry.Header;
import io.pratique.release.StepRecord.State;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One release, as its journal tells of it. Times are those of the machines that ran it.
 *
 * @param id of the release, unique in its directory, such as {@code 7-v1.2.4}
 * @param number of the release, larger than that of each before
 * @param version what was released
 * @param previousVersion what was there before; null if that is not known
 * @param begunAt when it was begun
 * @param endedAt when it ended last; null if it has not, or goes on since
 * @param outcome what became of it; null if it is neither done nor undone
 * @param rollbackAt when it was decided to undo it; null if it was not
 * @param reason why it was; null likewise
 * @param failedStep the step for which it was; null if none has failed: it was asked for, told to stop, or the next step could
 *     not be begun
 * @param plan the steps in their order, by kind and name
 * @param steps what was run, in the order in which it was begun
 * @param journal where all of it is written down
 */
public record ReleaseRecord(
        String id,
        long number,
        String version,
        @Nullable String previousVersion,
        Instant begunAt,
        @Nullable Instant endedAt,
        @Nullable ReleaseOutcome outcome,
        @Nullable Instant rollbackAt,
        @Nullable String reason,
        @Nullable String failedStep,
        List<String> plan,
        List<StepRecord> steps,
        Path journal) {

    /**
     * Copies the lists.
     *
     * @param id of the release
     * @param number of the release
     * @param version what was released
     * @param previousVersion what was there before
     * @param begunAt when it was begun
     * @param endedAt when it ended last
     * @param outcome what became of it
     * @param rollbackAt when it was decided to undo it
     * @param reason why it was
     * @param failedStep the step for which it was
     * @param plan the steps in their order
     * @param steps what was run
     * @param journal where all of it is written down
     */
    public ReleaseRecord {
        plan = List.copyOf(plan);
        steps = List.copyOf(steps);
    }

    static String id(Header header) {
        return header.number() + "-" + header.version();
    }

    /** What a journal tells. */
    static ReleaseRecord of(Header header, List<JournalEntry> entries, Path journal) {
        Reading reading = new Reading(header);
        entries.forEach(reading::add);
        return new ReleaseRecord(
                id(header),
                header.number(),
                header.version(),
                header.previousVersion(),
                header.at(),
                reading.endedAt,
                reading.outcome,
                reading.rollbackAt,
                reading.reason,
                reading.failedStep,
                header.plan(),
                reading.steps,
                journal);
    }

    /**
     * Whether a change of this release may be there, in whole or in part.
     *
     * @return true if a change was begun, and not undone since
     */
    public boolean isChanged() {
        return !changes().isEmpty();
    }

    /**
     * The changes of this release that may be there.
     *
     * @return the names of their steps, in the order of the plan; a change of which only a part was made is among them
     */
    public List<String> changes() {
        return plan.stream()
                .filter(step -> step.startsWith(StepKind.CHANGE + " "))
                .map(step -> step.substring(step.indexOf(' ') + 1))
                .filter(name -> wasRun(name, StepRecord.Part.ACTION) && !isDone(name, StepRecord.Part.COMPENSATION))
                .toList();
    }

    /** Whether it was done, and not undone since. */
    boolean stands() {
        return outcome == ReleaseOutcome.DONE && rollbackAt == null;
    }

    private boolean wasRun(String name, StepRecord.Part part) {
        return steps.stream()
                .anyMatch(step -> step.part() == part && step.name().equals(name));
    }

    private boolean isDone(String name, StepRecord.Part part) {
        return steps.stream()
                .filter(step -> step.part() == part && step.name().equals(name))
                .reduce((earlier, later) -> later)
                .filter(step -> step.state() == State.DONE)
                .isPresent();
    }

    /** One line after the other. */
    private static final class Reading {

        private final Header header;
        private final List<StepRecord> steps = new ArrayList<>();
        private @Nullable Instant endedAt;
        private @Nullable ReleaseOutcome outcome;
        private @Nullable Instant rollbackAt;
        private @Nullable String reason;
        private @Nullable String failedStep;

        Reading(Header header) {
            this.header = header;
        }

        void add(JournalEntry entry) {
            switch (entry.event()) {
                case INTENT -> steps.add(begun(entry));
                case SUCCESS -> end(entry, State.DONE);
                case FAILURE -> end(entry, State.FAILED);
                case ROLLBACK -> rollback(entry);
                case RESUMED -> {
                    endedAt = null;
                    outcome = null;
                }
                case END -> {
                    endedAt = entry.at();
                    outcome = ReleaseOutcome.valueOf(entry.detail());
                }
            }
        }

        private StepRecord begun(JournalEntry entry) {
            String name = Objects.requireNonNull(entry.step());
            return new StepRecord(
                    name, kind(name), Objects.requireNonNull(entry.part()), State.BEGUN, entry.at(), null, "");
        }

        private StepKind kind(String name) {
            return header.plan().stream()
                    .filter(step -> step.endsWith(" " + name))
                    .findFirst()
                    .map(step -> StepKind.valueOf(step.substring(0, step.indexOf(' '))))
                    .orElseThrow(() -> new IllegalArgumentException(
                            "the journal tells of step \"" + name + "\", which the release does not have"));
        }

        /** What is known without having been done, such as that nothing is left to undo, begins and ends at once. */
        private void end(JournalEntry entry, State state) {
            for (int i = steps.size() - 1; i >= 0; i--) {
                StepRecord step = steps.get(i);
                if (step.state() == State.BEGUN
                        && step.part() == entry.part()
                        && step.name().equals(entry.step())) {
                    steps.set(i, step.ended(state, entry.at(), entry.detail()));
                    return;
                }
            }
            steps.add(begun(entry).ended(state, entry.at(), entry.detail()));
        }

        private void rollback(JournalEntry entry) {
            if (rollbackAt != null) {
                return;
            }
            rollbackAt = entry.at();
            reason = entry.detail();
            StepRecord last = steps.isEmpty() ? null : steps.get(steps.size() - 1);
            failedStep = last != null && last.failsRelease() ? last.name() : null;
        }
    }
}
