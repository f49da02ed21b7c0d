package io.pratique.testkit;

import io.pratique.flags.FlagClient;
import io.pratique.flags.SourceStatus;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagSource;
import io.pratique.flags.spi.Subscription;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * The client of an application, for which no time passes but what a test gives it. So it polls only when told to, and
 * whatever else it learns was announced to it.
 */
final class ClientView implements AutoCloseable {

    private final ManualClock clock = new ManualClock();
    private final Monitor monitor = new Monitor();
    private final Duration patience;
    private final FlagClient client;
    private boolean watching;

    private ClientView(FlagSource source, Duration patience) {
        this.patience = patience;
        this.client =
                FlagClient.builder().source(new Observed(source)).clock(clock).build();
        // Also wakes whoever awaits what the change has brought about.
        client.onChange(change -> monitor.change(() -> {}));
    }

    /** Opens a client whose first load has ended; it closes the source. */
    static ClientView of(FlagSource source, Duration patience) {
        return new ClientView(source, patience);
    }

    boolean isEnabled(String key) {
        return client.isEnabled(key);
    }

    SourceStatus status() {
        return client.sources().get(0);
    }

    /** Waits until changes are announced to it. */
    void awaitPush() throws InterruptedException {
        monitor.await(() -> watching, patience, () -> "the source is not watched; " + status());
    }

    /** Polls; the poll has ended when this returns. */
    void poll() {
        client.refresh().toCompletableFuture().join();
    }

    /** Has time pass for the client alone. */
    void advance(Duration time) {
        clock.advance(time);
    }

    void awaitOn(String key, String what) throws InterruptedException {
        await(client -> client.isEnabled(key), "\"" + key + "\" is not on " + what);
    }

    void awaitOff(String key, String what) throws InterruptedException {
        await(client -> !client.isEnabled(key), "\"" + key + "\" is not off " + what);
    }

    private void await(Predicate<FlagClient> reached, String complaint) throws InterruptedException {
        monitor.await(() -> reached.test(client), patience, () -> complaint + "; " + status());
    }

    @Override
    public void close() {
        client.close();
    }

    /** The source as it is, but for the notice that a watch is open. */
    private final class Observed implements FlagSource {

        private final FlagSource source;

        Observed(FlagSource source) {
            this.source = source;
        }

        @Override
        public FlagSet load() throws Exception {
            return source.load();
        }

        @Override
        public FlagSet reload(FlagSet previous) throws Exception {
            return source.reload(previous);
        }

        @Override
        public Subscription watch(Runnable changed) throws Exception {
            Subscription opened = source.watch(changed);
            monitor.change(() -> watching = opened != Subscription.none());
            return opened;
        }

        @Override
        public void close() {
            source.close();
        }
    }
}
