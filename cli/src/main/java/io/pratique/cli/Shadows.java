package io.pratique.cli;

import io.pratique.env.EnvFlagSource;
import io.pratique.flags.FlagClient;
import io.pratique.flags.FlagEvaluation;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagSource;
import io.pratique.flags.spi.FlagStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What stands above the store in the applications, and may hide what is written to it. */
final class Shadows {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Option(
            names = "--above",
            paramLabel = "SOURCE",
            description = {
                "A source that stands above the store in your applications, so that this command can tell whether it hides"
                        + " the change: a file of flags, a mounted directory, another store's URL, or \"environment\".",
                "May be given several times, the highest first."
            })
    private @Nullable List<String> above;

    /** Not for use: made by the parser of the command line. */
    Shadows() {}

    /** What an application says that has these sources above the store; null if there are none. */
    @Nullable FlagEvaluation evaluate(String key, FlagStore store, StoreOptions options) {
        if (above == null) {
            return null;
        }
        FlagClient.Builder builder = FlagClient.builder().startupTimeout(PATIENCE);
        for (int i = 0; i < above.size(); i++) {
            builder.source(named(
                    source(above.get(i), options), above.get(i).replaceFirst("^\\w+://.*", "store") + "-" + (i + 1)));
        }
        try (FlagClient client = builder.source(named(store, "store")).build()) {
            return client.evaluate(key);
        }
    }

    private static FlagSource source(String given, StoreOptions options) {
        if (given.equals("environment")) {
            return EnvFlagSource.environment();
        }
        if (given.contains("://") || given.startsWith("jdbc:")) {
            return options.open(given);
        }
        Path path = Path.of(given);
        return Files.isDirectory(path) ? EnvFlagSource.directory(path) : EnvFlagSource.file(path);
    }

    /** The name only: a client wants names that differ. */
    private static FlagSource named(FlagSource source, String name) {
        return new Named(source, name);
    }

    private record Named(FlagSource source, String name) implements FlagSource {

        @Override
        public FlagSet load() throws Exception {
            return source.load();
        }

        @Override
        public void close() {
            source.close();
        }
    }
}
