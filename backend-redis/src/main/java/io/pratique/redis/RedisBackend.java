package io.pratique.redis;

import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.LostHistoryException;
import io.pratique.flags.spi.Subscription;

/** What the source and the store have in common: one server, read and heard. */
final class RedisBackend implements AutoCloseable {

    private final Server server;
    private final FlagReader reader;
    private final Push push;

    RedisBackend(Access access, RedisSettings settings) {
        this.server = new Server(access, settings);
        this.reader = new FlagReader(server);
        this.push = new Push(access, settings, reader::resync);
    }

    Server server() {
        return server;
    }

    String name() {
        return server.settings().name();
    }

    FlagSet load() throws InterruptedException {
        return reader.load();
    }

    FlagSet reload(FlagSet previous) throws InterruptedException, LostHistoryException {
        return reader.reload(previous);
    }

    Subscription watch(Runnable changed) throws InterruptedException {
        return push.watch(changed);
    }

    @Override
    public void close() {
        push.stop();
        // A client of our own closes its connections, and those that are closing already once more.
        server.close();
        push.close();
    }

    @Override
    public String toString() {
        return name() + ", " + server.access().subject() + ", namespace "
                + server.settings().namespace();
    }
}
