package io.pratique.cli;

import io.pratique.flags.spi.Attribution;
import picocli.CommandLine.Option;

/** Who makes a change, and why. */
final class ChangeOptions {

    @Option(
            names = "--actor",
            paramLabel = "WHO",
            defaultValue = "${sys:user.name}",
            description = "Who makes the change. Unless given, the user of this process.")
    private String actor = "";

    @Option(
            names = {"-r", "--reason"},
            paramLabel = "WHY",
            required = true,
            description = "Why, for whoever reads the history.")
    private String reason = "";

    /** Not for use: made by the parser of the command line. */
    ChangeOptions() {}

    Attribution attribution() {
        return Attribution.of(actor, reason);
    }
}
