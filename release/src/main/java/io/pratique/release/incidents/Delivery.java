package io.pratique.release.incidents;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far the telling of one incident to one receiver has come. Immutable.
 *
 * @param receiver the name it was given in {@link Incidents#receiver}
 * @param state what has become of it
 * @param attempts how often the incident was told as it is now
 * @param error why the last attempt has failed, one line without secrets; null if it has not
 * @param nextTry when it is to be told again; null if at once, or not at all
 * @param link where people find it; null if nowhere, or it was never told
 */
public record Delivery(
        String receiver,
        State state,
        int attempts,
        @Nullable String error,
        @Nullable Instant nextTry,
        @Nullable URI link) {

    private static final Duration FIRST_PAUSE = Duration.ofMinutes(1);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

    /** What becomes of a delivery. */
    public enum State {
        /** It is to be told. */
        QUEUED,
        /** It was told. */
        DELIVERED,
        /** The receiver does not take it; it is not told again before {@link Incidents#requeue}. */
        REFUSED
    }

    static Delivery to(String receiver) {
        return new Delivery(receiver, State.QUEUED, 0, null, null, null);
    }

    Delivery delivered(@Nullable URI at) {
        return new Delivery(receiver, State.DELIVERED, attempts + 1, null, null, at == null ? link : at);
    }

    Delivery refused(String why) {
        return new Delivery(receiver, State.REFUSED, attempts + 1, why, null, link);
    }

    /** A minute after the first failure, then twice as long after each, up to an hour. */
    Delivery failed(String why, Instant now) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(attempts, 6));
        Instant next = now.plus(pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE);
        return new Delivery(receiver, State.QUEUED, attempts + 1, why, next, link);
    }

    /** To be told from the beginning. */
    Delivery again() {
        return new Delivery(receiver, State.QUEUED, 0, null, null, link);
    }

    /** A time further away than any pause is of a clock that was wrong. */
    boolean isDue(Instant now) {
        return state == State.QUEUED
                && (nextTry == null || !nextTry.isAfter(now) || nextTry.isAfter(now.plus(LONGEST_PAUSE)));
    }

    /** One line for people. */
    @Override
    public String toString() {
        return switch (state) {
            case DELIVERED -> receiver + ": told" + (link == null ? "" : ", " + link);
            case REFUSED -> receiver + ": refused, since " + error;
            case QUEUED -> receiver + ": queued" + (error == null ? "" : ", since " + error);
        };
    }
}
