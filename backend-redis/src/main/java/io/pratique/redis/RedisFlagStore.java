package io.pratique.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.cluster.RedisClusterClient;
import io.pratique.flags.spi.Attribution;
import io.pratique.flags.spi.FlagRevision;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagStore;
import io.pratique.flags.spi.FlagStoreException;
import io.pratique.flags.spi.FlagWrite;
import io.pratique.flags.spi.LostHistoryException;
import io.pratique.flags.spi.Subscription;
import java.util.List;

/**
 * Flags in Redis, to be written. It reads them as {@link RedisFlagSource} does.
 *
 * <pre>{@code
 * try (RedisFlagStore store = RedisFlagStore.connect("redis://localhost")) {
 *     store.set("outbox-processing", "off", Attribution.of("ada", "INC-4711: duplicates"));
 * }
 * }</pre>
 *
 * <p>A write is one script: the values, their history and the announcement are made together or not at all.
 *
 * <p>All methods may be called on any thread, and by several at once.
 */
public final class RedisFlagStore implements FlagStore {

    private final RedisBackend backend;
    private final FlagWriter writer;

    private RedisFlagStore(RedisFlagSource source) {
        this.backend = source.backend();
        this.writer = new FlagWriter(backend.server());
    }

    /**
     * A store on one server, or on the master that Sentinel knows. Nothing is opened yet.
     *
     * @param uri such as {@code redis://user:password@host:6379/0}, {@code rediss://..} for TLS, or {@code
     *     redis-sentinel://host1,host2#master}
     * @return a store
     * @throws IllegalArgumentException if the URI is malformed; the message shows no password
     */
    public static RedisFlagStore connect(String uri) {
        return connect(uri, RedisSettings.defaults());
    }

    /**
     * As {@link #connect(String)}, with settings.
     *
     * @param uri where the server is
     * @param settings where in it the flags are, and how long to wait
     * @return a store
     * @throws IllegalArgumentException if the URI is malformed; the message shows no password
     */
    public static RedisFlagStore connect(String uri, RedisSettings settings) {
        return new RedisFlagStore(RedisFlagSource.connect(uri, settings));
    }

    /**
     * A store on a cluster. Nothing is opened yet.
     *
     * @param uris some of the nodes; the others are found through them
     * @return a store
     * @throws IllegalArgumentException if there is no URI, or one is malformed; the message shows no password
     */
    public static RedisFlagStore connectCluster(List<String> uris) {
        return connectCluster(uris, RedisSettings.defaults());
    }

    /**
     * As {@link #connectCluster(List)}, with settings.
     *
     * @param uris some of the nodes
     * @param settings where in it the flags are, and how long to wait
     * @return a store
     * @throws IllegalArgumentException if there is no URI, or one is malformed; the message shows no password
     */
    public static RedisFlagStore connectCluster(List<String> uris, RedisSettings settings) {
        return new RedisFlagStore(RedisFlagSource.connectCluster(uris, settings));
    }

    /**
     * A store through the application's client, which was made with a URI and stays open.
     *
     * @param client opens two connections for this
     * @return a store
     */
    public static RedisFlagStore over(RedisClient client) {
        return over(client, RedisSettings.defaults());
    }

    /**
     * As {@link #over(RedisClient)}, with settings.
     *
     * @param client opens two connections for this
     * @param settings where the flags are, and how long to wait for an answer
     * @return a store
     */
    public static RedisFlagStore over(RedisClient client, RedisSettings settings) {
        return new RedisFlagStore(RedisFlagSource.over(client, settings));
    }

    /**
     * A store through the application's client of a cluster, which stays open.
     *
     * @param client opens two connections for this, and one to each node that holds the flags
     * @return a store
     * @throws IllegalArgumentException if the client rejects commands while it connects
     */
    public static RedisFlagStore over(RedisClusterClient client) {
        return over(client, RedisSettings.defaults());
    }

    /**
     * As {@link #over(RedisClusterClient)}, with settings.
     *
     * @param client opens two connections for this, and one to each node that holds the flags
     * @param settings where the flags are, and how long to wait for an answer
     * @return a store
     * @throws IllegalArgumentException if the client rejects commands while it connects
     */
    public static RedisFlagStore over(RedisClusterClient client, RedisSettings settings) {
        return new RedisFlagStore(RedisFlagSource.over(client, settings));
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

    /**
     * Makes changes, all of them or none. Where the server's answer is missing, the exception says that they may have
     * been made; where it does not say so, they were not.
     *
     * @throws IllegalArgumentException if there is no change to make, or more than 131,070
     * @throws FlagStoreException if the server is out of reach or refuses
     */
    @Override
    public List<FlagRevision> write(List<FlagWrite> writes) {
        return writer.write(writes);
    }

    @Override
    public List<FlagRevision> list() {
        return writer.list();
    }

    @Override
    public List<FlagRevision> history(String key, int limit) {
        return writer.history(key, limit);
    }

    @Override
    public void accept(String lostEpoch, Attribution by) {
        writer.accept(lostEpoch, by);
    }

    /** Closes the connections that were opened here; an application's client stays open. A call after that throws. */
    @Override
    public void close() {
        backend.close();
    }

    /** The name of the store, the server without any secret, and the namespace. */
    @Override
    public String toString() {
        return "RedisFlagStore[" + backend + "]";
    }
}
