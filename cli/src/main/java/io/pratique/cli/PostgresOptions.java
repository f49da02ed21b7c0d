package io.pratique.cli;

import io.pratique.release.ReleaseLock;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A lock in PostgreSQL, without a plan that names it. */
final class PostgresOptions {

    @Option(
            names = "--postgres",
            paramLabel = "URL",
            description = {
                "The database of the lock, postgresql://user@host/database, if it is not a file.",
                "A password belongs into PRATIQUE_PASSWORD."
            })
    private @Nullable String url;

    @Option(names = "--name", paramLabel = "NAME", description = "The name of the lock in that database.")
    private @Nullable String name;

    /** Not for use: made by the parser of the command line. */
    PostgresOptions() {}

    /** What is done with a lock. */
    @FunctionalInterface
    interface Deed {
        int with(ReleaseLock lock) throws IOException, InterruptedException;
    }

    /** Does something with the lock that these options name, or else with the plan's own. */
    int lock(PlanOptions options, Deed deed) throws IOException, InterruptedException {
        if (url == null && name == null) {
            try (ReleasePlan plan = options.planIfAny()) {
                return deed.with(plan.place().lock());
            }
        }
        if (url == null || name == null || !options.words().isEmpty()) {
            throw new IllegalArgumentException(
                    "a lock in PostgreSQL needs --postgres and --name, and neither --plan nor --directory");
        }
        return deed.with(PostgresLock.of(url, name));
    }
}
