package io.pratique.env;

/** Where variables come from: one place, one failure domain. Called by loads and watches at once. */
interface Origin {

    /** How it looks now. Throws no {@code IOException}: that something is missing is a look, too. */
    Look look();

    /** The number of layers it consists of, the upper ones first. */
    default int layers() {
        return 1;
    }

    /** Whether it can be caught half-written, so that a look counts only once it has lasted. */
    default boolean isWrittenInSteps() {
        return true;
    }

    /** Whether it can change at all while the process runs. */
    default boolean canChange() {
        return true;
    }
}
