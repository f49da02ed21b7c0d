package io.pratique.probes;

/**
 * One row of a migration tool's history.
 *
 * @param key what the row is about; a later row of the same key replaces an earlier one
 * @param name what people call it
 * @param state how it went
 */
record Migration(String key, String name, State state) {

    /** How a migration went. */
    enum State {
        APPLIED,
        FAILED,
        UNFINISHED,
        /** Taken back, as if it had never been there. */
        UNDONE
    }
}
