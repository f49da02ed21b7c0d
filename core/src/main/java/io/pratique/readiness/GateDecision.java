package io.pratique.readiness;

import io.pratique.flags.Flag;
import io.pratique.flags.spi.FlagText;
import java.time.Instant;
import java.util.Objects;
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

    /** Whether it is the same for the same reason, whenever and with whatever detail. */
    boolean isLike(GateDecision other) {
        return run == other.run && reason == other.reason && Objects.equals(dependency, other.dependency);
    }

    /** The decision in one line. */
    @Override
    public String toString() {
        return FlagText.printable(job, Flag.MAX_KEY_LENGTH) + (run ? " runs: " : " is skipped: ") + reason
                + (dependency == null ? "" : " " + FlagText.printable(dependency, Flag.MAX_KEY_LENGTH))
                + (detail == null ? "" : " (" + detail + ")") + " since " + since;
    }
}
