package io.pratique.redis;

import io.pratique.flags.spi.FlagSource;
import io.pratique.flags.spi.FlagStore;
import io.pratique.testkit.FlagStoreContract;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

/** The store under the contract of all stores, on a real server. */
@Tag("B-3")
@Tag("B-4")
@Tag("B-5")
@Tag("B-7")
class RedisStoreContractIT extends FlagStoreContract {

    private static RedisProcess redis;

    @BeforeAll
    static void start() throws IOException {
        redis = RedisProcess.start();
    }

    @BeforeEach
    void empty() throws IOException {
        redis.ensureStarted();
        redis.tell("FLUSHALL");
    }

    @AfterAll
    static void stop() throws IOException {
        redis.close();
    }

    @Override
    protected FlagStore openStore() {
        return RedisFlagStore.connect(redis.uri());
    }

    @Override
    protected FlagSource openSource() {
        return RedisFlagSource.connect(redis.uri());
    }

    @Override
    protected void takeBackendAway() throws IOException {
        redis.tell("SAVE");
        redis.kill();
    }

    @Override
    protected void bringBackendBack() throws IOException {
        redis.startAgain();
    }

    @Override
    protected void cutPush() throws IOException {
        redis.ask("CLIENT", "KILL", "TYPE", "pubsub");
    }

    @Override
    protected void wipe() throws IOException {
        redis.tell("FLUSHALL");
    }

    @Override
    protected Backup backUp() throws IOException {
        redis.tell("SAVE");
        byte[] saved = Files.readAllBytes(redis.dump());
        return () -> {
            Files.write(redis.dump(), saved);
            redis.tell("DEBUG", "RELOAD", "NOSAVE");
        };
    }
}
