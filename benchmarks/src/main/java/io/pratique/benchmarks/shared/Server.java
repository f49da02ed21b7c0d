package io.pratique.benchmarks.shared;

import io.pratique.flags.spi.FlagSource;
import io.pratique.flags.spi.FlagStore;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;

/** A real server on loopback, and the ways flags and bare messages take through it. */
interface Server extends AutoCloseable {

    /** Starts a server with room for as many clients as a benchmark has. */
    static Server start(String kind) throws Exception {
        return switch (kind) {
            case "postgres" -> new PostgresServer();
            case "redis" -> new RedisProcess();
            default ->
                throw new IllegalArgumentException("server must be one of postgres, redis, but is \"" + kind + "\"");
        };
    }

    /** Product and version. */
    String title();

    FlagSource openSource();

    FlagStore openStore();

    /** The shortest way that the same news could take: write, announce, hear, read, without any of our code. */
    BareTrip openBareTrip() throws Exception;

    /** The processor time that the server's processes have used so far. */
    Duration cpu();

    /** The connections that the server has now. */
    long connections() throws Exception;

    @Override
    void close() throws IOException;

    /** One way there and back at a time. */
    interface BareTrip extends AutoCloseable {

        /** Writes, and waits until the other side has heard of it and read it; gives the time that took. */
        long nanos() throws Exception;

        @Override
        void close() throws SQLException;
    }
}
