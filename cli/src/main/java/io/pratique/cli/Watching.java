package io.pratique.cli;

import io.pratique.flags.FlagClient;
import io.pratique.flags.SourceStatus;
import io.pratique.flags.spi.FlagSource;
import io.pratique.flags.spi.FlagStoreException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** Follows a store as an application does, and tells what it sees. */
final class Watching implements AutoCloseable {

    private static final Duration POLL = Duration.ofSeconds(5);

    private final FlagClient client;

    /**
     * Tells all flags that are set, and from then on each change of an answer.
     *
     * @throws FlagStoreException if the store does not answer
     */
    Watching(FlagSource store, Consumer<String> lines) {
        this.client = FlagClient.builder()
                .source(store)
                .ttl(POLL)
                .startupTimeout(Duration.ofSeconds(30))
                .build();
        SourceStatus status = client.sources().get(0);
        if (status.state() != SourceStatus.State.READY) {
            client.close();
            throw new FlagStoreException(
                    "the store cannot be watched: " + (status.error() == null ? "it does not answer" : status.error()),
                    null);
        }
        client.flags().forEach(flag -> lines.accept(flag.toString()));
        var unused = client.onChange(change -> lines.accept(change.after().toString()));
    }

    /** A person interrupts the process, and with it everything ends. */
    void untilInterrupted() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
