package io.pratique.release;

/** What a step of a release is for, and so what becomes of the release if it fails. */
public enum StepKind {
    /** Looks and changes nothing. Before the first change a failure ends the release, after it undoes the release. */
    CHECK,
    /** Keeps what a change may destroy, such as a backup. It comes before the first change; a failure ends the release. */
    PROTECT,
    /** Changes exactly one thing, and can undo it. A failure undoes the release. */
    CHANGE,
    /**
     * Keeps for later what is there when a release fails, such as logs. It runs only when a release is undone, before
     * anything is; a failure is only told.
     */
    FORENSICS,
    /** Puts away what the release has needed. It runs last, whatever became of the release; a failure is only told. */
    CLEANUP,
    /** Tells others what became of the release. It runs last; a failure is only told. */
    NOTIFY;

    /** Whether steps of this kind run in their turn, as long as nothing has failed. */
    boolean isForward() {
        return this == CHECK || this == PROTECT || this == CHANGE;
    }

    /** Whether steps of this kind run at the end, when it is known what became of the release. */
    boolean isLast() {
        return this == CLEANUP || this == NOTIFY;
    }
}
