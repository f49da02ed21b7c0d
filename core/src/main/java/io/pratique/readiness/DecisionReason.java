package io.pratique.readiness;

/** Why a job runs or is skipped. */
public enum DecisionReason {
    /** Its flag is on and all it needs works. It runs. */
    READY,
    /** Of something it needs nothing certain is known; it runs, since no evidence speaks against it. */
    FAIL_OPEN,
    /** Its flag is off. */
    FLAG_OFF,
    /** Its flag's sources have not all answered, and it rather waits than runs. */
    FLAG_NOT_READY,
    /** Something it needs is down. */
    DEPENDENCY_DOWN,
    /** Something it needs was down when its check broke, and a broken check is no evidence of recovery. Bounded. */
    DEPENDENCY_HELD,
    /** Something it needs is saturated, and it gives way. */
    DEPENDENCY_SATURATED,
    /** Of something it needs nothing has been heard yet. Bounded. */
    DEPENDENCY_PENDING,
    /** Of something it needs nothing certain is known, and it rather waits than runs. */
    DEPENDENCY_UNCERTAIN,
    /** The process is shutting down. */
    DRAINING;

    /**
     * Whether a job runs for this reason.
     *
     * @return true for {@link #READY} and {@link #FAIL_OPEN}
     */
    public boolean runs() {
        return this == READY || this == FAIL_OPEN;
    }
}
