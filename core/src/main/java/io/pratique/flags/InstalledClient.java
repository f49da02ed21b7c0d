package io.pratique.flags;

import io.pratique.flags.spi.FlagSource;
import io.pratique.time.Timeline;
import java.lang.StackWalker.Option;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one client behind {@link Flags}: installed, or else discovered at the first use. */
final class InstalledClient {

    private static final Logger LOG = LoggerFactory.getLogger(Flags.class);
    private static final Object LOCK = new Object();

    /** An unreadable class path fails at each step, for ever. */
    private static final int BROKEN_PROVIDERS = 100;

    private static volatile @Nullable FlagClient current;
    /** Who caused the discovery of the current client; null if it was installed. */
    private static @Nullable String discoveredFor;

    private static volatile boolean discovering;

    private InstalledClient() {}

    static FlagClient get() {
        FlagClient client = current;
        if (client != null) {
            return client;
        }
        // A source that asks for a flag in its load would wait for a discovery that waits for that load.
        return discovering && Thread.currentThread().getName().startsWith("pratique-") ? Nothing.KNOWN : discovered();
    }

    private static FlagClient discovered() {
        synchronized (LOCK) {
            FlagClient client = current;
            if (client != null) {
                return client;
            }
            if (discovering) {
                // A source that asks for a flag while it is being made gets the answer of a client that has none.
                return Nothing.KNOWN;
            }
            discovering = true;
            try {
                client = discover();
            } catch (Throwable noSources) {
                Timeline.guarded(
                        LOG,
                        "Logging",
                        () -> LOG.warn("Flag sources cannot be loaded; flags have their defaults", noSources));
                client = Nothing.KNOWN;
            } finally {
                discovering = false;
            }
            discoveredFor = caller();
            current = client;
            return client;
        }
    }

    /** A client that knows nothing, so that everything has its default. */
    private static final class Nothing {
        private static final FlagClient KNOWN = FlagClient.builder().build();
    }

    private static String caller() {
        return StackWalker.getInstance(Option.RETAIN_CLASS_REFERENCE)
                .walk(frames -> frames.filter(frame -> frame.getDeclaringClass() != InstalledClient.class
                                && frame.getDeclaringClass() != Flags.class)
                        .findFirst()
                        .map(Object::toString)
                        .orElse("unknown"));
    }

    private static FlagClient discover() {
        FlagClient.Builder builder = FlagClient.builder();
        List<String> found = new ArrayList<>();
        for (FlagSource source : findSources()) {
            try {
                builder.source(source);
                found.add(source.getClass().getName());
            } catch (Throwable refused) {
                LOG.warn("Flag source {} is left out", source.getClass().getName(), refused);
            }
        }
        LOG.info("Flags are answered by the sources found: {}", found.isEmpty() ? "none, so by defaults" : found);
        return builder.build();
    }

    /** The sources that the caller's class loader sees, and those that ours does, in the order of their class names. */
    private static List<FlagSource> findSources() {
        List<FlagSource> sources = new ArrayList<>();
        Set<String> unusable = new HashSet<>();
        find(Thread.currentThread().getContextClassLoader(), sources, unusable);
        find(FlagSource.class.getClassLoader(), sources, unusable);
        sources.sort(Comparator.comparing(source -> source.getClass().getName()));
        return sources;
    }

    /** Takes the providers that can be had; one that cannot is reported once, whoever sees it, and passed over. */
    private static void find(@Nullable ClassLoader loader, List<FlagSource> sources, Set<String> unusable) {
        Iterator<ServiceLoader.Provider<FlagSource>> providers =
                ServiceLoader.load(FlagSource.class, loader).stream().iterator();
        int broken = 0;
        while (broken < BROKEN_PROVIDERS) {
            try {
                if (!providers.hasNext()) {
                    return;
                }
                addNew(providers.next(), sources);
            } catch (Throwable thrown) {
                broken++;
                if (unusable.add(thrown.toString())) {
                    LOG.warn("A flag source that was announced cannot be used, it is passed over: {}", thrown, thrown);
                }
            }
        }
    }

    private static void addNew(ServiceLoader.Provider<FlagSource> provider, List<FlagSource> sources) {
        if (sources.stream().noneMatch(source -> source.getClass() == provider.type())) {
            sources.add(provider.get());
        }
    }

    static void install(FlagClient client) {
        if (client == null) {
            throw new IllegalArgumentException("installed flag client must not be null; build one");
        }
        FlagClient replaced;
        String firstCaller;
        synchronized (LOCK) {
            replaced = current;
            firstCaller = discoveredFor;
            if (replaced == client) {
                discoveredFor = null;
                return;
            }
            if (replaced != null && firstCaller == null && !replaced.isClosed()) {
                throw new IllegalStateException(
                        "another flag client is installed and alive; close that one first, or install only once");
            }
            current = client;
            discoveredFor = null;
        }
        if (replaced != null && firstCaller != null) {
            LOG.warn(
                    "The discovered flag client is replaced by the installed one; until now it has answered, first to {}."
                            + " Install before the first check",
                    firstCaller);
            replaced.close();
        }
    }
}
