package io.pratique.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.pratique.flags.spi.FlagStoreException;
import io.pratique.flags.spi.FlagText;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.reflect.AnnotatedElement;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code pratique} command. */
@Command(
        name = "pratique",
        description = "Checks a configuration, reads and writes flags, asks for health, runs releases.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        scope = CommandLine.ScopeType.INHERIT,
        footerHeading = "%n",
        footer = ExitCode.HELP)
public final class Pratique {

    /** In the order of help, with the classes that it takes their names and descriptions from. */
    private static final List<Group> GROUPS = List.of(
            new Group(ConfigCommand.class, ConfigCommand::new),
            new Group(FlagsCommand.class, () -> new FlagsCommand(InstantSource.system())),
            new Group(HealthCommand.class, HealthCommand::new),
            new Group(ReleaseCommand.class, ReleaseCommand::new),
            new Group(LockCommand.class, LockCommand::new));

    /** Groups whose code tells what became of a release, which is so whether or not somebody reads it. */
    private static final Set<String> RELEASING = Set.of("release", "lock");

    private record Group(Class<?> type, Supplier<Object> command) {}

    /** What Java makes of bytes that are no characters in the locale. */
    private static final char UNREADABLE = '\uFFFD';

    /** Not for use: the command is run. */
    Pratique() {}

    /**
     * Runs the command and ends the process with its exit code.
     *
     * @param arguments as {@code --help} tells them
     */
    public static void main(String[] arguments) {
        // UTF-8 whatever the locale: what is exported or generated is read again, and "?" would be another key.
        PrintWriter out = new PrintWriter(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        int code = ExitCode.USAGE;
        if (Arrays.stream(arguments).anyMatch(argument -> argument.indexOf(UNREADABLE) >= 0)) {
            err.println("pratique: an argument holds characters that the locale does not have, and would be changed;"
                    + " set LC_ALL to one with UTF-8, such as C.UTF-8");
        } else {
            code = commandLine(arguments).setOut(out).setErr(err).execute(arguments);
        }
        if (out.checkError()) {
            err.println("pratique: the output could not be written whole; is the disk full, or the pipe closed?");
            code = arguments.length > 0 && RELEASING.contains(arguments[0]) ? code : ExitCode.UNREACHABLE;
        }
        System.exit(code);
    }

    /**
     * Of a command that no argument names, the parser learns only what help says of it: to learn all of them takes longer
     * than the JVM's start.
     */
    static CommandLine commandLine(String... arguments) {
        List<String> words = List.of(arguments);
        CommandLine root = new CommandLine(new Pratique());
        GROUPS.forEach(group -> add(
                root, group.type(), words, () -> new CommandLine(group.command().get())));
        root.getSubcommands().values().forEach(group -> {
            Object command = group.getCommandSpec().userObject();
            if (command != null) {
                CommandLine.getCommandMethods(command.getClass(), null)
                        .forEach(method -> add(group, method, words, () -> new CommandLine(method)));
            }
        });
        return root.setCaseInsensitiveEnumValuesAllowed(true)
                .setExpandAtFiles(false)
                .setParameterExceptionHandler((refused, given) -> report(refused))
                .setExecutionExceptionHandler((thrown, command, parsed) -> report(thrown, command));
    }

    private static void add(
            CommandLine parent, AnnotatedElement known, List<String> words, Supplier<CommandLine> whole) {
        Command told = known.getAnnotation(Command.class);
        CommandLine command = words.contains(told.name()) ? whole.get() : new CommandLine(CommandSpec.create());
        command.getCommandSpec().usageMessage().description(told.description());
        parent.addSubcommand(told.name(), command);
    }

    /** The fault, what was perhaps meant, and where help is; not the help itself, which would hide them. */
    private static int report(ParameterException refused) {
        CommandLine command = refused.getCommandLine();
        PrintWriter err = command.getErr();
        String fault = refused instanceof UnmatchedArgumentException unmatched
                ? unknown(unmatched)
                : FlagText.printable(String.valueOf(refused.getMessage()), 2_000);
        err.println(command.getColorScheme().errorText("pratique: " + fault));
        boolean unused = UnmatchedArgumentException.printSuggestions(refused, err);
        err.println("Try \"" + command.getCommandSpec().qualifiedName() + " --help\".");
        return ExitCode.USAGE;
    }

    /** Options by their names; nothing else, for it may be a password in the wrong place. */
    private static String unknown(UnmatchedArgumentException unmatched) {
        String options = unmatched.getUnmatched().stream()
                .filter(argument -> argument.startsWith("-"))
                .map(argument -> FlagText.printable(argument.replaceFirst("=.*", "")))
                .collect(Collectors.joining(", "));
        return options.isEmpty() ? "an argument is not known, or one too many" : "an option is not known: " + options;
    }

    private static int report(Exception thrown, CommandLine command) {
        complain(thrown, command);
        return isOutOfReach(thrown) ? ExitCode.UNREACHABLE : ExitCode.USAGE;
    }

    /** One line: who runs a command wants to know what to do, not where in the code it was found out. */
    static void complain(Throwable thrown, CommandLine command) {
        String message = thrown instanceof FileSystemException file && file.getReason() == null
                ? "\"" + file.getFile() + "\" " + fault(file)
                : Objects.requireNonNullElse(thrown.getMessage(), thrown.toString());
        command.getErr().println(command.getColorScheme().errorText("pratique: " + FlagText.printable(message, 2_000)));
    }

    /** The JDK says by the class alone what is wrong with a file. */
    private static String fault(FileSystemException file) {
        if (file instanceof NoSuchFileException) {
            return "is not there; is it the right path?";
        }
        if (file instanceof AccessDeniedException) {
            return "may not be read or written by this user; change its owner or its permissions";
        }
        if (file instanceof FileAlreadyExistsException) {
            return "is in the way; move it away";
        }
        return "cannot be used: " + file.getClass().getSimpleName();
    }

    /** A server or a file, which may be there and yet not be text; what the text says is another matter. */
    private static boolean isOutOfReach(@Nullable Throwable thrown) {
        return thrown instanceof FlagStoreException
                || thrown instanceof UnreachableException
                || (thrown instanceof IOException && !(thrown instanceof JsonProcessingException))
                || (thrown instanceof IllegalArgumentException && isOutOfReach(thrown.getCause()));
    }
}
