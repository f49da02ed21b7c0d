package io.pratique.redis;

import static io.pratique.redis.Scene.ADA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagStoreException;
import io.pratique.testkit.TcpProxy;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How many connections there are, what crosses them, and what becomes of those that are lost. */
@Tag("B-3")
class ConnectionsIT {

    private RedisProcess redis;

    @BeforeEach
    void start() throws IOException {
        redis = RedisProcess.start();
    }

    @AfterEach
    void stop() throws IOException {
        await().untilAsserted(() -> assertThat(connections()).isZero());
        await().untilAsserted(() -> assertThat(Scene.ourThreads()).isEmpty());
        redis.close();
    }

    private long connections() throws IOException {
        return redis.ask("CLIENT", "LIST").lines().count() - 1;
    }

    @Nested
    class OfOurOwn {

        @Test
        void noneBeforeTheFirstLoadAndTwoWithAWatch() throws Exception {
            try (RedisFlagSource source = RedisFlagSource.connect(redis.uri())) {
                assertThat(connections()).isZero();
                assertThat(Scene.ourThreads()).isEmpty();

                source.load();
                source.load();
                assertThat(connections()).isEqualTo(1);

                source.watch(() -> {});
                source.watch(() -> {});
                assertThat(connections()).isEqualTo(2);
            }
        }

        @Test
        void closingWaitsForNoServerThatHangs() throws Exception {
            try (RedisFlagSource source = RedisFlagSource.connect(redis.uri())) {
                source.load();
                source.watch(() -> {});
                redis.stop();
            } finally {
                redis.go();
            }
        }
    }

    /** Lettuce warns of a connection that is closed twice; whoever reads that looks for a fault where there is none. */
    @Test
    void endWithoutAWarning() throws Exception {
        RedisClient client = RedisClient.create(redis.uri());
        try (Said said = Said.by("io.lettuce", Level.WARN);
                TcpProxy network = TcpProxy.to(redis.port())) {
            useAndClose(RedisFlagSource.connect(redis.uri()));
            useAndClose(RedisFlagSource.over(client));
            try (RedisFlagSource cutOff = RedisFlagSource.connect("redis://127.0.0.1:" + network.port())) {
                cutOff.load();
                cutOff.watch(() -> {});
                int accepted = network.accepted();
                network.cut();
                network.pass();
                await().until(() -> network.accepted() > accepted);
                cutOff.load();
            }
            await().until(() -> connections() == 0);
            assertThat(said.lines()).isEmpty();
        } finally {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
        }
    }

    private static void useAndClose(RedisFlagSource source) throws InterruptedException {
        try (source) {
            source.load();
            source.watch(() -> {});
        }
    }

    @Nested
    class Closing {

        /** As an executor does that is shut down at once; there may be more to close after this. */
        @Test
        void onAnInterruptedThreadThrowsNothing() throws Exception {
            RedisFlagSource source = RedisFlagSource.connect(redis.uri());
            source.load();
            source.watch(() -> {});
            Thread.currentThread().interrupt();

            source.close();

            assertThat(Thread.interrupted()).isTrue();
        }

        /** Lettuce never tells of a connection whose client is shut down while it is being made. */
        @Test
        void whileAConnectionIsBeingMadeLeavesNoThread() throws Exception {
            RedisSettings quick = RedisSettings.defaults().timeout(Duration.ofMillis(200));
            try (TcpProxy network = TcpProxy.to(redis.port())) {
                network.hang();
                String uri = "redis://127.0.0.1:" + network.port();
                for (int i = 0; i < 5; i++) {
                    RedisFlagSource source = RedisFlagSource.connect(uri, quick);
                    Thread loading = new Thread(() -> assertThatThrownBy(source::load));
                    loading.start();
                    await().pollInterval(Duration.ofMillis(1))
                            .until(() -> !Scene.ourThreads().isEmpty());
                    source.close();
                    loading.join();
                    await().untilAsserted(() -> assertThat(Scene.ourThreads()).isEmpty());
                }
            }
        }
    }

    @Nested
    class OfTheApplicationsClient {

