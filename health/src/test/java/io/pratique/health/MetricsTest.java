package io.pratique.health;

import static io.pratique.health.Gates.flags;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.pratique.flags.FlagClient;
import io.pratique.flags.Flags;
import io.pratique.flags.spi.FlagSet;
import io.pratique.readiness.ReadinessGate;
import io.pratique.testkit.InstallsFlags;
import io.pratique.testkit.TestFlags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.slf4j.LoggerFactory;

@Tag("H-3")
class MetricsTest {

    private static final String BEARER = "Bearer s3same";

    private final ReadinessGate gate = ReadinessGate.builder().build();
    private final List<FlagClient> clients = new ArrayList<>();

    @AfterEach
    void close() {
        gate.close();
        clients.forEach(FlagClient::close);
    }

    private FlagClient client(Map<String, String> values) {
        FlagClient client = flags(values);
        clients.add(client);
        return client;
    }

    private HealthEndpoints endpoints(FlagClient flags, Supplier<String> metrics) {
        return HealthEndpoints.builder("worker", gate)
                .token("s3same")
                .metrics(metrics)
                .flags(flags)
                .build();
    }

    @Nested
    class Access {

        @Test
        void isGivenWithTheTokenWhileTheFlagIsOn() {
            HealthResponse response =
                    endpoints(client(Map.of("metrics", "on")), () -> "up 1\n").metrics(BEARER);
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.contentType()).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
            assertThat(response.body()).isEqualTo("up 1\n");
        }

        @Test
        void isRefusedWithoutTheTokenWhateverTheFlagSays() {
            for (String flag : List.of("on", "off")) {
                HealthEndpoints endpoints = endpoints(client(Map.of("metrics", flag)), () -> "up 1\n");
                for (String authorization : new String[] {null, "Bearer other"}) {
                    HealthResponse response = endpoints.metrics(authorization);
                    assertThat(response.status()).isEqualTo(401);
                    assertThat(response.headers()).containsKey("WWW-Authenticate");
                    assertThat(response.body()).doesNotContain("up 1");
                }
            }
        }

        @Test
        void endsAndReturnsWithTheFlag() {
            AtomicReference<String> value = new AtomicReference<>("off");
            FlagClient flags = FlagClient.builder()
                    .source(() -> FlagSet.of(Map.of("metrics", value.get())))
                    .build();
            clients.add(flags);
            HealthEndpoints endpoints = endpoints(flags, () -> "up 1\n");
            assertThat(endpoints.metrics(BEARER).status()).isEqualTo(404);
            value.set("on");
            flags.refresh().toCompletableFuture().join();
            assertThat(endpoints.metrics(BEARER).status()).isEqualTo(200);
        }

        @Test
        void isNotThereWithoutMetrics() {
            HealthEndpoints endpoints =
                    HealthEndpoints.builder("worker", gate).token("s3same").build();
            assertThat(endpoints.metrics(BEARER).status()).isEqualTo(404);
            assertThat(endpoints.answer("POST", "/metrics", BEARER).status()).isEqualTo(404);
        }
    }

    @Nested
    class WithoutAClientOfItsOwn {

        private HealthEndpoints endpoints() {
            return HealthEndpoints.builder("worker", gate)
                    .token("s3same")
                    .metrics(() -> "up 1\n")
                    .build();
        }

        @Test
        @InstallsFlags
        void theInstalledOneIsAsked(TestFlags flags) {
            assertThat(endpoints().metrics(BEARER).status()).isEqualTo(200);
            flags.off("metrics");
            assertThat(endpoints().metrics(BEARER).status()).isEqualTo(404);
        }

        @Test
        @ResourceLock(InstallsFlags.LOCK)
        void anUndeclaredFlagOfAStrictOneIsOn() {
            FlagClient strict = FlagClient.builder().strict().build();
            clients.add(strict);
            Flags.install(strict);
            assertThat(endpoints().metrics(BEARER).status()).isEqualTo(200);
        }
    }

    @Test
    void areRefusedAtBuildByAStrictClientThatDoesNotKnowTheFlag() {
        FlagClient strict = FlagClient.builder().strict().build();
        clients.add(strict);
        assertThatThrownBy(() -> endpoints(strict, () -> ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("metrics");
    }

    @Nested
    class AFailingSupplier {

        private final ListAppender<ILoggingEvent> log = new ListAppender<>();
        private final Logger logger = (Logger) LoggerFactory.getLogger(HealthEndpoints.class);
        private final AtomicReference<Throwable> failure = new AtomicReference<>();
        private final HealthEndpoints endpoints = endpoints(client(Map.of()), () -> {
            Throwable thrown = failure.get();
            if (thrown instanceof Error error) {
                throw error;
            }
            if (thrown instanceof RuntimeException exception) {
                throw exception;
            }
            return "up 1\n";
        });

        private List<Level> levels() {
            return log.list.stream().map(ILoggingEvent::getLevel).toList();
        }

        @Test
        void isA500ThatTellsNothingAndIsLoggedOnceUntilItWorksAgain() {
            Level before = logger.getLevel();
            logger.setLevel(Level.INFO);
            logger.setAdditive(false);
            log.start();
            logger.addAppender(log);
            try {
                for (Throwable thrown : List.of(
                        new IllegalStateException(Gates.CANARY), new StackOverflowError(), new LinkageError())) {
                    failure.set(thrown);
                    HealthResponse response = endpoints.metrics(BEARER);
                    assertThat(response.status()).isEqualTo(500);
                    assertThat(response.contentType()).startsWith("text/plain");
                    assertThat(response.body()).hasSizeLessThan(100).doesNotContain(Gates.CANARY);
                }
                assertThat(levels()).containsExactly(Level.WARN);
                failure.set(null);
                assertThat(endpoints.metrics(BEARER).status()).isEqualTo(200);
                assertThat(endpoints.metrics(BEARER).status()).isEqualTo(200);
                assertThat(levels()).containsExactly(Level.WARN, Level.INFO);
            } finally {
                logger.detachAppender(log);
                logger.setAdditive(true);
                logger.setLevel(before);
            }
        }

        @Test
        void mayReturnNull() {
            assertThat(endpoints(client(Map.of()), () -> null).metrics(BEARER).status())
                    .isEqualTo(500);
        }

        @Test
        void thatHangsTakesTwoThreadsAndNoMore() {
            CountDownLatch asked = new CountDownLatch(2);
            CountDownLatch goOn = new CountDownLatch(1);
            HealthEndpoints hanging = endpoints(client(Map.of()), () -> {
                asked.countDown();
                await(goOn);
                return "up 1\n";
            });
            List<CompletableFuture<HealthResponse>> held = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                CompletableFuture<HealthResponse> answer = new CompletableFuture<>();
                new Thread(() -> answer.complete(hanging.metrics(BEARER)), "scrape-" + i).start();
                held.add(answer);
            }
            await(asked);
            HealthResponse third = hanging.metrics(BEARER);
            assertThat(third.status()).isEqualTo(503);
            assertThat(third.headers()).containsEntry("Retry-After", "5");
            goOn.countDown();
            assertThat(held)
                    .allSatisfy(answer -> assertThat(answer.join().status()).isEqualTo(200));
            assertThat(hanging.metrics(BEARER).status()).isEqualTo(200);
        }

        private static void await(CountDownLatch latch) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
