package io.pratique.redis;

import static io.pratique.redis.Scene.ADA;
import static io.pratique.redis.Scene.KILLED;
import static io.pratique.redis.Scene.OTHER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.cluster.RedisClusterClient;
import io.pratique.flags.FlagClient;
import io.pratique.flags.spi.FlagStoreException;
import io.pratique.testkit.HotPathWitness;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Flags in a cluster, all in one slot, wherever that goes. */
@Tag("B-3")
class ClusterIT {

    private static final int SLOTS = 16_384;

    private final List<RedisProcess> nodes = new ArrayList<>();
    private RedisFlagStore operator;
    private FlagClient client;
    private String slot;

    @BeforeEach
    void start() throws IOException {
        for (int i = 0; i < 2; i++) {
            nodes.add(RedisProcess.start("--cluster-enabled", "yes", "--cluster-node-timeout", "1000"));
            int half = i * SLOTS / 2;
            nodes.get(i).tell(words(Stream.of("CLUSTER", "ADDSLOTS"), half, half + SLOTS / 2));
        }
        nodes.get(0)
                .tell(
                        "CLUSTER",
                        "MEET",
                        "127.0.0.1",
                        Integer.toString(nodes.get(1).port()));
        for (RedisProcess node : nodes) {
            await().until(() -> node.ask("CLUSTER", "INFO").contains("cluster_state:ok"));
        }
        slot = nodes.get(0).ask("CLUSTER", "KEYSLOT", "{pratique}:flags").substring(1);
        operator = RedisFlagStore.connectCluster(uris());
        await().ignoreExceptionsInstanceOf(FlagStoreException.class)
                .until(() -> operator.set(KILLED, "off", ADA) != null);
        operator.set(OTHER, "on", ADA);
        client = FlagClient.builder()
                .source(RedisFlagSource.connectCluster(uris()))
                .ttl(Duration.ofMillis(300))
                .build();
        await().until(() -> !client.isEnabled(KILLED) && client.sources().get(0).pushed());
    }

    private static String[] words(Stream<String> first, int from, int to) {
        return Stream.concat(first, IntStream.range(from, to).mapToObj(Integer::toString))
                .toArray(String[]::new);
    }

    private List<String> uris() {
        return nodes.stream().map(RedisProcess::uri).toList();
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        operator.close();
        for (RedisProcess node : nodes) {
            node.close();
        }
        await().untilAsserted(() -> assertThat(Scene.ourThreads()).isEmpty());
    }

    private RedisProcess owner() throws IOException {
        return nodes.get(Integer.parseInt(slot) < SLOTS / 2 ? 0 : 1);
    }

    private RedisProcess other() throws IOException {
        return nodes.get(Integer.parseInt(slot) < SLOTS / 2 ? 1 : 0);
    }

    @Test
    void allKeysOfANamespaceAreInOneSlot() throws Exception {
        operator.accept("some-epoch", ADA);

        assertThat(owner().ask("CLUSTER", "COUNTKEYSINSLOT", slot)).isEqualTo(":7");
        assertThat(other().ask("DBSIZE")).isEqualTo(":0");
    }

    @Test
    void usersOfTheGuideTakeOneRightMore() throws Exception {
        for (RedisProcess node : nodes) {
            Guide.grant(node);
            node.tell("ACL", "SETUSER", "pratique-reader", "+cluster");
            node.tell("ACL", "SETUSER", "pratique-writer", "+cluster");
        }
        try (RedisFlagSource reader = RedisFlagSource.connectCluster(urisOf("pratique-reader:reader-secret"));
                RedisFlagStore writer = RedisFlagStore.connectCluster(urisOf("pratique-writer:writer-secret"))) {
            AtomicInteger told = new AtomicInteger();
            reader.watch(told::incrementAndGet);

            writer.set(OTHER, "off", ADA);

            await().until(() -> told.get() > 0);
            assertThat(reader.load().entries().get(OTHER).value()).isEqualTo("off");
        }
    }

    private List<String> urisOf(String user) {
        return uris().stream()
                .map(uri -> uri.replace("redis://", "redis://" + user + "@"))
                .toList();
    }

    @Test
    void slotIsMovedToAnotherNode() throws Exception {
        try (HotPathWitness witness = HotPathWitness.of(() -> client.isEnabled(KILLED))) {
            move(owner(), other());

            await().ignoreExceptionsInstanceOf(FlagStoreException.class)
                    .until(() -> operator.set(OTHER, "off", ADA) != null);
            await().until(() -> !client.isEnabled(OTHER));

            assertThat(other().ask("HGET", "{pratique}:flags", OTHER)).isEqualTo("off");
            witness.assertUndisturbed();
            witness.assertAnswered(false);
        }
    }

    /** One half of the keys here, one half there, for as long as a poll or two take. */
    private void move(RedisProcess from, RedisProcess to) throws IOException {
        String fromId = from.ask("CLUSTER", "MYID");
        String toId = to.ask("CLUSTER", "MYID");
        to.tell("CLUSTER", "SETSLOT", slot, "IMPORTING", fromId);
        from.tell("CLUSTER", "SETSLOT", slot, "MIGRATING", toId);
        String[] keys = Keys.in("pratique", Keys.values());
        long failed = client.sources().get(0).failedLoads();
        for (int i = 0; i < keys.length; i++) {
            from.ask("MIGRATE", "127.0.0.1", Integer.toString(to.port()), keys[i], "0", "5000");
            if (i == keys.length / 2) {
                await().until(() -> client.sources().get(0).failedLoads() > failed);
            }
        }
        for (RedisProcess node : nodes) {
            node.tell("CLUSTER", "SETSLOT", slot, "NODE", toId);
        }
    }

    @Test
    void nodeIsKilledAndStartedAgain() throws Exception {
        RedisProcess owner = owner();
        owner.tell("SAVE");
        owner.kill();
        await().until(() -> client.sources().get(0).error() != null);
        assertThat(client.isEnabled(KILLED)).isFalse();

        owner.startAgain();

        await().ignoreExceptionsInstanceOf(FlagStoreException.class)
                .until(() -> operator.set(OTHER, "off", ADA) != null);
        await().until(() -> !client.isEnabled(OTHER) && client.sources().get(0).pushed());
    }

    @Test
    void applicationsClientIsUsedAndLeftOpen() throws Exception {
        try (RedisClusterClient own = RedisClusterClient.create(uris().get(0))) {
            try (RedisFlagSource source = RedisFlagSource.over(own)) {
                assertThat(source.load().entries()).containsOnlyKeys(KILLED, OTHER);
                source.watch(() -> {});
            }
            try (var connection = own.connect()) {
                assertThat(connection.sync().ping()).isEqualTo("PONG");
            }
        }
    }
}
