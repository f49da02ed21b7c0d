package io.pratique.flags;

/** Told when the answer for a flag changes. */
@FunctionalInterface
public interface FlagListener {

    /**
     * The answer for a flag is another than before. Called on a thread of the client, outside all locks, for one change
     * after the other in their order; it may block and may throw, and delays or harms no other listener.
     *
     * @param change what changed
     */
    void onChange(FlagChange change);
}
