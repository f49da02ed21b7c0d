package io.pratique.probes;

import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.AsyncNodeSelection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/**
 * A connection and how to ask through it.
 *
 * @param connection to a server or a cluster
 * @param pinging asks once; failed if anyone of those asked does
 */
record RedisLine(StatefulConnection<?, ?> connection, Supplier<Future<?>> pinging) {

    static RedisLine to(StatefulRedisConnection<String, String> connection) {
        return new RedisLine(connection, () -> connection.async().ping().toCompletableFuture());
    }

    /** Whoever connects has failed before, or is the first: the nodes may be other ones by now. */
    static RedisLine toCluster(RedisClusterClient client) {
        client.refreshPartitions();
        StatefulRedisClusterConnection<String, String> connection = client.connect();
        return new RedisLine(connection, () -> pingMasters(connection));
    }

    private static Future<?> pingMasters(StatefulRedisClusterConnection<String, String> connection) {
        AsyncNodeSelection<String, String> masters = connection.async().upstream();
        if (masters.size() == 0) {
            throw new IllegalStateException("the cluster names no master");
        }
        return CompletableFuture.allOf(masters.commands().ping().futures());
    }

    Future<?> ping() {
        return pinging.get();
    }

    /** Does not wait: the event loops of a server that hangs would not answer either. */
    void close() {
        CompletableFuture<Void> unused = connection.closeAsync();
    }
}
