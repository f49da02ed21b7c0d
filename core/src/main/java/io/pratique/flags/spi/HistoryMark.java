package io.pratique.flags.spi;

import java.time.Instant;
import java.util.Objects;

/**
 * The last change that a reader has seen of a store's history. A source that keeps one can tell a server that is merely
 * unchanged from one that was wiped or restored from a backup.
 *
 * @param epoch names one unbroken history; the store's first writer creates it
 * @param sequence the position of the change in that history, ascending in the order of commits
 * @param id the random id of that change; another id at the same position is another history
 * @param changedAt when that change was made, by the store's clock; what is changed later was written after all that was
 *     seen
 */
public record HistoryMark(String epoch, long sequence, String id, Instant changedAt) {

    private static final int MAX_EPOCH_LENGTH = 100;

    /**
     * Checks that nothing is missing.
     *
     * @param epoch checked
     * @param sequence any
     * @param id checked
     * @param changedAt checked
     */
    public HistoryMark {
        Objects.requireNonNull(epoch, "epoch");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(changedAt, "changedAt");
    }

    /**
     * Checks the name of an epoch whose loss is to be accepted, for stores.
     *
     * @param epoch the name, as {@link LostHistoryException} tells it
     * @return the name
     * @throws IllegalArgumentException if it is null, blank, longer than 100 characters, or holds what cannot be stored
     */
    public static String requireEpoch(String epoch) {
        if (epoch == null || epoch.isBlank() || epoch.length() > MAX_EPOCH_LENGTH || !FlagText.isStorable(epoch)) {
            throw new IllegalArgumentException("lost epoch must be 1 to " + MAX_EPOCH_LENGTH
                    + " whole characters and not blank, but is "
                    + (epoch == null ? "null" : "\"" + FlagText.printable(epoch) + "\"")
                    + "; the readers' warnings name it");
        }
        return epoch;
    }
}
