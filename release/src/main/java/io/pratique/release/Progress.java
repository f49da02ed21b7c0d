package io.pratique.release;

import io.pratique.release.JournalEntry.Event;
import io.pratique.release.JournalEntry.Part;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How far a release has come, by its journal. */
final class Progress {

    private record Piece(String step, Part part) {}

    private final Map<Piece, JournalEntry> last = new HashMap<>();
    private @Nullable String rollbackReason;
    private @Nullable ReleaseOutcome end;

    private Progress() {}

    static Progress of(List<JournalEntry> entries) {
        Progress progress = new Progress();
        entries.forEach(progress::add);
        return progress;
    }

    /** Takes one entry more into account. */
    void add(JournalEntry entry) {
        switch (entry.event()) {
            case INTENT, SUCCESS, FAILURE ->
                last.put(new Piece(Objects.requireNonNull(entry.step()), Objects.requireNonNull(entry.part())), entry);
            case ROLLBACK -> rollbackReason = rollbackReason == null ? entry.detail() : rollbackReason;
            case RESUMED -> end = null;
            case END -> end = ReleaseOutcome.valueOf(entry.detail());
        }
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

    boolean wasBegun(Step change) {
        return last(change, Part.ACTION) != null;
    }

    /** Whether a change may still be there, in whole or in part. */
    boolean mayBeMade(Step change) {
        return wasBegun(change) && !succeeded(change, Part.COMPENSATION);
    }

    /** Why the changes are being undone; null if they are not. */
    @Nullable String rollbackReason() {
        return rollbackReason;
    }

    /** What has become of the release; null if that is open. */
    @Nullable ReleaseOutcome end() {
        return end;
    }
}
