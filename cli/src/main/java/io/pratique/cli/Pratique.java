package io.pratique.cli;

import io.pratique.flags.spi.FlagStoreException;
import io.pratique.flags.spi.FlagText;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code pratique} command. */
@Command(
        name = "pratique",
        description = "Checks a configuration, reads and writes flags, asks for health.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        scope = CommandLine.ScopeType.INHERIT,
        footerHeading = "%n",
        footer = ExitCode.HELP)
public final class Pratique {

    private static final Map<String, Supplier<Object>> COMMANDS = new TreeMap<>(Map.of(
            "config",
            ConfigCommand::new,
            "flags",
            () -> new FlagsCommand(InstantSource.system()),
            "health",
            HealthCommand::new));

    /** Not for use: the command is run. */
    Pratique() {}

    /**
     * Runs the command and ends the process with its exit code.
     *
     * @param arguments as {@code --help} tells them
     */
    public static void main(String[] arguments) {
        System.exit(commandLine(arguments).execute(arguments));
    }

    /** Of all commands the parser learns only the one that is meant: to learn them all takes longer than the JVM's start. */
    static CommandLine commandLine(String... arguments) {
        CommandLine root = new CommandLine(new Pratique());
        String meant = arguments.length == 0 ? "" : arguments[0];
        COMMANDS.forEach((name, known) -> {
            if (name.equals(meant) || !COMMANDS.containsKey(meant)) {
                root.addSubcommand(name, known.get());
            }
        });
        return root.setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((thrown, command, parsed) -> report(thrown, command));
    }

    /** One line: who runs a command wants to know what to do, not where in the code it was found out. */
    private static int report(Exception thrown, CommandLine command) {
        PrintWriter err = command.getErr();
        String message = thrown.getMessage() == null ? thrown.toString() : thrown.getMessage();
        err.println(command.getColorScheme().errorText("pratique: " + FlagText.printable(message, 2_000)));
        return thrown instanceof FlagStoreException || thrown instanceof UnreachableException
                ? ExitCode.UNREACHABLE
                : ExitCode.USAGE;
    }
}
