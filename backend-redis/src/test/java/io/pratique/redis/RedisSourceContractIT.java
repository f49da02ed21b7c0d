package io.pratique.redis;

import io.pratique.flags.spi.FlagSource;
import io.pratique.testkit.FlagSourceContract;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

/** The source under the contract of all sources, on a real server. */
@Tag("B-3")
@Tag("B-5")
class RedisSourceContractIT extends FlagSourceContract {

    private static RedisProcess redis;
    private static RawWriter writer;

    @BeforeAll
    static void start() throws IOException {
        redis = RedisProcess.start();
        writer = new RawWriter(redis.uri());
    }

    @BeforeEach
    void empty() throws IOException {
        redis.ensureStarted();
        redis.tell("FLUSHALL");
    }

    @AfterAll
    static void stop() throws IOException {
        writer.close();
        redis.close();
    }

    @Override
    protected FlagSource openSource() {
        return RedisFlagSource.connect(redis.uri());
    }

    @Override
    protected void write(Map<String, String> values) throws InterruptedException {
        writer.write(values);
    }

    @Override
    protected void remove(String key) throws InterruptedException {
        writer.clear(key);
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
}
