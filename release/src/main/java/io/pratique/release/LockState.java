package io.pratique.release;

import java.time.Instant;

/**
 * Who has the right to release.
 *
 * @param holder who has it
 * @param reason what for
 * @param token the fencing token
 * @param since when it was taken, by the holder's clock
 * @param stale whether the holder is known to be dead; one that is paused is not known to be
 * @param waiting how many stand in line behind it
 */
public record LockState(String holder, String reason, long token, Instant since, boolean stale, int waiting) {

    /**
     * Whether who asks for the lock now has to wait.
     *
     * @return false if the holder is known to be dead and nobody stands in line behind it
     */
    public boolean isInTheWay() {
        return !stale || waiting > 0;
    }

    /** One line for people. */
    @Override
    public String toString() {
        return holder + " holds the lock since " + since + " for " + reason + " (token " + token
                + (stale ? ", stale" : "")
                + (waiting == 0 ? "" : ", " + waiting + " waiting")
                + ")";
    }
}
