package io.pratique.benchmarks.refresh;

import io.pratique.flags.FlagClient;
import io.pratique.flags.spi.FlagEntry;
import io.pratique.flags.spi.FlagSet;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a client does with what its source delivers: it parses, compares and publishes. The source is in memory, and its
 * sets are made before anything is measured: a whole one of other instances, or one with a hundredth replaced.
 */
final class ClientBackend implements Backend {

    private FlagSet now = FlagSet.empty();
    private FlagSet twin = FlagSet.empty();
    private int flags;

    @Override
    public String title() {
        return "a client over a source in memory";
    }

    @Override
    public void fill(int number) {
        flags = number;
        now = allOn();
        twin = allOn();
    }

    private FlagSet allOn() {
        FlagSet.Builder builder = FlagSet.builder();
        for (int i = 0; i < flags; i++) {
            builder.put(Backend.key(i), entry("on"));
        }
        return builder.build();
    }

    private static FlagEntry entry(String value) {
        return FlagEntry.of(value).changedAt(Instant.EPOCH);
    }

    @Override
    public void change(String value) {
        FlagSet.Builder builder = now.toBuilder();
        for (int i = 0; i < Backend.changing(flags); i++) {
            builder.put(Backend.key(i), entry(value));
        }
        now = builder.build();
    }

    @Override
    public Reader open() {
        return new OfClient();
    }

    @Override
    public OptionalLong bytesRead() {
        return OptionalLong.empty();
    }

    @Override
    public void close() {
        fill(0);
    }

    private final class OfClient implements Reader {

        private @Nullable FlagClient client;
        private volatile FlagSet next = twin;
        private volatile long thread;

        private FlagSet deliver() {
            thread = Thread.currentThread().getId();
            return next;
        }

        @Override
        @SuppressWarnings("ReferenceEquality") // the one of both that was not delivered last
        public void load() {
            next = next == now ? twin : now;
            if (client == null) {
                client = FlagClient.builder()
                        .source(this::deliver)
                        .ttl(Duration.ofHours(1))
                        .startupTimeout(Duration.ofMinutes(1))
                        .build();
            } else {
                refresh();
            }
        }

        @Override
        public void poll() {
            next = now;
            refresh();
        }

        private void refresh() {
            var unused = Objects.requireNonNull(client)
                    .refresh()
                    .toCompletableFuture()
                    .join();
        }

        @Override
        public String value(String key) {
            return String.valueOf(Objects.requireNonNull(client).evaluate(key).value());
        }

        @Override
        public long thread() {
            return thread;
        }

        @Override
        public void close() {
            if (client != null) {
                client.close();
            }
        }
    }
}
