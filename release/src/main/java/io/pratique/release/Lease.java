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
     * Asks whether this holder still has the right. It is asked before each change, by the thread that runs the release,
     * and may block for a moment.
     *
     * @return false for good once the lease has run out, was broken or was closed; also if nobody can tell
     */
    boolean isHeld();

    /** Gives the right back. May be called again. */
    @Override
    void close();
}
