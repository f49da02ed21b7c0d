package io.pratique.release.steps;

import io.pratique.flags.spi.FlagText;
import io.pratique.release.ChangeProbe;
import io.pratique.release.ChangeState;
import io.pratique.release.StepAction;
import io.pratique.release.StepContext;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs a program, which fails if it ends with another exit code than 0. Immutable.
 *
 * <pre>{@code
 * Step.change("backend", CommandAction.of("./deploy", "backend"))
 *         .compensation(CommandAction.of("./deploy", "backend", "--back"))
 *         .verification(HttpCheck.of(url).version("/version"))
 *         .probe(CommandAction.of("./deployed", "backend").probe())
 * }</pre>
 *
 * <p>There is no shell between: an argument is what it is, whatever stands in it. The program reads nothing on its standard
 * input. What it says is read all the while, and its last lines are told if it fails, so it must say no secret.
 *
 * <p>Besides the environment of this process it has {@code PRATIQUE_RELEASE_VERSION}, {@code
 * PRATIQUE_RELEASE_PREVIOUS_VERSION}, {@code PRATIQUE_RELEASE_ID}, {@code PRATIQUE_RELEASE_DIRECTORY} (where it may keep
 * files), {@code PRATIQUE_RELEASE_TOKEN}, {@code PRATIQUE_RELEASE_OUTCOME} and {@code PRATIQUE_RELEASE_REASON}, each only if
 * it is known.
 *
 * <p>When the step's time is over, or the release is to stop, the program and all that it has started is asked to end, and
 * killed five seconds later unless set; only then is anything undone. The same happens on Linux when the releasing process is
 * killed: the program runs in a session of its own, which a shell ends as soon as this JVM is gone. Whoever resumes or rolls
 * back meanwhile, or has taken the lock away from a release that lives, begins no command of that release before the one that
 * runs has ended. What has left that session, such as a daemon, lives on and is not waited for; so does everything if the
 * shell is killed, too, and on systems without {@code setsid}.
 */
public final class CommandAction implements StepAction {

    private static final Duration USUAL_GRACE = Duration.ofSeconds(5);
    private static final Duration LONGEST_GRACE = Duration.ofMinutes(10);
    private static final String PREFIX = "PRATIQUE_RELEASE_";

    private final List<String> command;
    private final Map<String, String> environment;
    private final @Nullable Path directory;
    private final Duration grace;

    private CommandAction(
            List<String> command, Map<String, String> environment, @Nullable Path directory, Duration grace) {
        this.command = command;
        this.environment = environment;
        this.directory = directory;
        this.grace = grace;
    }

    /**
     * Runs one program in the directory of this process.
     *
     * @param program its path, or a name that is looked for in {@code PATH}
     * @param arguments as the program gets them; others on the host can see them, so none may be a secret
     * @return the action
     * @throws IllegalArgumentException if the program is null or blank, or an argument is null or holds a NUL character
     */
    public static CommandAction of(String program, String... arguments) {
        List<String> command = Stream.concat(Stream.of(String.valueOf(program)), Stream.of(arguments))
                .map(String::valueOf)
                .toList();
        if (program == null || program.isBlank() || command.stream().anyMatch(word -> word.indexOf('\0') >= 0)) {
            throw new IllegalArgumentException(
                    "command must be a program and arguments without NUL characters, but is \""
                            + FlagText.printable(String.join(" ", command), 100) + "\"");
        }
        if (Stream.of(arguments).anyMatch(argument -> argument == null)) {
            throw new IllegalArgumentException(
                    "argument of command \"" + FlagText.printable(program, 100) + "\" must be given, but is null");
        }
        return new CommandAction(command, Map.of(), null, USUAL_GRACE);
    }

