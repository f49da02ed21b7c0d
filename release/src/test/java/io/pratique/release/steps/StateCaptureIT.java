package io.pratique.release.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.pratique.db.JdbcFlagStore;
import io.pratique.flags.FlagClient;
import io.pratique.flags.spi.Attribution;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagStore;
import io.pratique.release.ChangeState;
import io.pratique.release.Release;
import io.pratique.release.ReleaseOutcome;
import io.pratique.release.ReleaseReport;
import io.pratique.release.Step;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is written down of how things are. */
@Tag("S-1")
@Timeout(120)
class StateCaptureIT {

    private static EmbeddedPostgres server;
    private static HttpServer http;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() throws IOException {
        server = EmbeddedPostgres.builder()
                .setPGStartupWait(Duration.ofMinutes(2))
                .start();
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/health", exchange -> {
            byte[] body = "{\"status\": \"degraded\"}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(503, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        http.start();
    }

    @AfterAll
    static void stop() throws IOException {
        http.stop(0);
        server.close();
    }

    private static URI url(String path) {
        return URI.create("http://user:hush@localhost:" + http.getAddress().getPort() + path);
    }

    private Release.Builder release(String version) {
        return Release.named(version).directory(directory.resolve("releases")).log(line -> {});
    }

    private JsonNode file(String name) throws IOException {
        return new ObjectMapper()
                .readTree(directory.resolve("releases/files").resolve(name).toFile());
    }

    private JsonNode captured(StateCapture capture) throws Exception {
        ReleaseReport report =
                release("v9").step(Step.protect("state", capture)).build().run();
        assertThat(report.outcome()).as(report.toString()).isEqualTo(ReleaseOutcome.DONE);
        return file("1-v9/state.json");
    }

