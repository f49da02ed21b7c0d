package io.pratique.cli;

import io.pratique.flags.FlagEvaluation;
import io.pratique.flags.Reason;
import io.pratique.flags.spi.Attribution;
import io.pratique.flags.spi.FlagRevision;
import io.pratique.flags.spi.FlagStore;
import io.pratique.flags.spi.FlagText;
import io.pratique.flags.spi.FlagWrite;
import io.pratique.text.TextFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Reads and writes the flags of a store. */
@Command(name = "flags", addMethodSubcommands = false, description = "Reads and writes the flags of a store.")
final class FlagsCommand {

    private static final String KEY = "The flag's key.";
    /** Of an import: some 200,000 flags, which is more than one change may have in either store. */
    private static final int MOST_BYTES = 64 << 20;

    private final InstantSource clock;

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // the parser of the command line sets what it is annotated with
    FlagsCommand(InstantSource clock) {
        this.clock = clock;
    }

    @Command(name = "list", description = "All flags that are set, by key.")
    int list(
            @Mixin StoreOptions options,
            @Option(names = "--format", defaultValue = "text", description = "text or json.") Format format) {
        try (FlagStore store = options.open()) {
            print(store.list(), format);
            return ExitCode.OK;
        }
    }

    @Command(name = "get", description = "One flag. Exit code 1 if it is not set.")
    int get(
            @Mixin StoreOptions options,
            @Parameters(paramLabel = "KEY", description = KEY) String key,
            @Option(names = "--format", defaultValue = "text", description = "text or json.") Format format) {
        try (FlagStore store = options.open()) {
            List<FlagRevision> found =
                    store.list().stream().filter(flag -> flag.key().equals(key)).toList();
            print(found, format);
            return found.isEmpty() ? ExitCode.NO : ExitCode.OK;
        }
    }

    @Command(name = "history", description = "What was done to a flag, the newest first.")
    int history(
            @Mixin StoreOptions options,
            @Parameters(paramLabel = "KEY", description = KEY) String key,
            @Option(
                            names = "--limit",
                            paramLabel = "N",
                            defaultValue = "20",
                            description = "How many changes at most. Unless given, ${DEFAULT-VALUE}.")
                    int limit,
            @Option(names = "--format", defaultValue = "text", description = "text or json.") Format format) {
        try (FlagStore store = options.open()) {
            print(store.history(key, limit), format);
            return ExitCode.OK;
        }
    }

    @Command(name = "on", description = "Turns a feature on.")
    int on(
            @Mixin StoreOptions options,
            @Mixin ChangeOptions change,
            @Mixin TimeBoxOption lasting,
            @Mixin VersionOption version,
            @Mixin Shadows shadows,
            @Parameters(paramLabel = "KEY", description = KEY) String key) {
        return write(options, shadows, version.refine(lasting.refine(FlagWrite.set(key, "on", change.attribution()))));
    }

    @Command(name = "off", description = "Turns a feature off, everywhere.")
    int off(
            @Mixin StoreOptions options,
            @Mixin ChangeOptions change,
            @Mixin TimeBoxOption lasting,
            @Mixin VersionOption version,
            @Mixin Shadows shadows,
            @Parameters(paramLabel = "KEY", description = KEY) String key) {
        return write(options, shadows, version.refine(lasting.refine(FlagWrite.set(key, "off", change.attribution()))));
    }

    @Command(name = "clear", description = "Takes a flag out of the store: other sources and the default decide.")
    int clear(
            @Mixin StoreOptions options,
            @Mixin ChangeOptions change,
            @Mixin VersionOption version,
            @Mixin Shadows shadows,
            @Parameters(paramLabel = "KEY", description = KEY) String key) {
        return write(options, shadows, version.refine(FlagWrite.clear(key, change.attribution())));
    }

    private int write(StoreOptions options, Shadows shadows, FlagWrite write) {
        String key = write.key();
        // Asked first: what is wrong with them is told before anything is changed.
        FlagEvaluation above = shadows.evaluate(key, options);
        try (FlagStore store = options.open()) {
            boolean known = store.list().stream().anyMatch(flag -> flag.key().equals(key));
            List<FlagRevision> made = store.write(List.of(write));
            if (made.isEmpty()) {
                err().println("pratique: flag \"" + FlagText.printable(key) + "\" has another version than "
                        + write.ifVersion() + "; nothing was changed, look at it with flags get");
                return ExitCode.NO;
            }
            if (!known) {
                err().println("pratique: flag \"" + FlagText.printable(key)
                        + "\" was not set in this store before; is the key spelt as the applications ask for it?");
            }
            print(made, Format.TEXT);
            return above == null ? ExitCode.OK : tellShadow(above, write);
        }
    }

