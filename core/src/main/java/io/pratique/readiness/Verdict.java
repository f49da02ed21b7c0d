package io.pratique.readiness;

import io.pratique.readiness.DependencyState.Effect;
import java.time.Instant;
import java.util.Collection;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the dependencies of a job come to, flag aside.
 *
 * @param dependency the name of the one that decided; null if all is well
 */
record Verdict(boolean run, DecisionReason reason, @Nullable String dependency, Instant since) {

    /** Decides by the reading that speaks most strongly against running. */
    static Verdict of(Job job, Collection<Reading> readings, Instant now) {
        DecisionReason reason = DecisionReason.READY;
        String dependency = null;
        Instant since = now;
        for (Reading reading : readings) {
            DecisionReason said = reasonOf(job, reading.effect());
            if (weight(said) > weight(reason)) {
                reason = said;
                dependency = reading.dependency();
                since = reading.since();
            }
        }
        return new Verdict(reason.runs(), reason, dependency, since);
    }

    private static DecisionReason reasonOf(Job job, Effect effect) {
        return switch (effect) {
            case WORKS -> DecisionReason.READY;
            case SATURATED -> job.isDeferrable() ? DecisionReason.DEPENDENCY_SATURATED : DecisionReason.READY;
            case PENDING -> DecisionReason.DEPENDENCY_PENDING;
            case UNCERTAIN -> job.isDestructive() ? DecisionReason.DEPENDENCY_UNCERTAIN : DecisionReason.FAIL_OPEN;
            case HELD -> DecisionReason.DEPENDENCY_HELD;
            case DOWN -> DecisionReason.DEPENDENCY_DOWN;
        };
    }

    private static int weight(DecisionReason reason) {
        return switch (reason) {
            case DEPENDENCY_DOWN -> 6;
            case DEPENDENCY_HELD -> 5;
            case DEPENDENCY_PENDING -> 4;
            case DEPENDENCY_SATURATED -> 3;
            case DEPENDENCY_UNCERTAIN -> 2;
            case FAIL_OPEN -> 1;
            default -> 0;
        };
    }

    boolean isLike(Verdict other) {
        return reason == other.reason && Objects.equals(dependency, other.dependency);
    }

    /** The same, dated from when it first was so. */
    Verdict after(Verdict before) {
        return isLike(before) ? new Verdict(run, reason, dependency, before.since) : this;
    }
}