    /**
     * The same with one variable more in the environment.
     *
     * @param variable its name
     * @param value not shown; it may be a secret, as only this user and root can see it
     * @return a new action
     * @throws IllegalArgumentException if the name is no name of a variable, or one that the release sets, or the value is
     *     null or holds a NUL character
     */
    public CommandAction environment(String variable, String value) {
        if (variable == null
                || variable.isBlank()
                || variable.indexOf('=') >= 0
                || variable.indexOf('\0') >= 0
                || variable.startsWith(PREFIX)) {
            throw new IllegalArgumentException("variable of command \"" + shown()
                    + "\" must have a name without \"=\" that does not begin with " + PREFIX + ", but is \""
                    + FlagText.printable(String.valueOf(variable), 100) + "\"");
        }
        if (value == null || value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("value of variable \"" + FlagText.printable(variable, 100)
                    + "\" must be given and hold no NUL character; leave the variable out, or give it a text");
        }
        Map<String, String> more = new HashMap<>(environment);
        more.put(variable, value);
        return new CommandAction(command, Map.copyOf(more), directory, grace);
    }

    /**
     * The same in another directory.
     *
     * @param directory where the program runs
     * @return a new action
     * @throws IllegalArgumentException if it is null
     */
    public CommandAction directory(Path directory) {
        if (directory == null) {
            throw new IllegalArgumentException("directory of command \"" + shown() + "\" must be given, but is null");
        }
        return new CommandAction(command, environment, directory, grace);
    }

    /**
     * The same with another time between asking the program to end and killing it.
     *
     * @param grace five seconds unless set, ten minutes at most; shorter than the release's patience, which is 30 seconds
     *     unless set
     * @return a new action
     * @throws IllegalArgumentException if it is null, negative or longer
     */
    public CommandAction grace(Duration grace) {
        if (grace == null || grace.isNegative() || grace.compareTo(LONGEST_GRACE) > 0) {
            throw new IllegalArgumentException("grace of command \"" + shown() + "\" must be from PT0S to "
                    + LONGEST_GRACE + ", but is \"" + grace + "\"");
        }
        return new CommandAction(command, environment, directory, grace);
    }

    /**
     * The same program as a probe: exit code 0 says that all of the change is there, 1 that nothing of it is; any other, or
     * none, that it cannot be told.
     *
     * @return a probe that changes nothing if the program does not
     */
    public ChangeProbe probe() {
        return context -> {
            try (ChildProcess process = start(context)) {
                return switch (process.await()) {
                    case 0 -> ChangeState.NEW;
                    case 1 -> ChangeState.OLD;
                    default -> ChangeState.UNKNOWN;
                };
            }
        };
    }

    /** Throws if the program cannot be started, or ends with another exit code than 0. */
    @Override
    public void run(StepContext context) throws IOException, InterruptedException {
        try (ChildProcess process = start(context)) {
            process.awaitSuccess();
        }
        context.tell("\"" + shown() + "\" ended with exit code 0");
    }

    private ChildProcess start(StepContext context) throws IOException, InterruptedException {
        PidFile.awaitOthers(context.directory(), context::tell);
        ProcessBuilder builder = new ProcessBuilder(command);
        if (directory != null) {
            builder.directory(directory.toFile());
        }
        builder.environment().keySet().removeIf(variable -> variable.startsWith(PREFIX));
        builder.environment().putAll(environment);
        builder.environment().putAll(told(context));
        return ChildProcess.start(builder, grace, context.directory());
    }

    private static Map<String, String> told(StepContext context) {
        Map<String, String> told = new HashMap<>();
        tell(told, "VERSION", context.version());
        tell(told, "PREVIOUS_VERSION", context.previousVersion());
        tell(told, "ID", context.id());
        tell(told, "DIRECTORY", context.directory().toAbsolutePath());
        tell(told, "TOKEN", context.token());
        tell(told, "OUTCOME", context.outcome());
        tell(told, "REASON", context.reason());
        return told;
    }

    private static void tell(Map<String, String> told, String variable, @Nullable Object value) {
        if (value != null) {
            told.put(PREFIX + variable, value.toString().replace("\0", ""));
        }
    }

    private String shown() {
        return FlagText.printable(command.get(0), 100);
    }
}
