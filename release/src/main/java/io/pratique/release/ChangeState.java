package io.pratique.release;

/** How much of a change has been made. */
public enum ChangeState {
    /** Nothing of it. */
    OLD,
    /** All of it. */
    NEW,
    /** A part of it, or nobody can tell. */
    UNKNOWN
}
