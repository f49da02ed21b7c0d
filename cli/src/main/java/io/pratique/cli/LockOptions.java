package io.pratique.cli;

import io.pratique.release.Release;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a release gets the lock. */
final class LockOptions {

    @Option(
            names = "--wait",
            paramLabel = "DURATION",
            converter = WaitConverter.class,
            description =
                    "How long to wait in line for another release, 0 for not at all. Unless given, as the plan says"
                            + " or ten minutes.")
    private @Nullable Duration wait;

    @Option(
            names = "--holder",
            paramLabel = "WHO",
            description =
                    "Who releases, for others who wait. Unless given, as the plan says or the user of this process.")
    private @Nullable String holder;

    /** Not for use: made by the parser of the command line. */
    LockOptions() {}

    Release.Builder refine(Release.Builder builder) {
        if (wait != null) {
            builder.waitAtMost(wait);
        }
        return holder == null ? builder : builder.holder(holder);
    }
}
