package io.pratique.cli;

/** What the command's exit code says. */
final class ExitCode {

    /** Done, or all is well. */
    static final int OK = 0;
    /** The answer is no: a configuration is wrong, a process is not ready, a flag is not set, a version is another one. */
    static final int NO = 1;
    /** The command cannot be understood. */
    static final int USAGE = 2;
    /** A server or a file is out of reach or refuses. */
    static final int UNREACHABLE = 3;
    /** The change was made, but another source hides it, or does not tell whether it does. */
    static final int SHADOWED = 4;

    static final String HELP = """
            Exit codes:%n\
              0  done, or all is well%n\
              1  the answer is no: a configuration is wrong, a process is not ready, a flag is not set,%n\
                 a version is not the expected one%n\
              2  the command cannot be understood%n\
              3  a server or a file is out of reach or refuses, or the output could not be written%n\
              4  the change was made, but a source above the store hides it, or does not tell""";

    private ExitCode() {}
}
