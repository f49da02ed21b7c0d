package io.pratique.readiness;

import io.pratique.flags.spi.FlagText;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the gate says of a job, and why.
 *
 * @param job the job's name; empty if it was null
 * @param run whether it runs
 * @param reason why
 * @param dependency the dependency that decided; null if none did
 * @param since since when this is so, by the wall clock
 * @param detail what is known of the dependency or the flag, for people; null if there is nothing to add
 */
public record GateDecision(
        String job,
        boolean run,
        DecisionReason reason,
        @Nullable String dependency,
        Instant since,
        @Nullable String detail) {

    /** More than a line of a log has room for. */
    private static final int SHOWN = 300;

    /** The decision in one line, whatever is in the names and the detail. */
    @Override
    public String toString() {
        return FlagText.printable(job, SHOWN) + (run ? " runs: " : " is skipped: ") + reason
                + (dependency == null ? "" : " " + FlagText.printable(dependency, SHOWN))
                + (detail == null ? "" : " (" + FlagText.printable(detail, SHOWN) + ")") + " since " + since;
    }
}
