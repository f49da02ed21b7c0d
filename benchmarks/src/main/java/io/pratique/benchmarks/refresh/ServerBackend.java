package io.pratique.benchmarks.refresh;

import io.pratique.benchmarks.shared.Server;
import io.pratique.flags.spi.Attribution;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagSource;
import io.pratique.flags.spi.FlagStore;
import io.pratique.flags.spi.FlagWrite;
import java.io.IOException;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** A real server on loopback. */
final class ServerBackend implements Backend {

    private static final Attribution BY = Attribution.of("benchmark", "refresh");
    private static final int BATCH = 1_000;
    private static final int CALLS = 20;
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(30);

    private final Server server;
    private final Relay relay;
    private int flags;

    ServerBackend(String kind) throws Exception {
        this.server = Server.start(kind);
        this.relay = new Relay(server.port());
    }

    @Override
    public String title() {
        return server.title();
    }

    @Override
    public void fill(int number) throws Exception {
        for (int from = flags; from < number; from += BATCH) {
            write(from, Math.min(number, from + BATCH), "on");
        }
        flags = number;
        server.settle();
    }

    @Override
    public void change(String value) throws Exception {
        write(0, Backend.changing(flags), value);
    }

    /** By a store that is open only for this, so that nothing of it runs while others are measured. */
    private void write(int from, int to, String value) {
        try (FlagStore store = server.openStore()) {
            var unused = store.write(IntStream.range(from, to)
                    .mapToObj(i -> FlagWrite.set(Backend.key(i), value, BY))
                    .toList());
        }
    }

    @Override
    public Reader open() {
        return new Reader.OfSource(server.openSource(server.port()));
    }

    @Override
    public Reader openCounted() {
        return new Reader.OfSource(server.openSource(relay.port()));
    }

    @Override
    public OptionalLong bytesRead() {
        return OptionalLong.of(relay.sentBack());
    }

    /** A server counts a connection's reading when that ends, so each count has a source of its own. */
    @Override
    public OptionalLong rowsRead(Counted call) throws Exception {
        if (server.rowsRead().isEmpty()) {
            return OptionalLong.empty();
        }
        FlagSet before;
        try (FlagSource source = server.openSource(server.port())) {
            before = source.load();
        }
        if (call == Counted.POLL_OF_CHANGES) {
            change("off");
        }
        awaitNobody();
        long rows = server.rowsRead().getAsLong();
        try (FlagSource source = server.openSource(server.port())) {
            for (int i = 0; i < CALLS; i++) {
                var unused = call == Counted.LOAD ? source.load() : source.reload(before);
            }
        }
        awaitNobody();
        long read = server.rowsRead().getAsLong() - rows;
        if (call == Counted.POLL_OF_CHANGES) {
            change("on");
        }
        return OptionalLong.of(read / CALLS);
    }

    private void awaitNobody() throws Exception {
        long end = System.nanoTime() + PATIENCE;
        while (server.connections() > 0) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(
                        "somebody is still connected, so not all that is read has been counted");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    @Override
    public void close() throws IOException {
        relay.close();
        server.close();
    }
}
