package io.pratique.release;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Somebody else has the right to release, or is before this one in line. */
public final class LockHeldException extends IOException {

    private static final long serialVersionUID = 1L;

    private final transient @Nullable LockState state;

    /**
     * Tells who.
     *
     * @param state who holds the lock; null if nobody does, but others are before this one in line
     * @param waiting how many stand in line
     */
    public LockHeldException(@Nullable LockState state, int waiting) {
        super(
                state == null
                        ? "nobody holds the lock, but " + waiting + " stand in line for it; wait for them"
                        : state + "; wait for its end, or break the lock if the holder is gone");
        this.state = state;
    }

    /**
     * Who holds the lock.
     *
     * @return null if nobody does
     */
    public @Nullable LockState state() {
        return state;
    }
}
