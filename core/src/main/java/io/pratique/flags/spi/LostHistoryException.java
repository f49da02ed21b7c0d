package io.pratique.flags.spi;

import org.jspecify.annotations.Nullable;

/**
 * A server does not know what was once read from it: it was wiped, restored from a backup, or lags behind. A load that
 * throws this leaves what was read before in force.
 */
public final class LostHistoryException extends Exception {

    private static final long serialVersionUID = 1L;

    /** The epoch that was seen last. */
    private final String lostEpoch;

    LostHistoryException(HistoryMark seen, @Nullable HistoryMark found) {
        // Short enough for one line of a log to hold the remedy, too.
        super("the server does not know change " + seen.sequence() + " of history \"" + seen.epoch()
                + "\", seen here; it " + state(seen, found)
                + "; wait until it catches up, write all flags again, or accept that loss");
        this.lostEpoch = seen.epoch();
    }

    private static String state(HistoryMark seen, @Nullable HistoryMark found) {
        if (found == null) {
            return "holds no history at all";
        }
        return "is at change " + found.sequence() + " of "
                + (found.epoch().equals(seen.epoch()) ? "the same history" : "history \"" + found.epoch() + "\"");
    }

    /**
     * The epoch of the history that is lost, for {@link FlagStore#accept}.
     *
     * @return the epoch that was seen last
     */
    public String lostEpoch() {
        return lostEpoch;
    }
}