    private int tellShadow(FlagEvaluation above, FlagWrite write) {
        Boolean meant = write.value() == null ? null : FlagText.parse(write.value());
        boolean decides = above.source() != null && above.reason() != Reason.ERROR;
        if (decides && meant != null && above.enabled() != meant) {
            err().println("pratique: the change was made, but applications with these sources still say " + above
                    + "; it shows there once the source above says otherwise");
            return ExitCode.SHADOWED;
        }
        if (above.reason() == Reason.ERROR || !above.unanswered().isEmpty()) {
            err().println("pratique: the change was made, but it is not known whether a source above hides it: "
                    + (above.unanswered().isEmpty() ? above : above.unanswered() + " did not answer")
                    + "; is it spelt right, and up?");
            return ExitCode.SHADOWED;
        }
        return ExitCode.OK;
    }

    @Command(name = "export", description = "Prints all flags as JSON, for import. With --out, into a file.")
    int export(
            @Mixin StoreOptions options,
            @Option(names = "--out", paramLabel = "FILE", description = "Where to, in place of the output.") @Nullable Path file)
            throws IOException {
        try (FlagStore store = options.open()) {
            String flags = FlagLines.json(store.list());
            if (file == null) {
                println(flags);
            } else {
                save(file, flags + System.lineSeparator());
            }
            return ExitCode.OK;
        }
    }

    private static void save(Path file, String text) throws IOException {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new IOException(
                    "the flags cannot be written to \"" + file + "\": " + FlagText.printable(e)
                            + "; choose another --out",
                    e);
        }
    }

    @Command(name = "import", description = "Sets the flags that export printed, all or none.")
    int importFlags(
            @Mixin StoreOptions options,
            @Mixin ChangeOptions change,
            @Parameters(paramLabel = "FILE", description = "The JSON; - for the input.") String file,
            @Option(names = "--replace", description = "Clear the flags that are not in the file.") boolean replace)
            throws IOException {
        TextFile text = new TextFile(Path.of(file), "file of flags", MOST_BYTES);
        String json = text.text(file.equals("-") ? text.bytes(System.in) : text.bytes());
        Attribution by = change.attribution();
        try (FlagStore store = options.open()) {
            List<FlagRevision> before = store.list();
            // Read as late as can be: what is left of a time box runs from the change.
            List<FlagWrite> writes = new ArrayList<>(FlagLines.writes(json, clock.instant(), by));
            if (replace) {
                Set<String> kept = writes.stream().map(FlagWrite::key).collect(Collectors.toSet());
                before.stream()
                        .filter(flag -> !kept.contains(flag.key()))
                        .forEach(flag -> writes.add(FlagWrite.clear(flag.key(), by)));
            }
            if (!writes.isEmpty()) {
                store.write(writes);
            }
            println(writes.size() + " changes were made");
            return ExitCode.OK;
        }
    }

    @Command(
            name = "accept",
            description = {
                "Has applications believe a store that lost its history, for instance after it was restored from a backup.",
                "They name the epoch in their warnings."
            })
    int accept(
            @Mixin StoreOptions options,
            @Mixin ChangeOptions change,
            @Parameters(paramLabel = "EPOCH", description = "The epoch that is lost.") String epoch) {
        try (FlagStore store = options.open()) {
            store.accept(epoch, change.attribution());
            println("epoch \"" + FlagText.printable(epoch)
                    + "\" is given up; applications that knew it believe what the store holds now");
            return ExitCode.OK;
        }
    }

    @Command(name = "watch", description = "Prints each change as it is made, until it is interrupted.")
    int watch(@Mixin StoreOptions options) {
        PrintWriter out = spec.commandLine().getOut();
        try (FlagStore store = options.open();
                Watching watching = new Watching(store, out)) {
            watching.untilNobodyReads();
            return ExitCode.OK;
        }
    }

    private void println(String line) {
        spec.commandLine().getOut().println(line);
    }

    private void print(List<FlagRevision> flags, Format format) {
        println(format == Format.JSON ? FlagLines.json(flags) : FlagLines.table(flags));
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
