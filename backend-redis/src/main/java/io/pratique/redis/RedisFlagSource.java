package io.pratique.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.cluster.RedisClusterClient;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagSource;
import io.pratique.flags.spi.FlagStoreException;
import io.pratique.flags.spi.LostHistoryException;
import io.pratique.flags.spi.Subscription;
import java.util.List;
import java.util.Objects;

/**
 * Flags in Redis 6.2 or later: one server, a master behind Sentinel, or a cluster.
 *
 * <pre>{@code
 * FlagClient client = FlagClient.builder()
 *         .source(RedisFlagSource.connect("redis://localhost"))
 *         .build();
 * }</pre>
 *
 * <p>A poll is one script and one round trip, and answers nothing while nothing has changed. Changes are announced
 * within milliseconds besides. Two connections are opened, with the first load and the first watch; lost ones are
 * replaced for ever. Flags are written with {@link RedisFlagStore}.
 *
 * <p>All methods may be called on any thread, and by several at once.
 */
public final class RedisFlagSource implements FlagSource {

    private final RedisBackend backend;

    private RedisFlagSource(Access access, RedisSettings settings) {
        this.backend = new RedisBackend(access, settings);
    }

    /**
     * Flags on one server, or on the master that Sentinel knows. Nothing is opened yet.
     *
     * @param uri such as {@code redis://user:password@host:6379/0}, {@code rediss://..} for TLS, or {@code
     *     redis-sentinel://host1,host2#master}
     * @return a source
     * @throws IllegalArgumentException if the URI is malformed; the message shows no password
     */
    public static RedisFlagSource connect(String uri) {
        return connect(uri, RedisSettings.defaults());
    }

    /**
     * As {@link #connect(String)}, with settings.
     *
     * @param uri where the server is
     * @param settings where in it the flags are, and how long to wait
     * @return a source
     * @throws IllegalArgumentException if the URI is malformed; the message shows no password
     */
    public static RedisFlagSource connect(String uri, RedisSettings settings) {
        return new RedisFlagSource(new OwnAccess(RedisTarget.of(uri), settings), settings);
    }

    /**
     * Flags on a cluster. Nothing is opened yet.
     *
     * @param uris some of the nodes; the others are found through them
     * @return a source
     * @throws IllegalArgumentException if there is no URI, or one is malformed; the message shows no password
     */
    public static RedisFlagSource connectCluster(List<String> uris) {
        return connectCluster(uris, RedisSettings.defaults());
    }

    /**
     * As {@link #connectCluster(List)}, with settings.
     *
     * @param uris some of the nodes
     * @param settings where in it the flags are, and how long to wait
     * @return a source
     * @throws IllegalArgumentException if there is no URI, or one is malformed; the message shows no password
     */
    public static RedisFlagSource connectCluster(List<String> uris, RedisSettings settings) {
        return new RedisFlagSource(new OwnAccess(RedisTarget.ofCluster(uris), settings), settings);
    }

    /**
     * Flags through the application's client, which was made with a URI and stays open.
     *
     * @param client opens two connections for this
     * @return a source
     */
    public static RedisFlagSource over(RedisClient client) {
        return over(client, RedisSettings.defaults());
    }

    /**
     * As {@link #over(RedisClient)}, with settings.
     *
     * @param client opens two connections for this
     * @param settings where the flags are, and how long to wait for an answer
     * @return a source
     */
    public static RedisFlagSource over(RedisClient client, RedisSettings settings) {
        return new RedisFlagSource(new Access.Borrowed(Objects.requireNonNull(client, "client")), settings);
    }

    /**
     * Flags through the application's client of a cluster, which stays open.
     *
     * @param client opens two connections for this, and one to each node that holds the flags
     * @return a source
     * @throws IllegalArgumentException if the client rejects commands while it connects
     */
    public static RedisFlagSource over(RedisClusterClient client) {
        return over(client, RedisSettings.defaults());
    }

    /**
     * As {@link #over(RedisClusterClient)}, with settings.
     *
     * @param client opens two connections for this, and one to each node that holds the flags
     * @param settings where the flags are, and how long to wait for an answer
     * @return a source
     * @throws IllegalArgumentException if the client rejects commands while it connects
     */
    public static RedisFlagSource over(RedisClusterClient client, RedisSettings settings) {
        return new RedisFlagSource(Access.BorrowedCluster.of(client), settings);
    }

    @Override
    public String name() {
        return backend.name();
    }

    /**
     * Reads all flags.
     *
     * @return the whole set, with the mark of the last change that was made
     * @throws FlagStoreException if the server is out of reach or refuses
     * @throws InterruptedException if the thread is interrupted while it waits
     * @throws IllegalStateException if this is closed
     */
    @Override
    public FlagSet load() throws InterruptedException {
        return backend.load();
    }

    /**
     * Reads what has changed; after the push connection was lost, all.
     *
     * @throws LostHistoryException if the server does not know what was seen before
     * @throws FlagStoreException if the server is out of reach or refuses
     * @throws InterruptedException if the thread is interrupted while it waits
     * @throws IllegalStateException if this is closed
     */
    @Override
    public FlagSet reload(FlagSet previous) throws InterruptedException, LostHistoryException {
        return backend.reload(previous);
    }

    /**
     * Subscribes to the channel of the namespace, on a connection of its own that all watches share and that is kept
     * until this is closed.
     *
     * @throws FlagStoreException if the server cannot be subscribed to in time; that goes on being tried
     * @throws InterruptedException if the thread is interrupted while it waits
     * @throws IllegalStateException if this is closed
     */
    @Override
    public Subscription watch(Runnable changed) throws InterruptedException {
        return backend.watch(changed);
    }

    /** What a store writes through. */
    RedisBackend backend() {
        return backend;
    }

    /** Closes the connections that were opened here; an application's client stays open. A load after that throws. */
    @Override
    public void close() {
        backend.close();
    }

    /** The name of the source, the server without any secret, and the namespace. */
    @Override
    public String toString() {
        return "RedisFlagSource[" + backend + "]";
    }
}
