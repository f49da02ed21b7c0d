package io.pratique.cli;

import picocli.CommandLine.Option;

/** Which version is released. It takes the name of the option that tells the version of other commands. */
final class ReleasedVersion {

    @Option(
            names = "--version",
            paramLabel = "V",
            required = true,
            description = "Which version is released, such as v1.2.4.")
    private String version = "";

    @SuppressWarnings("UnusedVariable") // the parser prints help by itself
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    private boolean help;

    /** Not for use: made by the parser of the command line. */
    ReleasedVersion() {}

    String text() {
        return version;
    }
}
