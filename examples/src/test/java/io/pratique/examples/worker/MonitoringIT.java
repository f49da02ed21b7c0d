package io.pratique.examples.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.pratique.config.ConfigReport;
import io.pratique.config.ConfigValues;
import io.pratique.examples.FreePort;
import io.pratique.examples.config.CoreApiConfig;
import io.pratique.flags.spi.Subscription;
import io.pratique.readiness.ProbeResult;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the worker shows of itself, and whether the dashboard and the alerts that ship ask for what it shows. */
class MonitoringIT {

    private static final Path SHIPPED = Path.of("..", "docs", "monitoring");
    private static final Pattern METRIC = Pattern.compile("\\b(?:pratique|jvm|disk|queue)_[a-z_]+\\b");

    @TempDir
    Path home;

    private final HttpClient http = HttpClient.newHttpClient();
    private EmbeddedDatabase database;
    private HikariDataSource pool;
    private Path flags;
    private Worker worker;

    @BeforeEach
    void start() throws Exception {
        database = new EmbeddedDatabase(home.resolve("postgres"), FreePort.next());
        database.start();
        pool = database.pool();
        EmbeddedDatabase.createTables(pool);
        flags = Files.writeString(home.resolve("flags.env"), "OUTBOX_PROCESSING_ENABLED=on\n");
        ConfigReport config = CoreApiConfig.SCHEMA.validate(ConfigValues.of("test", Map.of()));
        worker = new Worker(pool, Files.createDirectory(home.resolve("storage")), ProbeResult::up, flags, config);
        worker.start();
    }

    @AfterEach
    void stop() throws Exception {
        worker.close();
        pool.close();
        database.close();
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(worker.monitoring().at(path))
                        .header("Authorization", "Bearer " + Monitoring.TOKEN)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private Set<String> shown() throws IOException, InterruptedException {
        return get("/metrics")
                .body()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.replaceFirst("[{ ].*", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> askedFor() throws IOException {
        try (Stream<Path> files = Files.list(SHIPPED)) {
            Set<String> names = new TreeSet<>();
            for (Path file : files.filter(MonitoringIT::isOfWorker).toList()) {
                METRIC.matcher(Files.readString(file)).results().forEach(name -> names.add(name.group()));
            }
            return names;
        }
    }

    /** What is shown of releases is computed from their journals, not by a worker. */
    private static boolean isOfWorker(Path file) {
        String name = file.getFileName().toString();
        return !name.contains("-test") && !name.startsWith("pratique-release");
    }

    @Test
    @Tag("M-2")
    void dashboardAndAlertsAskForWhatTheWorkerShows() throws Exception {
        Files.writeString(flags, "OUTBOX_PROCESSING_ENABLED=off\n");
        await().atMost(Duration.ofSeconds(30)).until(() -> !worker.flags().isEnabled("outbox-processing"));
        try (Subscription override =
                worker.flags().override("cleanup", false, Duration.ofHours(1), "shows what an override looks like")) {
            assertThat(override).isNotNull();
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(shown()).containsAll(askedFor()));
        }
        assertThat(askedFor()).hasSizeGreaterThan(10);
    }

    @Test
    @Tag("H-1")
    @Tag("H-3")
    void endpointsAnswer() throws Exception {
        await().atMost(Duration.ofSeconds(30)).until(() -> get("/health/ready").statusCode() == 200);

        assertThat(get("/health/live").statusCode()).isEqualTo(200);
        assertThat(get("/health").body())
                .contains("\"service\":\"worker\"", "\"database\"", "\"storage\"", "\"secrets\"");
        assertThat(http.send(
                                HttpRequest.newBuilder(worker.monitoring().at("/metrics"))
                                        .build(),
                                HttpResponse.BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(401);
    }
}
