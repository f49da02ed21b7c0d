package io.pratique.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Through a client of our own, which is made with the first connection and closed with this. */
final class OwnAccess implements Access {

    private static final Logger LOG = LoggerFactory.getLogger(RedisFlagSource.class);

    private static final Duration IDLE = Duration.ofSeconds(20);
    private static final Duration PROBE_INTERVAL = Duration.ofSeconds(5);
    private static final int LOST_PROBES = 3;
    private static final Duration SHUTDOWN = Duration.ofSeconds(2);

    private final RedisTarget target;
    private final RedisSettings settings;

    private @Nullable Access made;
    private @Nullable AbstractRedisClient client;
    private int opening;
    private boolean closed;

    OwnAccess(RedisTarget target, RedisSettings settings) {
        this.target = target;
        this.settings = settings;
    }

    @Override
    public String subject() {
        return target.subject();
    }

    @Override
    public Session connect() {
        return open(Access::connect);
    }

    @Override
    public StatefulRedisPubSubConnection<String, String> listen() {
        return open(Access::listen);
    }

    /** A client that is shut down under a connection being made would leave it pending for ever. */
    private <C> C open(Function<Access, C> opening) {
        Access through = begin();
        try {
            return opening.apply(through);
        } finally {
            end();
        }
    }

    private synchronized Access begin() {
        if (closed) {
            throw new IllegalStateException(subject() + " is closed");
        }
        Access through = made;
        if (through == null) {
            through = target.isCluster() ? cluster() : single();
            made = through;
        }
        opening++;
        return through;
    }

    private void end() {
        AbstractRedisClient unused;
        synchronized (this) {
            opening--;
            unused = releasedClient();
        }
        shutDown(unused);
    }

    /** The client, if it is to be shut down now, and by the caller. */
    private @Nullable AbstractRedisClient releasedClient() {
        if (!closed || opening > 0) {
            return null;
        }
        AbstractRedisClient released = client;
        client = null;
        return released;
    }

    /**
     * Lettuce may wait for ever for a connection's end that it has missed, as in a cluster whose nodes come and go
     * (redis/lettuce#2278): its threads are told to end all the same, and with them whatever is left of its connections.
     */
    private static void shutDown(@Nullable AbstractRedisClient client) {
        if (client == null) {
            return;
        }
        long most = SHUTDOWN.toMillis();
        CompletableFuture<Void> ended = CompletableFuture.<Void>completedFuture(null)
                .thenCompose(now -> client.shutdownAsync(0, most, TimeUnit.MILLISECONDS))
                // Connections first, and then the threads, which may take so long alone.
                .orTimeout(2 * most, TimeUnit.MILLISECONDS)
                .whenComplete((done, thrown) -> {
                    if (thrown != null) {
                        Thread ending = new Thread(() -> endThreads(client, thrown), "pratique-redis-end");
                        ending.setDaemon(true);
                        ending.start();
                    }
                });
        try {
            ended.get();
        } catch (InterruptedException nobodyWaits) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException endedWithoutIt) {
            // Of which the log tells.
        }
    }

    private static void endThreads(AbstractRedisClient client, Throwable thrown) {
        LOG.debug("Lettuce's client did not end; its threads are ended without it", thrown);
        var unused = client.getResources().shutdown(0, SHUTDOWN.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Options first: where they are refused, no client is there that somebody would have to shut down. */
    private Access single() {
        ClientOptions options = options(ClientOptions.builder()).build();
        RedisClient single = RedisClient.create(uris().get(0));
        client = single;
        single.setOptions(options);
        return new Borrowed(single);
    }

    private Access cluster() {
        ClusterClientOptions.Builder builder = ClusterClientOptions.builder();
        options(builder);
        // A connection to a node is made with the first command for it, which must not be rejected meanwhile.
        builder.disconnectedBehavior(ClientOptions.DisconnectedBehavior.ACCEPT_COMMANDS);
        ClusterClientOptions options = builder.build();
        RedisClusterClient cluster = RedisClusterClient.create(uris());
        client = cluster;
        cluster.setOptions(options);
        return new BorrowedCluster(cluster);
    }

    private List<RedisURI> uris() {
        return target.uris(settings.timeout());
    }

    /**
     * A lost connection is replaced by a new one, never revived: reviving it would send again what was not answered, and
     * a change would be made twice.
     */
    private ClientOptions.Builder options(ClientOptions.Builder builder) {
        return builder.autoReconnect(false)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                .timeoutOptions(TimeoutOptions.enabled(settings.timeout()))
                .sslOptions(sslOptions())
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(settings.timeout())
                        .keepAlive(SocketOptions.KeepAliveOptions.builder()
                                .enable()
                                .idle(IDLE)
                                .interval(PROBE_INTERVAL)
                                .count(LOST_PROBES)
                                .build())
                        .build());
    }

    private SslOptions sslOptions() {
        SslOptions.Builder builder = SslOptions.builder().jdkSslProvider().handshakeTimeout(settings.timeout());
        if (settings.trustedCertificates() != null) {
            builder.trustManager(settings.trustedCertificates().toFile());
        }
        return builder.build();
    }

    /** Whoever still opens a connection shuts the client down afterwards. */
    @Override
    public void close() {
        AbstractRedisClient unused;
        synchronized (this) {
            closed = true;
            unused = releasedClient();
        }
        shutDown(unused);
    }
}
