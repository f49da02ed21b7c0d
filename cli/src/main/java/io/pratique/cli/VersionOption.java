package io.pratique.cli;

import io.pratique.flags.spi.FlagWrite;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which version of a flag is to be changed. */
final class VersionOption {

    @Option(
            names = "--if-version",
            paramLabel = "N",
            description = "Only if the flag has this version; 0 if it is not set.")
    private @Nullable Long version;

    /** Not for use: made by the parser of the command line. */
    VersionOption() {}

    FlagWrite refine(FlagWrite write) {
        return version == null ? write : write.ifVersion(version);
    }
}
