package io.pratique.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.Objects;

/** How to connect to a server or a cluster. Each call opens another connection, blocks, and may throw anything. */
interface Access extends AutoCloseable {

    /** How messages call what is behind this, without any secret. */
    String subject();

    /** A connection for scripts. */
    Session connect();

    /** A connection for announcements. */
    StatefulRedisPubSubConnection<String, String> listen();

    /** Releases what this has made; connections are closed by whoever opened them. */
    @Override
    default void close() {}

    /** Through an application's client, which stays open. */
    record Borrowed(RedisClient client) implements Access {

        @Override
        public String subject() {
            return "Redis, as the application's client knows it,";
        }

        @Override
        public Session connect() {
            var connection = client.connect();
            return new Session(connection, connection.sync());
        }

        @Override
        public StatefulRedisPubSubConnection<String, String> listen() {
            return client.connectPubSub();
        }
    }

    /** Through an application's client of a cluster, which stays open. */
    record BorrowedCluster(RedisClusterClient client) implements Access {

        /**
         * Of an application's own.
         *
         * @throws IllegalArgumentException if it would reject the first command for each node
         */
        static BorrowedCluster of(RedisClusterClient client) {
            ClientOptions options = Objects.requireNonNull(client, "client").getOptions();
            boolean rejects = switch (options.getDisconnectedBehavior()) {
                case REJECT_COMMANDS -> true;
                case ACCEPT_COMMANDS -> false;
                case DEFAULT -> !options.isAutoReconnect();
            };
            if (rejects) {
                throw new IllegalArgumentException("client of Redis Cluster must accept commands while it connects, but"
                        + " its disconnectedBehavior is \"" + options.getDisconnectedBehavior()
                        + "\"; set ACCEPT_COMMANDS, for Lettuce connects to a node with the first command for it");
            }
            return new BorrowedCluster(client);
        }

        @Override
        public String subject() {
            return "Redis Cluster, as the application's client knows it,";
        }

        @Override
        public Session connect() {
            // Whoever connects anew has failed before, or is the first: the nodes may be other ones by now.
            client.refreshPartitions();
            var connection = client.connect();
            return new Session(connection, connection.sync());
        }

        @Override
        public StatefulRedisPubSubConnection<String, String> listen() {
            client.refreshPartitions();
            return client.connectPubSub();
        }
    }
}
