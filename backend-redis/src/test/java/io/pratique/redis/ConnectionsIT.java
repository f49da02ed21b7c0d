package io.pratique.redis;

import static io.pratique.redis.Scene.ADA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagStoreException;
import io.pratique.testkit.TcpProxy;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

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
        Logger logger = (Logger) LoggerFactory.getLogger("io.lettuce");
        ListAppender<ILoggingEvent> said = new ListAppender<>();
        said.start();
        logger.setLevel(Level.WARN);
        logger.setAdditive(false);
        logger.addAppender(said);
        RedisClient client = RedisClient.create(redis.uri());
        try (TcpProxy network = TcpProxy.to(redis.port())) {
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
        } finally {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
            logger.detachAppender(said);
            logger.setAdditive(true);
            logger.setLevel(null);
        }
        assertThat(said.list).isEmpty();
    }

    private static void useAndClose(RedisFlagSource source) throws InterruptedException {
        try (source) {
            source.load();
            source.watch(() -> {});
        }
    }

    @Nested
    class Closing {

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
                assertThat(commands).contains("cmdstat_evalsha:calls=1,").doesNotContain("hgetall", "cmdstat_hget:");
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

    @Nested
    class Push {

        @Test
        void lossAndRecoveryAreSaidOnceAndFollowedByAFullResync() throws Exception {
            Logger logger = (Logger) LoggerFactory.getLogger(RedisFlagSource.class);
            ListAppender<ILoggingEvent> said = new ListAppender<>();
            said.start();
            logger.setLevel(Level.INFO);
            logger.setAdditive(false);
            logger.addAppender(said);
            try (TcpProxy network = TcpProxy.to(redis.port());
                    RedisFlagSource source = RedisFlagSource.connect("redis://127.0.0.1:" + network.port());
                    RedisFlagStore store = RedisFlagStore.connect(redis.uri())) {
                store.set("cleanup", "off", ADA);
                FlagSet set = source.load();
                AtomicInteger told = new AtomicInteger();
                source.watch(told::incrementAndGet);
                int accepted = network.accepted();
                network.refuse();
                await().until(() -> lines(said).size() == 1);
                redis.ask("PUBLISH", "{pratique}:changed", "nobody hears that");

                network.pass();

                await().until(() -> told.get() > 0 && network.accepted() > accepted);
                redis.tell("CONFIG", "RESETSTAT");
                assertThat(source.reload(set)).isSameAs(set);
                assertThat(redis.ask("INFO", "commandstats")).contains("hgetall");
                await().until(() -> lines(said).size() == 2);
                assertThat(lines(said).get(0))
                        .startsWith("WARN Flag source redis is not told of changes, polling goes on");
                assertThat(lines(said).get(1)).startsWith("INFO Flag source redis is told of changes again");
            } finally {
                logger.detachAppender(said);
                logger.setAdditive(true);
                logger.setLevel(null);
            }
        }

        private static List<String> lines(ListAppender<ILoggingEvent> said) {
            return List.copyOf(said.list).stream()
                    .map(event -> event.getLevel() + " " + event.getFormattedMessage())
                    .toList();
        }

        @Test
        void otherNamespacesAreOtherPeoples() throws Exception {
            RedisSettings other = RedisSettings.defaults().namespace("other");
            try (RedisFlagStore store = RedisFlagStore.connect(redis.uri());
                    RedisFlagStore neighbour = RedisFlagStore.connect(redis.uri(), other)) {
                AtomicInteger told = new AtomicInteger();
                AtomicInteger toldNeighbour = new AtomicInteger();
                store.watch(told::incrementAndGet);
                neighbour.watch(toldNeighbour::incrementAndGet);

                store.set("cleanup", "off", ADA);
                await().until(() -> told.get() > 0);
                int before = told.get();
                neighbour.set("cleanup", "on", ADA);
                await().until(() -> toldNeighbour.get() > 0);

                assertThat(told).hasValue(before);
                assertThat(store.load().entries().get("cleanup").value()).isEqualTo("off");
                assertThat(neighbour.load().entries().get("cleanup").value()).isEqualTo("on");
            }
        }
    }
}
