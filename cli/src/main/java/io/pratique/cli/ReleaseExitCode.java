package io.pratique.cli;

/** What the exit codes of {@code release} and {@code lock} say, where they are not those of a release's outcome. */
final class ReleaseExitCode {

    /** Done, or told. */
    static final int OK = 0;
    /** The command or the plan cannot be followed, or what it needs is out of reach; nothing was begun. */
    static final int CONFIGURATION = 2;
    /** Somebody else has the lock, and kept it. */
    static final int LOCK_HELD = 3;
    /** It is not known what is there: a check cannot tell, or a release is neither done nor undone. */
    static final int INCONCLUSIVE = 6;
    /** Told to stop. */
    static final int INTERRUPTED = 130;

    static final String HELP = """
            Exit codes of release and lock, which are not those of other commands:%n\
              0    done, told, or GO%n\
              1    failed, and all changes were undone%n\
              2    the command or the plan cannot be followed, or what it needs is out of reach; nothing was begun%n\
              3    another release has the lock%n\
              4    a check or a protection failed, and nothing was changed; or NO-GO%n\
              5    a change could not be undone%n\
              6    not known: it stopped in the middle, a check cannot tell, or an unfinished release is in the way%n\
              130  told to stop, and all changes were undone""";

    private ReleaseExitCode() {}
}
