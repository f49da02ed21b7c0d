package io.pratique.redis;

import static io.pratique.redis.Scene.ADA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Flags over TLS, from a server with a certificate of its own making. */
@Tag("B-3")
class TlsIT {

    @TempDir
    private Path temp;

    private RedisProcess redis;
    private TlsProxy tls;
    private String uri;

    @BeforeEach
    void start() throws Exception {
        redis = RedisProcess.start();
        tls = TlsProxy.to(redis.port(), temp);
        uri = "rediss://127.0.0.1:" + tls.port();
    }

    @AfterEach
    void stop() throws Exception {
        tls.close();
        redis.close();
    }

    @Test
    void trustedServerIsReadWrittenAndHeard() throws Exception {
        // The first handshake of a process loads and compiles much, and nothing here is about how long that takes.
        RedisSettings trusting =
                RedisSettings.defaults().trusting(tls.certificate()).timeout(Duration.ofMinutes(1));
        try (RedisFlagStore store = RedisFlagStore.connect(uri, trusting);
                RedisFlagSource source = RedisFlagSource.connect(uri, trusting)) {
            AtomicInteger told = new AtomicInteger();
            source.watch(told::incrementAndGet);

            store.set("cleanup", "off", ADA);

            await().until(() -> told.get() > 0);
            assertThat(source.load().entries()).containsOnlyKeys("cleanup");
        }
    }

    @Test
    void serverThatNobodyKnowsIsRefused() {
        try (RedisFlagSource source = RedisFlagSource.connect(uri)) {
            assertThatThrownBy(source::load).hasMessageContaining("127.0.0.1:" + tls.port() + " cannot be trusted");
        }
    }

    @Test
    void fileOfAuthoritiesThatIsMissingIsNamed() {
        Path missing = temp.resolve("missing.pem");
        try (RedisFlagSource source =
                RedisFlagSource.connect(uri, RedisSettings.defaults().trusting(missing))) {
            assertThatThrownBy(source::load).hasMessageContaining(missing.toString());
            await().untilAsserted(() -> assertThat(Scene.ourThreads()).isEmpty());
        }
    }

    @Test
    void fileOfAuthoritiesThatIsNoneIsAnOutage() throws Exception {
        Path odd = Files.writeString(temp.resolve("odd.pem"), "no certificate");
        try (RedisFlagSource source =
                RedisFlagSource.connect(uri, RedisSettings.defaults().trusting(odd))) {
            assertThatThrownBy(source::load).hasMessageContaining("127.0.0.1:" + tls.port());
        }
    }
}
