package io.pratique.readiness;

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

    /** The decision in one line. */
    @Override
    public String toString() {
        return job + (run ? " runs: " : " is skipped: ") + reason + (dependency == null ? "" : " " + dependency)
                + (detail == null ? "" : " (" + detail + ")") + " since " + since;
    }
}
