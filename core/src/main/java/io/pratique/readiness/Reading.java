package io.pratique.readiness;

import io.pratique.readiness.DependencyState.Effect;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a dependency comes to, as published for all to read.
 *
 * @param dependency its name
 * @param since since when effect and outcome are what they are
 * @param heardAt when something was last heard, on the timeline
 * @param durationNanos how long the last check took; negative if none has ended
 */
record Reading(
        String dependency,
        Effect effect,
        Outcome outcome,
        String code,
        @Nullable String detail,
        Instant since,
        long heardAt,
        long durationNanos) {

    Reading since(Instant changed) {
        return new Reading(dependency, effect, outcome, code, detail, changed, heardAt, durationNanos);
    }

    /** Whether jobs that need it are skipped, for evidence new or held. */
    boolean isDown() {
        return effect == Effect.DOWN || effect == Effect.HELD;
    }

    /** Whether it comes to the same. Down is down, whether calls are refused or time out in turns. */
    boolean isLike(Reading other) {
        return effect == other.effect
                && (effect == Effect.DOWN || (outcome == other.outcome && code.equals(other.code)));
    }
}
