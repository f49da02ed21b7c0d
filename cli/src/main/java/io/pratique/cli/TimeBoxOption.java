package io.pratique.cli;

import io.pratique.flags.spi.FlagWrite;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** For how long a flag is set. */
final class TimeBoxOption {

    @Option(
            names = "--for",
            paramLabel = "DURATION",
            converter = LastingConverter.class,
            description = "For so long only, such as 2h; then what was set before is in force again.")
    private @Nullable Duration lasting;

    /** Not for use: made by the parser of the command line. */
    TimeBoxOption() {}

    FlagWrite refine(FlagWrite write) {
        return lasting == null ? write : write.lasting(lasting);
    }
}
