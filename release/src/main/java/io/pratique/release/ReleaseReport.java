package io.pratique.release;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What became of a release.
 *
 * @param version what was released
 * @param outcome what became of it
 * @param reason why, for people; null if all went well
 * @param journal where all of it is written down; null if nothing was begun
 */
public record ReleaseReport(
        String version,
        ReleaseOutcome outcome,
        @Nullable String reason,
        @Nullable Path journal) {

    /** What to do now, as a sentence. */
    private String remedy() {
        return switch (outcome) {
            case DONE -> "nothing is left to do";
            case ROLLED_BACK, INTERRUPTED -> "what was there before is there again";
            case NOTHING_CHANGED -> "nothing was changed";
            case ROLLBACK_FAILED -> "mend what could not be undone, and roll back again";
            case INCONCLUSIVE -> "resume it or roll it back";
        };
    }

    /** One line for people. */
    @Override
    public String toString() {
        return "Release " + version + ": " + outcome + (reason == null ? "" : ", since " + reason) + "; " + remedy();
    }
}
