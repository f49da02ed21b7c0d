package io.pratique.cli;

import io.pratique.flags.FlagClient;
import io.pratique.flags.FlagEvaluation;
import io.pratique.flags.SourceStatus;
import io.pratique.flags.spi.FlagSource;
import io.pratique.flags.spi.FlagStoreException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** Follows a store as an application does, and tells what it sees. */
final class Watching implements AutoCloseable {

    private static final Duration POLL = Duration.ofSeconds(5);

    private final FlagClient client;
    private final PrintWriter out;
    private final CountDownLatch unread = new CountDownLatch(1);

    /**
     * Tells all flags that are set, and from then on each change of an answer.
     *
     * @throws FlagStoreException if the store does not answer
     */
    Watching(FlagSource store, PrintWriter out) {
        this.out = out;
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
        // In this order a change is told twice rather than never.
        var unused = client.onChange(change -> tell(change.after()));
        client.flags().forEach(this::tell);
    }

    private void tell(FlagEvaluation flag) {
        out.println(flag);
        if (out.checkError()) {
            unread.countDown();
        }
    }

    /** Until the other end of a pipe is closed, and that is noticed at a change; or a person interrupts the process. */
    void untilNobodyReads() {
        try {
            unread.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
