package io.pratique.release;

/** The right to release, held by one at a time. It is lost when its holder has been silent for too long. */
public interface Lease extends AutoCloseable {

    /**
     * A number that is larger than that of each holder before.
     *
     * @return the fencing token, from 1
     */
    long token();

    /**
     * Asks whether this holder still has the right. It is asked before each change, by the thread that runs the release.
     * It may block: while nobody can tell it asks again, until the lease has run out.
     *
     * @return false for good once the lease has run out, was broken or was closed; also if the thread is interrupted while
     *     nobody can tell
     */
    boolean isHeld();

    /** Gives the right back. May be called again. */
    @Override
    void close();
}