    private static DataSource database(String name, String... statements) throws SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        }
        DataSource database = server.getDatabase("postgres", name);
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
        return database;
    }

    @Test
    void hostAndReleaseAreAlwaysTold() throws Exception {
        JsonNode state = captured(StateCapture.create());

        assertThat(state.at("/release").asText()).isEqualTo("1-v9");
        assertThat(state.at("/version").asText()).isEqualTo("v9");
        assertThat(state.at("/at").asText()).matches("\\d{4}-.*Z");
        assertThat(state.at("/host/processors").asInt()).isPositive();
        assertThat(state.at("/host/memory/total").asLong()).isPositive();
        assertThat(state.at("/host/disk/usable").asLong()).isPositive();
        assertThat(state.at("/host/load").isNumber()).isTrue();
        assertThat(state.at("/host/uptimeSeconds").asDouble()).isPositive();
        assertThat(state.at("/releases")).isEmpty();
    }

    @Test
    void theThreeReleasesBeforeAreTold() throws Exception {
        for (String version : new String[] {"v1", "v2", "v3", "v4"}) {
            release(version)
                    .step(Step.check("nothing", context -> {
                        if (version.equals("v3")) {
                            throw new IllegalStateException("no");
                        }
                    }))
                    .build()
                    .run();
        }
        release("v9").step(Step.protect("state", StateCapture.create())).build().run();

        JsonNode releases = file("5-v9/state.json").path("releases");
        assertThat(releases.findValuesAsText("version")).containsExactly("v4", "v3", "v2");
        assertThat(releases.findValuesAsText("outcome")).containsExactly("DONE", "NOTHING_CHANGED", "DONE");
        assertThat(releases.at("/1/reason").asText()).contains("step \"nothing\" failed");
    }

    @Test
    void servicesAndHealthAreToldWithoutSecretsOfTheirUrls() throws Exception {
        JsonNode state = captured(StateCapture.create()
                .service("backend", url("/health?token=hush"))
                .service("worker", () -> "v1.2.3")
                .fact("queue", () -> Map.of("pending", 7))
                .health(url("/health")));

        assertThat(state.at("/services/backend/status").asInt()).isEqualTo(503);
        assertThat(state.at("/services/backend/url").asText())
                .isEqualTo("http://localhost:" + http.getAddress().getPort() + "/health");
        assertThat(state.at("/services/worker").asText()).isEqualTo("v1.2.3");
        assertThat(state.at("/facts/queue/pending").asInt()).isEqualTo(7);
        assertThat(state.at("/health/answer/status").asText()).isEqualTo("degraded");
        assertThat(state.toString()).doesNotContain("hush");
    }

    @Test
    void factThatCannotBeHadIsToldAndFailsNothing() throws Exception {
        CountDownLatch never = new CountDownLatch(1);

        JsonNode state = captured(StateCapture.create()
                .timeout(Duration.ofSeconds(6))
                .service("away", URI.create("http://localhost:1/"))
                .service("silent", () -> {
                    never.await();
                    return "";
                })
                .fact("broken", () -> {
                    throw new IllegalStateException("no\nline");
                })
                .fact("nothing", () -> null)
                .schemaVersion(database("unmigrated"))
                .health(() -> {
                    throw new StackOverflowError("deep");
                }));

        assertThat(state.at("/services/away/error").asText()).contains("ConnectException");
        assertThat(state.at("/services/silent/error").asText()).isEqualTo("took longer than PT6S");
        assertThat(state.at("/facts/broken/error").asText()).contains("no line");
        assertThat(state.at("/schemaVersion/error").asText()).contains("was it ever migrated");
        assertThat(state.at("/health/error").asText()).contains("deep");
        assertThat(state.at("/host/processors").asInt()).isPositive();
    }

    @Test
    void schemaVersionIsTheNewestEntryOfTheHistory() throws Exception {
        DataSource flyway = database(
                "flyway",
                "CREATE TABLE flyway_schema_history (installed_rank int, version text, description text, script text,"
                        + " success boolean, installed_on timestamp DEFAULT now())",
                "INSERT INTO flyway_schema_history VALUES (9, '9', 'nine', 'V9.sql', true), (10, '10', 'ten', 'V10.sql', false)");
        DataSource prisma = database(
                "prisma",
                "CREATE TABLE _prisma_migrations (migration_name text, started_at timestamptz, finished_at timestamptz,"
                        + " rolled_back_at timestamptz)",
                "INSERT INTO _prisma_migrations VALUES ('1_jobs', '2026-01-01', '2026-01-01', NULL),"
                        + " ('2_runs', '2026-01-02', NULL, NULL)");

        JsonNode ofFlyway =
                captured(StateCapture.create().schemaVersion(flyway)).path("schemaVersion");
        assertThat(ofFlyway.path("version").asText()).isEqualTo("10");
        assertThat(ofFlyway.path("success").isBoolean()).isTrue();
        assertThat(ofFlyway.path("success").asBoolean()).isFalse();

        release("v10")
                .step(Step.protect("state", StateCapture.create().schemaVersion(prisma)))
                .build()
                .run();
        assertThat(file("2-v10/state.json").at("/schemaVersion/migration_name").asText())
                .isEqualTo("2_runs");
    }

    @Test
    void flagsOfAStoreAndOfAClientAreTold() throws Exception {
        try (FlagStore store = JdbcFlagStore.connect(server.getJdbcUrl("postgres", "postgres"), null, null);
                FlagClient client = FlagClient.builder()
                        .source(() -> FlagSet.of(Map.of("outbox", "off")))
                        .build()) {
            store.set("new-checkout", "off", Attribution.of("ada", "INC-4711"));

            JsonNode ofStore = captured(StateCapture.create().flags(store)).path("flags");
            assertThat(ofStore.at("/0/key").asText()).isEqualTo("new-checkout");
            assertThat(ofStore.at("/0/value").asText()).isEqualTo("off");
            assertThat(ofStore.at("/0/reason").asText()).isEqualTo("INC-4711");

            release("v10")
                    .step(Step.protect("state", StateCapture.create().flags(client)))
                    .build()
                    .run();
            JsonNode ofClient = file("2-v10/state.json").path("flags");
            assertThat(ofClient.at("/0/key").asText()).isEqualTo("outbox");
            assertThat(ofClient.at("/0/value").asBoolean(true)).isFalse();
            assertThat(ofClient.at("/0/reason").asText()).isEqualTo("STATIC");
        }
    }

    @Test
    void configurationIsAHashThatTellsOnlyWhetherItIsTheSame() throws Exception {
        JsonNode state = captured(StateCapture.create().configuration(Map.of("PASSWORD", "hush", "PORT", "80")));

        assertThat(state.at("/configuration/values").asInt()).isEqualTo(2);
        assertThat(state.at("/configuration/sha256").asText())
                .matches("[0-9a-f]{64}")
                .isEqualTo(ConfigurationHash.of(Map.of("PORT", "80", "PASSWORD", "hush")))
                .isNotEqualTo(ConfigurationHash.of(Map.of("PORT", "8080", "PASSWORD", "hush")))
                .isNotEqualTo(ConfigurationHash.of(Map.of("PORT", "80", "PASSWOR", "Dhush")));
        assertThat(state.toString()).doesNotContain("hush");
    }

    @Test
    @Tag("S-4")
    void forensicsOfEachRollbackAreKept() throws Exception {
        StateCapture state = StateCapture.create();
        boolean[] broken = {true};
        Release release = release("v9")
                .step(Step.protect("state", state))
                .step(Step.forensics("state-after", state.named("state-after")))
                .step(Step.change("backend", context -> {
                            throw new IllegalStateException("no");
                        })
                        .compensation(context -> {
                            if (broken[0]) {
                                throw new IllegalStateException("not yet");
                            }
                        })
                        .verification(context -> {})
                        .probe(context -> ChangeState.UNKNOWN))
                .build();
        assertThat(release.run().outcome()).isEqualTo(ReleaseOutcome.ROLLBACK_FAILED);
        broken[0] = false;
        assertThat(release.rollBack("again").outcome()).isEqualTo(ReleaseOutcome.ROLLED_BACK);

        assertThat(file("1-v9/state.json").path("reason").isNull()).isTrue();
        assertThat(file("1-v9/state-after.json").path("reason").asText()).contains("step \"backend\" failed");
        assertThat(Files.exists(directory.resolve("releases/files/1-v9/state-after.json.new")))
                .isFalse();
    }

    @Test
    void settingsThatAreNoneAreRefused() {
        StateCapture capture = StateCapture.create();

        assertThatThrownBy(() -> capture.named("a/b")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> capture.service("x", URI.create("ftp://u:hush@x/")))
                .hasMessageContaining("must begin with http")
                .hasMessageNotContaining("hush");
        assertThatThrownBy(() -> capture.timeout(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> capture.flags((FlagStore) null)).hasMessageContaining("store of flags");
        assertThatThrownBy(() -> capture.fact("x", null)).hasMessageContaining("is null");
        assertThatThrownBy(() -> capture.configuration(null)).hasMessageContaining("configuration");
    }
}
