package io.pratique.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.pratique.testkit.TcpProxy;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The connection that all share, in the moment in which it is neither open nor known to be lost. */
@Tag("B-3")
class SharedSessionIT {

    /** Nobody hears of that loss, and an application's client would revive the connection for nobody. */
    @Test
    void connectionThatIsLostBeforeItIsWatchedIsClosedWhenItIsReplaced() throws Exception {
        try (RedisProcess redis = RedisProcess.start();
                TcpProxy network = TcpProxy.to(redis.port())) {
            RedisClient client = RedisClient.create("redis://127.0.0.1:" + network.port());
            RedisClient other = RedisClient.create(redis.uri());
            try (SharedSession shared = new SharedSession(
                    "redis", new LostAtFirst(client, network, new Access.Borrowed(other)), Duration.ofSeconds(2))) {
                Session lost = shared.get();
                assertThat(lost.isOpen()).isFalse();

                Session next = shared.get();

                assertThat(next.isOpen()).isTrue();
                assertThat(((RedisChannelHandler<?, ?>) lost.connection()).isClosed())
                        .isTrue();
            } finally {
                client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
                other.shutdown(Duration.ZERO, Duration.ofSeconds(2));
            }
        }
    }

    /** The first connection goes through a network that is cut; those after it go another way. */
    private record LostAtFirst(RedisClient client, TcpProxy network, Access next) implements Access {

        @Override
        public String subject() {
            return next.subject();
        }

        @Override
        public Session connect() {
            if (network.accepted() > 0) {
                return next.connect();
            }
            Session session = new Access.Borrowed(client).connect();
            network.refuse();
            await().until(() -> !session.isOpen());
            return session;
        }

        @Override
        public StatefulRedisPubSubConnection<String, String> listen() {
            return next.listen();
        }
    }
}
