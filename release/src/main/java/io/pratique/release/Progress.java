package io.pratique.release;

import io.pratique.release.JournalEntry.Event;
import io.pratique.release.StepRecord.Part;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** How far a release has come, by its journal. */
final class Progress {

    private record Piece(String step, Part part) {}

    private final List<Step> plan;
    private final Map<Piece, JournalEntry> last = new HashMap<>();
    private @Nullable String rollbackReason;
    private @Nullable ReleaseOutcome end;

    private Progress(List<Step> plan) {
        this.plan = plan;
    }

    static Progress of(List<Step> plan, List<JournalEntry> entries) {
        Progress progress = new Progress(plan);
        entries.forEach(progress::add);
        return progress;
    }

    /** Takes one entry more into account. */
    void add(JournalEntry entry) {
        switch (entry.event()) {
            case INTENT, SUCCESS, FAILURE ->
                last.put(new Piece(Objects.requireNonNull(entry.step()), Objects.requireNonNull(entry.part())), entry);
            case ROLLBACK -> {
                rollbackReason = rollbackReason == null ? entry.detail() : rollbackReason;
                forgetIf(step -> step.kind().isLast());
            }
            case RESUMED -> resumed();
            case END -> end = ReleaseOutcome.valueOf(entry.detail());
        }
    }

    /** What was looked at may look otherwise by now, and whoever was told of an end is to be told of the next one. */
    private void resumed() {
        boolean changed = plan.stream().anyMatch(this::wasBegunAsChange);
        boolean ended = end != null;
        forgetIf(step -> step.kind() == StepKind.CHECK
                || (step.kind() == StepKind.PROTECT && !changed)
                || (step.kind().isLast() && ended));
        plan.forEach(step -> {
            last.remove(new Piece(step.name(), Part.ROLLBACK_CHECK));
            last.remove(new Piece(step.name(), Part.ROLLBACK_VERIFICATION));
        });
        end = null;
    }

    private void forgetIf(Predicate<Step> forgotten) {
        plan.stream().filter(forgotten).forEach(step -> last.remove(new Piece(step.name(), Part.ACTION)));
    }

    /** What is known last of a part of a step; null if it was not begun. */
    @Nullable Event last(Step step, Part part) {
        JournalEntry entry = last.get(new Piece(step.name(), part));
        return entry == null ? null : entry.event();
    }

    boolean succeeded(Step step, Part part) {
        return last(step, part) == Event.SUCCESS;
    }

    /** Why a part of a step has failed, if that is the last that is known of it; else null. */
    @Nullable String failure(Step step, Part part) {
        JournalEntry entry = last.get(new Piece(step.name(), part));
        return entry != null && entry.event() == Event.FAILURE ? entry.detail() : null;
    }

    boolean wasBegunAsChange(Step step) {
        return step.kind() == StepKind.CHANGE && last(step, Part.ACTION) != null;
    }

    /** Whether a change may still be there, in whole or in part. */
    boolean mayBeMade(Step change) {
        return wasBegunAsChange(change) && !succeeded(change, Part.COMPENSATION);
    }

    /** Whether a change was there, in whole or in part, and is no more. */
    boolean wasUndone(Step change) {
        return wasBegunAsChange(change) && succeeded(change, Part.COMPENSATION);
    }

    /** Why the changes are being undone; null if they are not. */
    @Nullable String rollbackReason() {
        return rollbackReason;
    }
}