        @Test
        void areClosedWhileItStaysOpen() throws Exception {
            RedisClient client = RedisClient.create(redis.uri());
            try (StatefulRedisConnection<String, String> own = client.connect()) {
                try (RedisFlagStore store = RedisFlagStore.over(client);
                        RedisFlagSource source = RedisFlagSource.over(client)) {
                    store.set("cleanup", "off", ADA);
                    source.watch(() -> {});
                    assertThat(source.load().entries()).containsOnlyKeys("cleanup");
                    assertThat(connections()).isEqualTo(4);
                }
                await().until(() -> connections() == 1);
                assertThat(own.sync().ping()).isEqualTo("PONG");
            } finally {
                client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
            }
        }

        /** Lettuce would connect again and send again what was not answered: the flag would be set twice. */
        @Test
        @Tag("B-4")
        void sendNothingTwice() throws Exception {
            RedisClient client = null;
            try (TcpProxy network = TcpProxy.to(redis.port());
                    RedisFlagSource reader = RedisFlagSource.connect(redis.uri())) {
                client = RedisClient.create("redis://127.0.0.1:" + network.port());
                try (RedisFlagStore store =
                        RedisFlagStore.over(client, RedisSettings.defaults().timeout(Duration.ofSeconds(10)))) {
                    long before = store.set("cleanup", "on", ADA).version();
                    Thread cutter = new Thread(() -> {
                        await().until(() -> reader.load().historyMark().sequence() > before);
                        network.cut();
                        network.pass();
                    });
                    network.delay(Duration.ofSeconds(1));
                    cutter.start();

                    assertThatThrownBy(() -> store.set("cleanup", "off", ADA)).isInstanceOf(FlagStoreException.class);

                    cutter.join();
                    assertThat(store.set("cleanup", "on", ADA).version()).isEqualTo(before + 2);
                }
            } finally {
                client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
            }
        }
    }

    @Nested
    class ToAMasterThatIsOneNoMore {

        /** The address, or Sentinel, may lead elsewhere by now. */
        @Test
        void isReplacedByANewOne() throws Exception {
            try (TcpProxy network = TcpProxy.to(redis.port());
                    RedisFlagStore store = RedisFlagStore.connect("redis://127.0.0.1:" + network.port())) {
                store.set("cleanup", "off", ADA);
                redis.tell("REPLICAOF", "127.0.0.1", "1");
                int accepted = network.accepted();

                for (int i = 0; i < 2; i++) {
                    assertThatThrownBy(() -> store.set("cleanup", "on", ADA))
                            .isInstanceOf(FlagStoreException.class)
                            .hasMessageContaining("is a replica");
                }

                assertThat(network.accepted()).isEqualTo(accepted + 1);
                redis.tell("REPLICAOF", "NO", "ONE");
                assertThat(store.set("cleanup", "on", ADA).version()).isEqualTo(2);
            }
        }
    }

    @Nested
    class Polls {

        @Test
        void answerNothingWhileNothingHasChanged() throws Exception {
            try (RedisFlagStore store = RedisFlagStore.connect(redis.uri())) {
                store.set("cleanup", "off", ADA);
                FlagSet set = store.load();

                assertThat(store.reload(set)).isSameAs(set);
                redis.tell("CONFIG", "RESETSTAT");
                assertThat(store.reload(set)).isSameAs(set);

                String commands = redis.ask("INFO", "commandstats");
                assertThat(commands)
                        .contains("cmdstat_evalsha:calls=1,")
                        .contains("cmdstat_hmget:calls=1,", "cmdstat_hlen:calls=2,", "cmdstat_zcard:calls=1,")
                        .doesNotContain("cmdstat_hgetall", "cmdstat_hget:", "cmdstat_xrange", "cmdstat_time");
            }
        }

        @Test
        void goOnAfterTheServerHasForgottenItsScripts() throws Exception {
            try (RedisFlagStore store = RedisFlagStore.connect(redis.uri())) {
                store.set("cleanup", "off", ADA);
                FlagSet set = store.load();
                redis.tell("SCRIPT", "FLUSH");

                assertThat(store.reload(set)).isSameAs(set);
                assertThat(store.set("cleanup", "on", ADA).version()).isEqualTo(2);
            }
        }
    }
}
