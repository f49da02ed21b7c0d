package io.pratique.redis;

import static io.pratique.redis.Scene.ADA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.pratique.flags.spi.FlagSet;
import io.pratique.testkit.TcpProxy;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is heard of changes, and what becomes of a subscription that is lost. */
@Tag("B-3")
class PushIT {

    private static final String LOGGER = RedisFlagSource.class.getName();

    private RedisProcess redis;
    private TcpProxy network;
    private RedisFlagStore store;
    private RedisFlagSource source;

    @BeforeEach
    void start() throws IOException {
        redis = RedisProcess.start();
        network = TcpProxy.to(redis.port());
        store = RedisFlagStore.connect(redis.uri());
        source = RedisFlagSource.connect("redis://127.0.0.1:" + network.port());
    }

    @AfterEach
    void stop() throws IOException {
        source.close();
        store.close();
        network.close();
        await().untilAsserted(() -> assertThat(Scene.ourThreads()).isEmpty());
        redis.close();
    }

    private void assertReadsAll(FlagSet set) throws Exception {
        redis.tell("CONFIG", "RESETSTAT");
        assertThat(source.reload(set)).isSameAs(set);
        assertThat(redis.ask("INFO", "commandstats")).contains("hgetall");
    }

    @Test
    void lossAndRecoveryAreSaidOnceAndFollowedByAFullResync() throws Exception {
        store.set("cleanup", "off", ADA);
        FlagSet set = source.load();
        AtomicInteger told = new AtomicInteger();
        source.watch(told::incrementAndGet);
        try (Said said = Said.by(LOGGER, Level.INFO)) {
            int accepted = network.accepted();
            network.refuse();
            await().until(() -> said.lines().size() == 1);
            redis.ask("PUBLISH", "{pratique}:changed", "nobody hears that");

            network.pass();

            await().until(() -> told.get() > 0 && network.accepted() > accepted);
            assertReadsAll(set);
            await().until(() -> said.lines().size() == 2);
            assertThat(said.lines().get(0))
                    .startsWith("WARN Flag source redis is not told of changes, polling goes on");
            assertThat(said.lines().get(1)).startsWith("INFO Flag source redis is told of changes again");
        }
    }

    /**
     * A proxy with no server behind it may take a subscription, too. Losses are counted by what is said of them: one
     * connection may have made several announcements.
     */
    @Test
    void subscriptionsThatAreLostAtOnceAreOneTrouble() throws Exception {
        store.set("cleanup", "off", ADA);
        FlagSet set = source.load();
        try (Said said = Said.by(LOGGER, Level.DEBUG)) {
            source.watch(() -> {
                if (said.lines().size() < 6) {
                    network.cut();
                }
            });
            store.set("cleanup", "off", ADA);
            await().until(() -> said.lines().size() >= 6);
            FlagSet changed = source.reload(set);

            await().until(() -> !said.lines(Level.INFO).isEmpty());
            assertThat(source.reload(changed)).isSameAs(changed);
            assertThat(said.lines(Level.WARN)).hasSize(1);
            assertThat(said.lines(Level.DEBUG)).hasSizeGreaterThanOrEqualTo(5);
            assertThat(said.lines(Level.INFO)).singleElement().asString().contains("is told of changes again");

            network.cut();

            await().until(() ->
                    said.lines(Level.WARN).size() == 2 && said.lines(Level.INFO).size() == 2);
        }
    }

    @Test
    void eachReconnectIsFollowedByAFullResync() throws Exception {
        store.set("cleanup", "off", ADA);
        FlagSet set = source.load();
        AtomicInteger told = new AtomicInteger();
        source.watch(told::incrementAndGet);
        for (int i = 0; i < 3; i++) {
            int before = told.get();
            network.cut();
            await().until(() -> told.get() > before);
            assertReadsAll(set);
        }
    }

    @Test
    void otherNamespacesAreOtherPeoples() throws Exception {
        RedisSettings other = RedisSettings.defaults().namespace("other");
        try (RedisFlagStore neighbour = RedisFlagStore.connect(redis.uri(), other)) {
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
