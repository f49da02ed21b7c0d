package io.pratique.env;

import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagSource;
import io.pratique.flags.spi.Subscription;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Flags from variables: of the environment, the system properties, a file, or a directory of one file per variable.
 * Each of them is a source of its own, to be given its place in a client's order of precedence:
 *
 * <pre>{@code
 * FlagClient.builder()
 *         .source(EnvFlagSource.directory(Path.of("/etc/flags")))
 *         .source(EnvFlagSource.environment())
 *         .build();
 * }</pre>
 *
 * <p>The flag {@code outbox-processing} is read from the first of {@code OUTBOX_PROCESSING_ENABLED}, {@code
 * ENABLE_OUTBOX_PROCESSING} and {@code OUTBOX_PROCESSING} whose text is one of the {@linkplain
 * io.pratique.flags.spi.FlagText words} for on and off, or was when it decided before. If none is, the first of all is
 * read, so that the client complains of it; the last of the three only if its text was such a word before. In names,
 * capitals and small letters are the same, and so are {@code _}, {@code .} and {@code -}. A variable that is no flag by
 * this rule is not kept, logged or shown.
 *
 * <p>Files and directories are watched. What is written to them counts once it has been still for 200 milliseconds, and
 * is announced within a second. A file or directory that is missing or cannot be read is an outage: {@link #load}
 * throws, and what was read before stays in force. One that is there and empty holds no flags.
 *
 * <p>Instances are immutable as to their settings, which give a new source each; to be closed is only one that was
 * loaded or watched. All methods may be called on any thread.
 */
public final class EnvFlagSource implements FlagSource {

    private final String name;
    private final Origin origin;
    private final Naming naming;
    private final Stillness.Pause pause;
    private final Stillness stillness;
    private final SettledLoads loads;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Set<Subscription> watches = ConcurrentHashMap.newKeySet();

    /**
     * The source that {@link java.util.ServiceLoader} finds: the system properties, and below them the environment. It
     * is named {@code env}.
     */
    public EnvFlagSource() {
        this("env", MapOrigin.systemPropertiesAboveEnvironment(), Naming.DEFAULT, Stillness.Pause.PERIODICAL);
    }

    EnvFlagSource(String name, Origin origin, Naming naming, Stillness.Pause pause) {
        this.name = name;
        this.origin = origin;
        this.naming = naming;
        this.pause = pause;
        this.stillness = new Stillness(origin, pause);
        this.loads = new SettledLoads(name, origin, stillness, new Recollection(name, naming, origin.layers()), closed);
    }

    private static EnvFlagSource over(String name, Origin origin) {
        return new EnvFlagSource(name, origin, Naming.DEFAULT, Stillness.Pause.PERIODICAL);
    }

    /**
     * The environment variables of this process, which never change.
     *
     * @return a source named {@code environment}
     */
    public static EnvFlagSource environment() {
        return over("environment", MapOrigin.environment());
    }

    /**
     * The system properties of this process. A property that is set later is noticed within a second.
     *
     * @return a source named {@code system-properties}
     */
    public static EnvFlagSource systemProperties() {
        return over("system-properties", MapOrigin.systemProperties());
    }

    /**
     * Variables that something else supplies, such as a framework's configuration. They are asked for at each load, and
     * five times a second while they are watched.
     *
     * @param name the name of the source
     * @param variables gives the variables as they are now; may throw, which is an outage; may be called on several
     *     threads at once
     * @return a source of that name
     * @throws IllegalArgumentException if the name is null or blank, or the supplier is null
     */
    public static EnvFlagSource of(String name, Supplier<? extends Map<String, String>> variables) {
        requireGiven("The supplier of variables", variables);
        return over(requireName(name), MapOrigin.of(List.of(variables)));
    }

    /**
     * A file of variables, whose name tells how it is written: {@code *.properties}, or {@code .env}, {@code .env.*} or
     * {@code *.env}. It need not exist yet.
     *
     * @param file where it is
     * @return a source named {@code file:} and the path as it is given here
     * @throws IllegalArgumentException if the path is null or its name does not tell
     * @see #dotEnvFile
     * @see #propertiesFile
     */
    public static EnvFlagSource file(Path file) {
        requireGiven("The flag file", file);
        Path last = file.getFileName();
        String fileName = last == null ? "" : last.toString();
        if (fileName.endsWith(".properties")) {
            return propertiesFile(file);
        }
        if (fileName.endsWith(".env") || fileName.startsWith(".env.")) {
            return dotEnvFile(file);
        }
        throw new IllegalArgumentException("The name of a flag file must end in \".env\" or \".properties\", but is \""
                + file + "\"; for another name use dotEnvFile or propertiesFile");
    }

    /**
     * A file of lines such as {@code NAME=value}, as shells and containers know it: with comments, {@code export} and
     * quotes; nothing is substituted. It need not exist yet. Lines that do not parse are reported by number, and cost
     * no other line. It is UTF-8 and at most 1 MiB long.
     *
     * @param file where it is
     * @return a source named {@code file:} and the path as it is given here
     * @throws IllegalArgumentException if the path is null
     */
    public static EnvFlagSource dotEnvFile(Path file) {
        requireGiven("The flag file", file);
        return over(nameOf("file:", file), new FileOrigin(file, FileOrigin.Format.DOTENV));
    }

    /**
     * A file as {@link java.util.Properties} has it, but in UTF-8 and at most 1 MiB long. It need not exist yet.
     *
     * @param file where it is
     * @return a source named {@code file:} and the path as it is given here
     * @throws IllegalArgumentException if the path is null
     */
    public static EnvFlagSource propertiesFile(Path file) {
        requireGiven("The flag file", file);
        return over(nameOf("file:", file), new FileOrigin(file, FileOrigin.Format.PROPERTIES));
    }

    /**
     * A directory in which each file is a variable: the file's name is the variable's, its content the value, without
     * the line end at its end. A mounted Kubernetes ConfigMap or Secret is one. It need not exist yet. Passed over are
     * directories in it, and names that begin with a dot.
     *
     * <p>A mount is read in one generation, whatever is swapped meanwhile, and is an outage when its {@code ..data} is
     * missing. A file in it that is there and cannot be read makes the whole directory an outage; a link that leads
     * nowhere is only a variable without a valid text.
     *
     * @param directory where it is
     * @return a source named {@code directory:} and the path as it is given here
     * @throws IllegalArgumentException if the path is null
     */
    public static EnvFlagSource directory(Path directory) {
        requireGiven("The flag directory", directory);
        return over(nameOf("directory:", directory), new DirectoryOrigin(directory));
    }

    /**
     * The same source under another name.
     *
     * @param name the name of the new source
     * @return a new source
     * @throws IllegalArgumentException if the name is null or blank
     */
    public EnvFlagSource name(String name) {
        return new EnvFlagSource(requireName(name), origin, naming, pause);
    }

    /**
     * The same source for the variables alone whose names begin with a prefix: with {@code MYAPP_}, the flag {@code
     * outbox-processing} is read from {@code MYAPP_OUTBOX_PROCESSING_ENABLED}, {@code MYAPP_ENABLE_OUTBOX_PROCESSING} or
     * {@code MYAPP_OUTBOX_PROCESSING}. This is what keeps a production environment's many {@code ..._ENABLED} from being
     * flags.
     *
     * @param prefix a word and then {@code _}, {@code .} or {@code -}, all the same
     * @return a new source
     * @throws IllegalArgumentException if the prefix is none
     */
    public EnvFlagSource prefix(String prefix) {
        return new EnvFlagSource(name, origin, naming.withPrefix(prefix), pause);
    }

    /**
     * The same source with another rule for names, in place of the one above. Every variable that it knows is a flag,
     * whatever its text. Of several that it maps to one flag, the one whose name comes first decides, capitals before
     * small letters.
     *
     * @param mapping gives the flag key for a variable's name, as it is written but without the {@linkplain #prefix
     *     prefix}; null or blank if the variable is no flag. It is called for each variable whenever any of them has
     *     changed, must be quick, and makes the load fail if it throws
     * @return a new source
     * @throws IllegalArgumentException if the mapping is null
     */
    public EnvFlagSource mapping(Function<String, @Nullable String> mapping) {
        return new EnvFlagSource(name, origin, naming.withMapping(mapping), pause);
    }

    @Override
    public String name() {
        return name;
    }

    /**
     * Reads all variables, unless they look as they did the last time. Files do if size, identity and the time of their
     * last change are the same, on file systems that tell that in parts of a second. A file that is being written is
     * waited for: a second at most by the first load; later ones wait for 200 milliseconds and then give what was there
     * before.
     *
     * @return the flags; the same instance as the last time if they are the same
     * @throws IOException if the file or directory is missing, cannot be read, or has not been still for long
     * @throws InterruptedException if the thread is interrupted while it waits
     * @throws IllegalStateException if this source is closed
     */
    @Override
    public FlagSet load() throws IOException, InterruptedException {
        return loads.load();
    }

    @Override
    public FlagSet reload(FlagSet previous) throws IOException, InterruptedException {
        FlagSet now = load();
        return now.equals(previous) ? previous : now;
    }

    /**
     * Starts a daemon thread that looks at the file, directory, properties or supplied variables five times a second.
     * It ends when the subscription or this source is closed.
     *
     * @return the subscription to nothing for {@link #environment()}
     * @throws IllegalStateException if this source is closed
     */
    @Override
    public Subscription watch(Runnable changed) {
        loads.requireOpen();
        if (!origin.canChange()) {
            return Subscription.none();
        }
        Subscription watch = ChangeWatch.start(name, stillness, loads::answered, changed);
        watches.add(watch);
        Subscription subscription = () -> {
            watches.remove(watch);
            watch.close();
        };
        if (closed.getCount() == 0) {
            subscription.close();
        }
        return subscription;
    }

    /** Ends the watches. A load after that throws. */
    @Override
    public void close() {
        closed.countDown();
        watches.forEach(Subscription::close);
    }

    /** The kind of source and its name. */
    @Override
    public String toString() {
        return "EnvFlagSource[" + name + "]";
    }

    private static String requireName(@Nullable String name) {
        if (name == null || name.isBlank()) {
            throw new IllegalArgumentException(
                    "The name of a flag source must not be blank, but is \"" + name + "\"; leave it out for a default");
        }
        return name;
    }

    private static void requireGiven(String subject, @Nullable Object setting) {
        if (setting == null) {
            throw new IllegalArgumentException(subject + " must be given, but is \"null\"");
        }
    }

    /** A path may hold control characters; a name goes to logs. */
    private static String nameOf(String kind, Path path) {
        return kind + path.toString().replaceAll("\\p{Cntrl}", "?");
    }
}
