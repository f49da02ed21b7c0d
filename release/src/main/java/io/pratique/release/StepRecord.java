package io.pratique.release;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One run of one part of a step, as the journal tells of it.
 *
 * @param name of the step
 * @param kind what the step is for
 * @param part which part of it
 * @param state how far it came
 * @param begunAt when it was begun, by the clock of the machine that ran it
 * @param endedAt when it ended; null if it has not, or a crash came before
 * @param detail what it has told, or why it has failed; empty if there is nothing to say
 */
public record StepRecord(
        String name,
        StepKind kind,
        Part part,
        State state,
        Instant begunAt,
        @Nullable Instant endedAt,
        String detail) {

    /** What of a step is done. */
    public enum Part {
        /** What the step is for. */
        ACTION,
        /** The look at whether a change does what it was made for. */
        VERIFICATION,
        /** What undoes a change. */
        COMPENSATION,
        /** The look at whether a change can be undone. */
        ROLLBACK_CHECK,
        /** The look at what is there again after a change was undone. */
        ROLLBACK_VERIFICATION;

        boolean isOfRollback() {
            return this == COMPENSATION || this == ROLLBACK_CHECK || this == ROLLBACK_VERIFICATION;
        }

        /** As it stands behind the name of a step. */
        String shown() {
            return this == ACTION ? "" : ", " + words();
        }

        String words() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /** How far it came. */
    public enum State {
        /** It was begun; its end is not known. */
        BEGUN,
        /** It did what it was to do. */
        DONE,
        /** It did not, or not in whole. */
        FAILED
    }

    StepRecord ended(State how, Instant at, String said) {
        return new StepRecord(name, kind, part, how, begunAt, at, said);
    }

    /** Whether this is what has failed a release that went on until then. */
    boolean failsRelease() {
        return state == State.FAILED && (part == Part.ACTION || part == Part.VERIFICATION) && kind.isForward();
    }
}
