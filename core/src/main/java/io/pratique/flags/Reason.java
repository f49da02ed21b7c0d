package io.pratique.flags;

/** Why an evaluation answered as it did, in OpenFeature's words. */
public enum Reason {
    /** A source, or an override, holds the flag and vouches for it. */
    STATIC,
    /** A source holds the flag but has failed since, is silent, or has replaced the value by one that cannot be read. */
    STALE,
    /** No source holds the flag. */
    DEFAULT,
    /** No source holds the flag, and at least one has a value for it that cannot be read. */
    ERROR
}
