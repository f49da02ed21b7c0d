package io.pratique.flags.spi;

import java.util.Objects;

/**
 * The last change that a reader has seen of a store's history. A source that keeps one can tell a server that is merely
 * unchanged from one that was wiped or restored from a backup.
 *
 * @param epoch names one unbroken history; the store's first writer creates it
 * @param sequence the position of the change in that history, ascending in the order of commits
 * @param id the random id of that change; another id at the same position is another history
 */
public record HistoryMark(String epoch, long sequence, String id) {

    /**
     * Checks that both texts are there.
     *
     * @param epoch checked
     * @param sequence any
     * @param id checked
     */
    public HistoryMark {
        Objects.requireNonNull(epoch, "epoch");
        Objects.requireNonNull(id, "id");
    }
}
