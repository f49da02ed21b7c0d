package io.pratique.flags;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A flag that somebody should clear away.
 *
 * @param key the flag key
 * @param cause why it is in the report
 * @param flag its declaration; null if it has none
 * @param sources the names of the sources that have a value for it
 */
public record StaleFlag(String key, Cause cause, @Nullable Flag flag, List<String> sources) {

    /** Why a flag is stale. */
    public enum Cause {
        /** The day it was declared to last to has passed. */
        EXPIRED,
        /** A source has it, and nobody declared it. */
        UNDECLARED
    }
}
