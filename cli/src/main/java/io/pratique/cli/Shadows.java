package io.pratique.cli;

import io.pratique.env.EnvFlagSource;
import io.pratique.flags.FlagClient;
import io.pratique.flags.FlagEvaluation;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
                "May be given several times, the highest first. Unless given, the environment's PRATIQUE_ABOVE, with"
                        + " spaces between."
            })
    private @Nullable List<String> above;

    /** Not for use: made by the parser of the command line. */
    Shadows() {}

    /**
     * What these sources say of a flag before the store is asked.
     *
     * @return their answer, in which nobody decided if none of them holds the key; null if there are no such sources
     */
    @Nullable FlagEvaluation evaluate(String key, StoreOptions options) {
        List<String> given = given();
        if (given.isEmpty()) {
            return null;
        }
        FlagClient.Builder builder = FlagClient.builder().startupTimeout(PATIENCE);
        List<FlagSource> opened = new ArrayList<>();
        try {
            for (String source : given) {
                opened.add(source(source, options));
            }
        } catch (RuntimeException refused) {
            opened.forEach(FlagSource::close);
            throw refused;
        }
        for (int i = 0; i < opened.size(); i++) {
            builder.source(new Named(opened.get(i), name(given.get(i), i + 1)));
        }
        try (FlagClient client = builder.build()) {
            return client.evaluate(key);
        }
    }

    private List<String> given() {
        if (above != null) {
            return above;
        }
        String usual = System.getenv("PRATIQUE_ABOVE");
        return usual == null || usual.isBlank()
                ? List.of()
                : List.of(usual.strip().split("\\s+"));
    }

    private static boolean isStore(String given) {
        return given.contains("://") || given.startsWith("jdbc:");
    }

    /** A URL is not shown: it may hold a password. */
    private static String name(String given, int number) {
        return isStore(given) ? "store-above-" + number : given + "-" + number;
    }

    private static FlagSource source(String given, StoreOptions options) {
        if (given.equals("environment")) {
            return EnvFlagSource.environment();
        }
        if (isStore(given)) {
            // PRATIQUE_PASSWORD is for the store that is written, not for another host.
            return options.open(given, null);
        }
        Path path = Path.of(given);
        return Files.isDirectory(path) ? EnvFlagSource.directory(path) : EnvFlagSource.file(path);
    }

    /** A source by another name: a client wants names that differ. */
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
