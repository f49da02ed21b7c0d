package io.pratique.release;

import java.io.IOException;

/** Somebody else has the right to release. */
public final class LockHeldException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * Tells who.
     *
     * @param state who holds the lock
     */
    public LockHeldException(LockState state) {
        super(state + "; wait for its end, or break the lock if the holder is gone");
    }
}
