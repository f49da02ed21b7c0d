package io.pratique.flags;

import io.pratique.flags.spi.FlagSource;
import io.pratique.time.Timeline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A look for the sources that {@link ServiceLoader} finds, and the client over them. Providers are foreign code and may
 * hang in the making, so this goes on a daemon thread, and who needs the client waits for it no longer than start-up
 * may take.
 */
final class Discovery {

    private static final Logger LOG = LoggerFactory.getLogger(Flags.class);
    private static final Duration STARTUP_TIMEOUT = Duration.ofSeconds(2);

    /** An unreadable class path fails at each step, for ever. */
    private static final int BROKEN_PROVIDERS = 100;

    private final String firstCaller;
    private final BiConsumer<Discovery, FlagClient> publisher;
    private final Timeline time = new Timeline("pratique-flags-discovery-timer", null);
    /** Whether all providers were made in time; from there on the wait for their first loads is bounded by itself. */
    private final CompletableFuture<Boolean> made = new CompletableFuture<>();

    private final CompletableFuture<@Nullable Void> published = new CompletableFuture<>();
    private final AtomicBoolean lateToldOf = new AtomicBoolean();

    /**
     * Prepares one.
     *
     * @param firstCaller who caused it
     * @param publisher is given the client, before those who wait go on
     */
    Discovery(String firstCaller, BiConsumer<Discovery, FlagClient> publisher) {
        this.firstCaller = firstCaller;
        this.publisher = publisher;
    }

    String firstCaller() {
        return firstCaller;
    }

    /** Begins on a thread that inherits the caller's class loader. Throws nothing. */
    void start() {
        var unused = made.completeOnTimeout(false, STARTUP_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS);
        try {
            Thread thread = new Thread(this::run, "pratique-flags-discovery");
            thread.setDaemon(true);
            thread.start();
        } catch (Throwable noThread) {
            giveUp(noThread);
        }
    }

    /** Waits until the client is published, or has taken too long. An interrupt does not shorten that, and is kept. */
    void await() {
        if (made.join()) {
            published.join();
        } else if (lateToldOf.compareAndSet(false, true)) {
            Timeline.guarded(
                    LOG,
                    "Logging",
                    () -> LOG.warn(
                            "Flag sources are still being made after {}; until they are, flags have their defaults",
                            STARTUP_TIMEOUT));
        }
    }

    /** Lets those who wait go on. */
    void release() {
        made.complete(true);
        published.complete(null);
    }

    private void run() {
        try {
            FlagClient.Builder builder = overSourcesFound();
            made.complete(true);
            long left = STARTUP_TIMEOUT.toNanos() - time.nanos();
            publish(builder.startupTimeout(Duration.ofNanos(Math.max(1, left))).build());
        } catch (Throwable noSources) {
            giveUp(noSources);
        }
    }

    private void giveUp(Throwable noSources) {
        Timeline.guarded(
                LOG, "Logging", () -> LOG.warn("Flag sources cannot be loaded; flags have their defaults", noSources));
        publish(InstalledClient.Nothing.KNOWN);
    }

    private void publish(FlagClient client) {
        publisher.accept(this, client);
        release();
    }

    private static FlagClient.Builder overSourcesFound() {
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
        return builder;
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
}
