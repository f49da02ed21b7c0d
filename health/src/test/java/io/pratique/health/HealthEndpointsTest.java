package io.pratique.health;

import static io.pratique.health.Gates.CANARY;
import static io.pratique.health.Gates.flags;
import static io.pratique.health.Gates.heard;
import static io.pratique.health.Gates.parse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.pratique.flags.FlagClient;
import io.pratique.readiness.Probe;
import io.pratique.readiness.ProbeResult;
import io.pratique.readiness.ReadinessGate;
import io.pratique.testkit.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class HealthEndpointsTest {

    private static final String TOKEN = "a-token-of-this-test";
    private static final String BEARER = "Bearer " + TOKEN;
    private static final Probe UP = ProbeResult::up;
    private static final Probe DOWN = () -> ProbeResult.down("refused");
    private static final Probe FULL = () -> ProbeResult.saturated("10 of 10 taken");
    private static final Probe BROKEN = () -> {
        throw new IllegalStateException("cannot log in as app with " + CANARY);
    };

    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    private <T extends AutoCloseable> T open(T toClose) {
        opened.add(toClose);
        return toClose;
    }

    /** A gate over a critical database and a storage that is not critical. */
    private HealthEndpoints.Builder over(Probe database, Probe storage) {
        return HealthEndpoints.builder(
                "worker",
                open(heard(ReadinessGate.builder()
                        .probe("database", database)
                        .probe("storage", storage)
                        .always("database")
                        .job("cleanup-runner", "storage"))));
    }

    private ReadinessGate hanging() {
        CountDownLatch never = new CountDownLatch(1);
        opened.add(never::countDown);
        return open(ReadinessGate.builder()
                .probe("database", () -> {
                    never.await();
                    return ProbeResult.up();
                })
                .always("database")
                .build());
    }

    @Nested
    @Tag("H-1")
    class Live {

        @Test
        void worksWhateverTheDependenciesDo() {
            for (HealthEndpoints endpoints : List.of(
                    over(DOWN, BROKEN).build(),
                    HealthEndpoints.builder("worker", hanging()).build())) {
                assertThat(endpoints.live().status()).isEqualTo(200);
                assertThat(parse(endpoints.live())).isEqualTo(parse("{\"live\":true,\"service\":\"worker\"}"));
            }
        }

        @Test
        void worksWhileTheGateDrains() {
            ReadinessGate gate = open(ReadinessGate.builder().build());
            gate.drain(Duration.ofSeconds(1));
            assertThat(HealthEndpoints.builder("worker", gate).build().live().status())
                    .isEqualTo(200);
        }
    }

    @Nested
    @Tag("H-1")
    class Ready {

        @Test
        void followsTheTableOfTheGate() {
            assertThat(over(UP, UP).build().ready().status()).isEqualTo(200);
            assertThat(over(UP, DOWN).build().ready().status()).isEqualTo(200);
            assertThat(over(FULL, UP).build().ready().status()).isEqualTo(200);
            assertThat(over(BROKEN, UP).build().ready().status()).isEqualTo(200);
            assertThat(over(DOWN, UP).build().ready().status()).isEqualTo(503);
        }

        @Test
        void isNotBeforeTheFirstResult() {
            HealthResponse response =
                    HealthEndpoints.builder("worker", hanging()).build().ready();
            assertThat(response.status()).isEqualTo(503);
            assertThat(parse(response).get("ready").booleanValue()).isFalse();
        }

        @Test
        @Tag("R-8")
        void isNotWhileTheGateDrains() {
            ReadinessGate gate =
                    open(heard(ReadinessGate.builder().probe("database", UP).always("database")));
            HealthEndpoints endpoints = HealthEndpoints.builder("worker", gate).build();
            assertThat(endpoints.ready().status()).isEqualTo(200);
            gate.drain(Duration.ofSeconds(1));
            assertThat(endpoints.ready().status()).isEqualTo(503);
            assertThat(parse(endpoints.ready()).get("draining").booleanValue()).isTrue();
        }
    }

    @Nested
    @Tag("H-2")
    class Full {

        @Test
        void isUnhealthyWhenACriticalDependencyIsDown() {
            HealthResponse response = over(DOWN, UP).build().health(null);
            assertThat(response.status()).isEqualTo(503);
            assertThat(parse(response).get("status").textValue()).isEqualTo("unhealthy");
        }

        @Test
        void isDegradedOtherwise() {
            for (HealthEndpoints endpoints : List.of(
                    over(UP, DOWN).build(),
                    over(UP, FULL).build(),
                    over(BROKEN, UP).build())) {
                assertThat(endpoints.health(null).status()).isEqualTo(200);
                assertThat(parse(endpoints.health(null)).get("status").textValue())
                        .isEqualTo("degraded");
            }
            assertThat(parse(over(UP, UP).build().health(null)).get("status").textValue())
                    .isEqualTo("healthy");
        }

        @Test
        void tellsOfEachCheckWhatIsKnown() {
            ManualClock clock = new ManualClock();
            ReadinessGate gate = open(heard(ReadinessGate.builder()
                    .clock(clock)
                    .probe("database", UP)
                    .probe("storage", DOWN)
                    .always("database")));
            clock.advance(Duration.ofMillis(1_500));
            JsonNode json =
                    parse(HealthEndpoints.builder("worker", gate).build().health(null));
            assertThat(json.get("service").textValue()).isEqualTo("worker");
            assertThat(Instant.parse(json.get("timestamp").textValue()))
                    .isCloseTo(ManualClock.START, within(2, ChronoUnit.SECONDS));
            assertThat(json.get("checks").get("database"))
                    .isEqualTo(parse("{\"outcome\":\"UP\",\"critical\":true,\"ageMs\":1500,\"durationMs\":0,"
                            + "\"since\":\"2030-01-01T00:00:00Z\",\"reason\":\"ok\"}"));
            assertThat(json.get("checks").get("storage"))
                    .isEqualTo(parse("{\"outcome\":\"DOWN\",\"critical\":false,\"ageMs\":1500,\"durationMs\":0,"
                            + "\"since\":\"2030-01-01T00:00:00Z\",\"reason\":\"down\"}"));
        }

        @Test
        void tellsNullOfWhatIsNotKnown() {
            JsonNode check = parse(
                            HealthEndpoints.builder("worker", hanging()).build().health(null))
                    .get("checks")
                    .get("database");
            assertThat(check.get("outcome").textValue()).isEqualTo("PENDING");
            assertThat(check.get("ageMs").isNull()).isTrue();
            assertThat(check.get("durationMs").isNull()).isTrue();
        }
    }

    @Nested
    @Tag("H-2")
    class Details {

        @Test
        void showWhatAnExceptionSaidOnlyToTheAuthorised() {
            HealthEndpoints endpoints = over(BROKEN, UP).token(TOKEN).build();
            for (String path : List.of("/health", "/health/ready", "/health/live")) {
                assertThat(endpoints.answer("GET", path, null).body()).doesNotContain(CANARY);
            }
            JsonNode shown = parse(endpoints.health(BEARER)).get("checks").get("database");
            assertThat(shown.get("detail").textValue()).contains(CANARY);
            assertThat(parse(endpoints.health(null))
                            .get("checks")
                            .get("database")
                            .has("detail"))
                    .isFalse();
        }

        @ParameterizedTest
        @NullSource
        @ValueSource(
                strings = {
                    "",
                    "Bearer",
                    "Bearer ",
                    "Bearer wrong",
                    TOKEN,
                    "Basic " + TOKEN,
                    "Digest " + TOKEN,
                    BEARER + "x",
                    "Bearer a-token-of-this-tesT",
                    "Bearer " + "a-token-of-this-tes\u0174"
                })
        void areLeftOutForAnyOtherToken(String authorization) {
            HealthResponse response = over(BROKEN, DOWN).token(TOKEN).build().health(authorization);
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.body()).doesNotContain(CANARY, "refused", "jobs", "sources");
        }

        @Test
        void areShownForTheTokenHoweverTheSchemeIsWritten() {
            HealthEndpoints endpoints = over(UP, UP).token(TOKEN).build();
            for (String authorization : List.of(BEARER, "bearer " + TOKEN, "BEARER   " + TOKEN + " ")) {
                assertThat(parse(endpoints.health(authorization)).has("jobs")).isTrue();
            }
        }

        @Test
        void areShownToNobodyWithoutAToken() {
            HealthEndpoints endpoints = over(BROKEN, UP).build();
            assertThat(parse(endpoints.health(BEARER)).has("jobs")).isFalse();
            assertThat(endpoints.health(BEARER).body()).doesNotContain(CANARY);
        }

        @Test
        void tellOfEachJobWhatBecameOfItAndWhatTheGateSays() {
            ReadinessGate gate = open(heard(ReadinessGate.builder()
                    .flags(open(flags(Map.of("cleanup-runner", "on", "outbox-dispatcher", "on"))))
                    .probe("storage", DOWN)
                    .job("cleanup-runner", "storage")
                    .job("outbox-dispatcher")));
            gate.wrap("cleanup-runner", () -> {}).run();
            gate.wrap("outbox-dispatcher", () -> {}).run();
            JsonNode jobs = parse(HealthEndpoints.builder("worker", gate)
                            .token(TOKEN)
                            .build()
                            .health(BEARER))
                    .get("jobs");
            JsonNode skipped = jobs.get("cleanup-runner");
            assertThat(skipped.get("run").booleanValue()).isFalse();
            assertThat(skipped.get("reason").textValue()).isEqualTo("DEPENDENCY_DOWN");
            assertThat(skipped.get("dependency").textValue()).isEqualTo("storage");
            assertThat(skipped.get("detail").textValue()).contains("refused");
            assertThat(skipped.get("runs").longValue()).isZero();
            assertThat(skipped.get("skips")).isEqualTo(parse("{\"DEPENDENCY_DOWN\":1}"));
            assertThat(skipped.get("lastRun").isNull()).isTrue();
            assertThat(Instant.parse(skipped.get("skippedSince").textValue())).isNotNull();
            JsonNode ran = jobs.get("outbox-dispatcher");
            assertThat(ran.get("run").booleanValue()).isTrue();
            assertThat(ran.get("runs").longValue()).isEqualTo(1);
            assertThat(ran.get("running").intValue()).isZero();
            assertThat(ran.get("overdue").booleanValue()).isFalse();
            assertThat(ran.get("skips")).isEmpty();
        }

        @Test
        void tellOfEachSourceHowItIsDoing() {
            FlagClient flags = open(FlagClient.builder()
                    .source(() -> {
                        throw new IllegalStateException("no answer from flags.internal");
                    })
                    .startupTimeout(Duration.ofSeconds(10))
                    .build());
            HealthEndpoints endpoints = over(UP, UP).token(TOKEN).flags(flags).build();
            JsonNode source = parse(endpoints.health(BEARER)).get("sources").get("source-1");
            assertThat(source.get("state").textValue()).isEqualTo("NOT_READY");
            assertThat(source.get("error").textValue()).contains("no answer from flags.internal");
            assertThat(source.get("failedLoads").longValue()).isPositive();
            assertThat(source.get("lastSuccess").isNull()).isTrue();
            assertThat(parse(endpoints.health(null)).has("sources")).isFalse();
        }
    }

    @Nested
    class Requests {

        private final HealthEndpoints endpoints =
                over(UP, UP).token(TOKEN).metrics(() -> "a 1\n").build();

        @ParameterizedTest
        @Tag("H-1")
        @ValueSource(strings = {"/health/live", "/health/ready", "/health"})
        void areAnsweredInJsonThatNobodyKeeps(String path) {
            HealthResponse response = endpoints.answer("GET", path, null);
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.contentType()).isEqualTo("application/json; charset=utf-8");
            assertThat(response.headers()).containsEntry("Cache-Control", "no-store");
            assertThat(parse(response).isObject()).isTrue();
        }

        @Test
        @Tag("H-1")
        void forTheHeadHaveNoBody() {
            HealthResponse response = endpoints.answer("HEAD", "/health/ready", null);
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.body()).isEmpty();
        }

        @ParameterizedTest
        @NullSource
        @ValueSource(
                strings = {"", "/", "/health/", "/Health", "/health/ready/", "/health/x", "/health%2Fready", "//health"
                })
        void forAnythingElseFindNothing(String path) {
            for (String method : List.of("GET", "HEAD", "POST")) {
                assertThat(endpoints.answer(method, path, BEARER).status()).isEqualTo(404);
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "get", ""})
        void byOtherMethodsAreNotAllowed(String method) {
            for (String path : List.of("/health/live", "/health/ready", "/health", "/metrics")) {
                HealthResponse response = endpoints.answer(method, path, BEARER);
                assertThat(response.status()).isEqualTo(405);
                assertThat(response.headers()).containsEntry("Allow", "GET, HEAD");
            }
        }
    }

    @Nested
    class Building {

        @Test
        @Tag("H-3")
        void refusesMetricsWithoutAToken() {
            assertThatThrownBy(() -> over(UP, UP).metrics(() -> "").build())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "metrics of \"worker\" need a token, but none is set, so anybody could read them; set one"
                                    + " with token(..), or leave metrics(..) out");
        }

        @ParameterizedTest
        @NullSource
        @ValueSource(
                strings = {"", " ", "with space " + CANARY, "new\nline-" + CANARY, "gr\u00fcn-" + CANARY, "=" + CANARY})
        void refusesATokenThatCannotBeSentAndDoesNotShowIt(String token) {
            assertThatThrownBy(() -> over(UP, UP).token(token))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("authorisation token must be 1 to 1024 letters, digits or signs")
                    .hasMessageContaining("openssl rand -hex 32")
                    .hasMessageNotContaining(CANARY);
        }

        @Test
        void refusesATokenThatNoHeaderHolds() {
            assertThatThrownBy(() -> over(UP, UP).token("x".repeat(1_025)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(over(UP, UP).token("x".repeat(1_024)).build()).isNotNull();
        }

        @ParameterizedTest
        @NullSource
        @ValueSource(strings = {"", " \t"})
        void refusesAServiceWithoutAName(String service) {
            ReadinessGate gate = open(ReadinessGate.builder().build());
            assertThatThrownBy(() -> HealthEndpoints.builder(service, gate))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("service name must be 1 to 256 characters")
                    .hasMessageContaining("\"worker\"");
        }

        @Test
        void refusesWhatIsNull() {
            assertThatThrownBy(() -> HealthEndpoints.builder("worker", null))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> over(UP, UP).metrics(null)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> over(UP, UP).flags(null)).isInstanceOf(IllegalArgumentException.class);
        }

        @Test
        void showsNoToken() {
            assertThat(over(UP, UP).token(TOKEN).build().toString()).isEqualTo("HealthEndpoints[worker]");
        }
    }
}
