package io.pratique.release;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Lets one release run at a time, and the others wait in line. All methods may be called by any thread. */
public interface ReleaseLock {

    /**
     * Waits in line for the lease.
     *
     * @param holder who wants it
     * @param reason what for, such as the version
     * @param wait how long to wait at most; zero to ask once
     * @return the lease, kept alive until it is closed
     * @throws LockHeldException if somebody else has it for all that time
     * @throws IOException if it cannot be asked for
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    Lease acquire(String holder, String reason, Duration wait) throws IOException, InterruptedException;

    /**
     * Who has the lease.
     *
     * @return null if nobody has
     * @throws IOException if it cannot be asked for
     */
    @Nullable LockState state() throws IOException;

    /**
     * Takes the lease away from whoever has it, and keeps a trace of that beside the lock. A holder that lives on starts no
     * further change.
     *
     * @param by who does it
     * @param reason why
     * @return what there was to break; null if nobody had it
     * @throws IOException if it cannot be done
     */
    @Nullable LockState breakLock(String by, String reason) throws IOException;
}
