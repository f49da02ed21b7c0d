package io.pratique.readiness;

/** What is known of a dependency. A probe says the first three; the gate adds the others. */
public enum Outcome {
    /** It works. */
    UP,
    /** It works, but has no room for more: a full pool, a throttled interface. */
    SATURATED,
    /** There is evidence that it does not work. */
    DOWN,
    /** A check was given up. One that had started is evidence of down; one that got no thread is none. */
    TIMEOUT,
    /** The check itself failed, which says nothing of the dependency. */
    BROKEN,
    /** Nothing has been heard for three intervals and a timeout. */
    STALE,
    /** Nothing has been heard yet. */
    PENDING
}
