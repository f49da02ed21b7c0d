package io.pratique.benchmarks.shared;

import io.pratique.flags.spi.FlagSource;
import io.pratique.flags.spi.FlagStore;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.OptionalLong;

/** A real server on loopback, and the ways flags and bare messages take through it. */
public interface Server extends AutoCloseable {

    /**
     * Starts a server with room for as many clients as a benchmark has.
     *
     * @param kind {@code postgres} or {@code redis}
     * @return a server without flags
     * @throws Exception if it does not start
     */
    static Server start(String kind) throws Exception {
        return switch (kind) {
            case "postgres" -> new PostgresServer();
            case "redis" -> new RedisProcess();
            default ->
                throw new IllegalArgumentException("server must be one of postgres, redis, but is \"" + kind + "\"");
        };
    }

    /**
     * What it is.
     *
     * @return product and version
     */
    String title();

    /**
     * Where it listens.
     *
     * @return a port on the loopback address
     */
    int port();

    /**
     * A source with connections of its own.
     *
     * @return not connected yet
     */
    default FlagSource openSource() {
        return openSource(port());
    }

    /**
     * The same by another way, such as a relay.
     *
     * @param port where to connect to, on the loopback address
     * @return not connected yet
     */
    FlagSource openSource(int port);

    /**
     * A store with connections of its own.
     *
     * @return not connected yet
     */
    FlagStore openStore();

    /**
     * The shortest way that the same news could take: write, announce, hear, read, without any of our code.
     *
     * @return connected
     * @throws Exception if the server fails
     */
    BareTrip openBareTrip() throws Exception;

    /**
     * The processor time that the server's processes have used.
     *
     * @return of all of them, since their start
     */
    Duration cpu();

    /**
     * The connections that the server has now.
     *
     * @return without the one that asks
     * @throws Exception if the server fails
     */
    long connections() throws Exception;

    /**
     * The rows and index entries of its tables that the server has looked at; those of a connection may show only when that
     * is closed.
     *
     * @return since its start; empty if it is no database
     * @throws Exception if the server fails
     */
    default OptionalLong rowsRead() throws Exception {
        return OptionalLong.empty();
    }

    /**
     * Has the server do now what it does by itself some time after many writes.
     *
     * @throws Exception if the server fails
     */
    default void settle() throws Exception {}

    @Override
    void close() throws IOException;

    /** One way there and back at a time. */
    interface BareTrip extends AutoCloseable {

        /**
         * Writes, and waits until the other side has heard of it and read it.
         *
         * @return the time that took, in nanoseconds
         * @throws Exception if the server fails
         */
        long nanos() throws Exception;

        @Override
        void close() throws SQLException;
    }
}
