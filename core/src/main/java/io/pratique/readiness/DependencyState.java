package io.pratique.readiness;

import io.pratique.readiness.Hysteresis.Standing;
import io.pratique.readiness.Observation.Kind;
import io.pratique.readiness.Observation.Vote;
import io.pratique.time.Timeline;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * All that has been heard of a dependency, and what it comes to at a given time. Immutable: an observation or the
 * passing of time makes the next state. It knows no thread and reads no clock.
 *
 * @param saturated whether the last check that succeeded found it saturated
 * @param timedOut whether the last vote against it was a check given up
 * @param last the last observation of any kind; null if there is none
 * @param uncertainSince when observations ceased to be votes; {@link Timeline#NEVER} while they are
 * @param heardAt when a check last ended or a vote was last cast; {@link Timeline#NEVER} if not yet
 */
record DependencyState(
        Limits limits,
        Hysteresis votes,
        boolean saturated,
        boolean timedOut,
        @Nullable Observation last,
        long uncertainSince,
        long heardAt) {

    /**
     * The times after which silence means something.
     *
     * @param hold how long a dependency that was down stays so without evidence
     * @param stale the age at which an answer is none any more
     * @param graceEnds until when a start without any answer is no fault, on the timeline
     */
    record Limits(long hold, long stale, long graceEnds) {

        /** Sums of longer times would not fit a long. */
        private static final long LONGEST = Timeline.nanos(Duration.ofDays(36_500)) / 4;

        /** Three intervals, and three intervals and a timeout. */
        static Limits of(ProbeSettings settings, long graceEnds) {
            long intervals = 3 * Math.min(Timeline.nanos(settings.interval()), LONGEST);
            return new Limits(intervals, intervals + Math.min(Timeline.nanos(settings.timeout()), LONGEST), graceEnds);
        }
    }

    static DependencyState first(ProbeSettings settings, long graceEnds) {
        return new DependencyState(
                Limits.of(settings, graceEnds),
                Hysteresis.of(settings),
                false,
                false,
                null,
                Timeline.NEVER,
                Timeline.NEVER);
    }

    /** What the dependency counts as when a job is decided. */
    enum Effect {
        WORKS,
        SATURATED,
        PENDING,
        UNCERTAIN,
        HELD,
        DOWN
    }

    DependencyState observe(Observation heard) {
        DependencyState now = at(heard.nanos());
        if (heard.kind().vote() != Vote.NONE) {
            return now.voted(heard);
        }
        long since = Math.min(now.uncertainSince, heard.nanos());
        long at = heard.kind() == Kind.BROKEN ? heard.nanos() : now.heardAt;
        return new DependencyState(limits, now.votes, saturated, timedOut, heard, since, at);
    }

    private DependencyState voted(Observation heard) {
        Hysteresis next = votes.vote(heard.kind().vote() == Vote.SUCCESS);
        boolean full = next.standing() == Standing.WORKS
                && (heard.kind() == Kind.SATURATED || (saturated && heard.kind() != Kind.UP));
        boolean late = heard.kind().vote() == Vote.FAILURE ? heard.kind() == Kind.TIMED_OUT : timedOut;
        return new DependencyState(limits, next, full, late, heard, Timeline.NEVER, heard.nanos());
    }

    /** A check that was given up before has ended after all: no vote, but somebody is there. */
    DependencyState ended(long nanos) {
        return new DependencyState(limits, votes, saturated, timedOut, last, uncertainSince, nanos);
    }

    /** The same with time passed: an old answer becomes uncertain, and a hold without evidence ends. */
    DependencyState at(long nanos) {
        long since = isStale(nanos) ? Math.min(uncertainSince, heardAt + limits.stale()) : uncertainSince;
        boolean holdIsOver =
                votes.standing() == Standing.FAILED && since != Timeline.NEVER && nanos - since >= limits.hold();
        return since == uncertainSince && !holdIsOver
                ? this
                : new DependencyState(
                        limits, holdIsOver ? votes.forgotten() : votes, saturated, timedOut, last, since, heardAt);
    }

    private boolean isStale(long nanos) {
        return heardAt != Timeline.NEVER && nanos - heardAt > limits.stale();
    }

    /** What counts at a time that {@link #at} was asked for. */
    Effect effect(long nanos) {
        boolean uncertain = uncertainSince != Timeline.NEVER;
        return switch (votes.standing()) {
            case FAILED -> uncertain ? Effect.HELD : Effect.DOWN;
            case WORKS -> uncertain ? Effect.UNCERTAIN : saturated ? Effect.SATURATED : Effect.WORKS;
            case UNKNOWN -> uncertain || nanos >= limits.graceEnds() ? Effect.UNCERTAIN : Effect.PENDING;
        };
    }

    /** The outcome to show for {@link #effect}: the steady one, where there is one. */
    Outcome outcome(long nanos) {
        return switch (effect(nanos)) {
            case WORKS -> Outcome.UP;
            case SATURATED -> Outcome.SATURATED;
            case PENDING -> Outcome.PENDING;
            case DOWN -> timedOut ? Outcome.TIMEOUT : Outcome.DOWN;
            case HELD, UNCERTAIN ->
                last == null
                        ? Outcome.PENDING
                        : hasAged(last, nanos) ? Outcome.STALE : last.kind().outcome();
        };
    }

    /** Of what is uncertain: whether age made it so, because what was heard last is old, or was certain once. */
    private boolean hasAged(Observation heard, long nanos) {
        return isStale(nanos) || heard.kind().vote() != Vote.NONE;
    }

    /** A code for the outcome, the same for the same cause. */
    String code(long nanos) {
        return switch (effect(nanos)) {
            case WORKS -> "ok";
            case SATURATED -> "saturated";
            case PENDING -> "pending";
            case DOWN -> outcome(nanos) == Outcome.TIMEOUT ? "timeout" : "down";
            case HELD -> "held-" + uncertainty(nanos);
            case UNCERTAIN -> uncertainty(nanos);
        };
    }

    private String uncertainty(long nanos) {
        return last == null
                ? "pending"
                : hasAged(last, nanos) ? "stale" : last.kind().code();
    }

    /** Whether it works and no vote speaks against that, so that one more success changes nothing. */
    boolean settled() {
        return votes.standing() == Standing.WORKS && votes.opposing() == 0 && uncertainSince == Timeline.NEVER;
    }

    /** When time alone changes something next, on the timeline: later than now, or never. */
    long nextChange(long now) {
        long next = heardAt == Timeline.NEVER ? Timeline.NEVER : ifLater(now, heardAt + limits.stale() + 1);
        if (votes.standing() == Standing.FAILED && uncertainSince != Timeline.NEVER) {
            next = Math.min(next, ifLater(now, uncertainSince + limits.hold()));
        }
        return last == null ? Math.min(next, ifLater(now, limits.graceEnds())) : next;
    }

    /** A moment that has passed must not come again: a timer that is given it would never rest. */
    private static long ifLater(long now, long moment) {
        return moment > now ? moment : Timeline.NEVER;
    }
}
