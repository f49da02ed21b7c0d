package io.pratique.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.sync.RedisScriptingCommands;
import java.util.concurrent.CompletableFuture;

/**
 * A connection for scripts.
 *
 * @param connection what it is made of
 * @param scripts blocks until the server has answered
 */
record Session(StatefulConnection<String, String> connection, RedisScriptingCommands<String, String> scripts) {

    boolean isOpen() {
        return connection.isOpen();
    }

    /**
     * Waits for nothing, so it may be called on Lettuce's threads; and by whoever sees first that a connection is of no
     * more use, for Lettuce warns of one that is closed twice.
     */
    static void close(StatefulConnection<String, String> connection) {
        if (!(connection instanceof RedisChannelHandler<?, ?> handler && handler.isClosed())) {
            CompletableFuture<Void> unused = connection.closeAsync();
        }
    }
}
