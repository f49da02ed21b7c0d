package io.pratique.cli;

import io.pratique.release.ReleaseLock;
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

    /** The lock that these options name, or else the plan's own. */
    ReleaseLock lock(PlanOptions options) {
        if (url == null && name == null) {
            return options.place().lock();
        }
        if (url == null || name == null || !options.words().isEmpty()) {
            throw new IllegalArgumentException(
                    "a lock in PostgreSQL needs --postgres and --name, and neither --plan nor --directory");
        }
        return PostgresLock.of(url, name);
    }
}
