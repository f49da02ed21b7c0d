package io.pratique.release;

/** What became of a release. */
public enum ReleaseOutcome {
    /** All changes were made and verified, or the version was there already. */
    DONE(0),
    /** A change or its verification failed, and all changes were undone. */
    ROLLED_BACK(1),
    /** A check or a protection failed before anything was changed. */
    NOTHING_CHANGED(4),
    /** A change could not be undone. Somebody has to look. */
    ROLLBACK_FAILED(5),
    /** It stopped in the middle and is neither done nor undone: it has to be resumed or rolled back. */
    INCONCLUSIVE(6),
    /** It was told to stop, and all changes were undone. */
    INTERRUPTED(130);

    private final int exitCode;

    ReleaseOutcome(int exitCode) {
        this.exitCode = exitCode;
    }

    /**
     * What a process that ran the release ends with.
     *
     * @return 0 for {@link #DONE} only
     */
    public int exitCode() {
        return exitCode;
    }

    /** Whether nothing is left to be done. */
    boolean isEnd() {
        return this != ROLLBACK_FAILED && this != INCONCLUSIVE;
    }
}
