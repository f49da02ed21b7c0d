package io.pratique.env;

import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.Subscription;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Loads a source as a client does that is only told of changes and never polls. */
final class Following implements AutoCloseable {

    private final EnvFlagSource source;
    private final ExecutorService loader = Executors.newSingleThreadExecutor();
    private final Subscription watch;
    private volatile Map<String, String> latest = Map.of();
    private volatile String failure = "";
    private volatile int announcements;

    private Following(EnvFlagSource source) throws Exception {
        this.source = source;
        load();
        this.watch = source.watch(this::announced);
    }

    static Following of(EnvFlagSource source) throws Exception {
        return new Following(source);
    }

    private synchronized void announced() {
        announcements++;
        loader.execute(this::load);
    }

    private void load() {
        try {
            FlagSet set = source.load();
            latest = Texts.of(set);
            failure = "";
        } catch (Exception e) {
            failure = String.valueOf(e.getMessage());
        }
    }

    /** What the last load that succeeded gave. */
    Map<String, String> latest() {
        return latest;
    }

    /** What the last load failed of; empty if it succeeded. */
    String failure() {
        return failure;
    }

    int announcements() {
        return announcements;
    }

    @Override
    public void close() {
        watch.close();
        loader.shutdownNow();
        source.close();
    }
}
