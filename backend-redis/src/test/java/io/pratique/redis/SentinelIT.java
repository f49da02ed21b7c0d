package io.pratique.redis;

import static io.pratique.redis.Scene.ADA;
import static io.pratique.redis.Scene.KILLED;
import static io.pratique.redis.Scene.OTHER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pratique.flags.FlagClient;
import io.pratique.flags.spi.FlagStoreException;
import io.pratique.testkit.HotPathWitness;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A master that dies, and Sentinel that makes a replica the next one. */
@Tag("B-3")
class SentinelIT {

    private RedisProcess master;
    private RedisProcess replica;
    private RedisProcess sentinel;
    private RedisFlagStore operator;
    private FlagClient client;

    @BeforeEach
    void start() throws IOException {
        master = RedisProcess.start();
        replica = RedisProcess.start("--replicaof", "127.0.0.1", Integer.toString(master.port()));
        await().until(() -> replica.ask("INFO", "replication").contains("master_link_status:up"));
        sentinel = RedisProcess.startSentinel(master);
        await().until(() -> sentinel.ask("SENTINEL", "REPLICAS", "main").equals("*1"));
        String uri = "redis-sentinel://127.0.0.1:" + sentinel.port() + "#main";
        operator = RedisFlagStore.connect(uri);
        operator.set(KILLED, "off", ADA);
        operator.set(OTHER, "on", ADA);
        client = FlagClient.builder()
                .source(RedisFlagSource.connect(uri))
                .ttl(Duration.ofMillis(300))
                .build();
        await().until(() -> !client.isEnabled(KILLED) && client.sources().get(0).pushed());
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        operator.close();
        sentinel.close();
        replica.close();
        master.close();
    }

    private boolean replicaLeads() throws IOException {
        return replica.ask("INFO", "replication").contains("role:master");
    }

    @Test
    void nextMasterIsReadWrittenAndHeard() throws Exception {
        try (HotPathWitness witness = HotPathWitness.of(() -> client.isEnabled(KILLED))) {
            await().until(() -> replica.ask("HLEN", "{pratique}:flags").equals(":2"));
            master.kill();
            await().until(this::replicaLeads);

            await().ignoreExceptionsInstanceOf(FlagStoreException.class)
                    .until(() -> operator.set(OTHER, "off", ADA) != null);

            await().until(() -> !client.isEnabled(OTHER));
            await().until(() -> client.sources().get(0).pushed());
            witness.assertUndisturbed();
            witness.assertAnswered(false);
        }
    }

    /** The kill was acknowledged, and never reached the replica. */
    @Test
    @Tag("B-7")
    void killThatTheNextMasterNeverHeardOfStaysInForce() throws Exception {
        await().until(() -> replica.ask("HLEN", "{pratique}:flags").equals(":2"));
        replica.stop();
        master.ask("CLIENT", "KILL", "TYPE", "replica");
        operator.set(OTHER, "off", ADA);
        await().until(() -> !client.isEnabled(OTHER));
        master.kill();
        replica.go();
        await().until(this::replicaLeads);

        await().untilAsserted(() -> assertThat(client.sources().get(0).error())
                .isNotNull()
                .contains("LostHistoryException", "is at change 2 of the same history"));
        assertThat(client.isEnabled(OTHER)).isFalse();
    }
}
