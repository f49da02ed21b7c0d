package io.pratique.release.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.pratique.release.ReadinessReport.Check;
import io.pratique.release.ReadinessReport.Result;
import io.pratique.release.Release;
import io.pratique.release.ReleaseMetric;
import io.pratique.release.Step;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether dashboards and rules ask for metrics that are there. */
@Tag("V-1")
class DashboardCheckTest {

    private static final Path DOCS = Path.of("..", "docs");

    @TempDir
    private Path directory;

    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private URI page(String path, String text) {
        return page(path, 200, text);
    }

    private URI page(String path, int status, String text) {
        server.createContext(path, exchange -> {
            boolean known = "Bearer hunter2".equals(exchange.getRequestHeaders().getFirst("Authorization"));
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(path.startsWith("/closed") && !known ? 401 : status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        return URI.create("http://ada:secret@127.0.0.1:" + server.getAddress().getPort() + path);
    }

    private Path file(String name, String text) throws IOException {
        Path file = directory.resolve("files").resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    /** A dashboard of one panel "Load" in a row "Worker", and rules of one alert "Slow", that ask for this. */
    private Path dashboard(String query) throws IOException {
        return file("dashboard.json", """
                {"title": "Service", "panels": [{"title": "Worker", "type": "row", "panels": [
                  {"title": "Load", "datasource": {"type": "prometheus"}, "targets": [{"expr": "%s"}]}]}]}""".formatted(query.replace("\\", "\\\\").replace("\"", "\\\"")));
    }

    private Path rules(String name, String query) throws IOException {
        return file(name, """
                groups:
                  - name: worker
                    rules:
                      - alert: Slow
                        expr: >-
                          %s
                """.formatted(query));
    }

    private Check check(DashboardCheck check) throws Exception {
        return Release.named("v2")
                .directory(directory.resolve("releases"))
                .log(line -> {})
                .step(Step.check("dashboards", check))
                .build()
                .check()
                .checks()
                .get(0);
    }

    private void assertPassed(DashboardCheck check, String... words) throws Exception {
        Check passed = check(check);
        assertThat(passed.result()).as(passed.detail()).isEqualTo(Result.PASSED);
        for (String word : words) {
            assertThat(passed.detail()).contains(word);
        }
    }

    private void assertFailed(DashboardCheck check, String... words) throws Exception {
        Check failed = check(check);
        assertThat(failed.detail()).contains(words).doesNotContain("secret", "hunter2");
        assertThat(failed.result()).isEqualTo(Result.FAILED);
    }

    @Nested
    class ThatShip {

        private static final String SURROUNDINGS = """
                # TYPE disk_free_bytes gauge
                disk_free_bytes{path="/"} 1
                disk_total_bytes{path="/"} 1
                jvm_memory_used_bytes{area="heap"} 1
                jvm_memory_max_bytes{area="heap"} 1
                # TYPE queue_messages gauge
                """;

        /** The meters as the guide lists them, and as a registry of Micrometer shows them. */
        private String meters() throws IOException {
            try (Stream<String> lines = Files.lines(DOCS.resolve("guide").resolve("metrics.md"))) {
                return lines.filter(line -> line.startsWith("| `pratique."))
                        .map(line -> Arrays.stream(line.split("\\|"))
                                .map(cell -> cell.replace("`", "").strip())
                                .toList())
                        .map(cells -> shown(cells.get(4), cells.get(2)))
                        .collect(Collectors.joining());
            }
        }

        private static String shown(String name, String type) {
            return type.equals("timer")
                    ? "# TYPE " + name + " histogram\n" + name + "_bucket{le=\"+Inf\"} 1\n" + name + "_count 1\n" + name
                            + "_sum 1\n# TYPE " + name + "_max gauge\n" + name + "_max 1\n"
                    : "# HELP " + name + " It is.\n# TYPE " + name + " " + type + "\n" + name + " 1.0\n";
        }

        /** What is computed of releases, before there is one. */
        private static String releases() {
            return Arrays.stream(ReleaseMetric.values())
                    .map(metric -> "# TYPE " + metric.metricName() + " " + metric.type() + "\n")
                    .collect(Collectors.joining());
        }

        @Test
        void askForWhatTheGuideListsAndTheGuideTellsToBind() throws Exception {
            DashboardCheck check = DashboardCheck.of(DOCS.resolve("monitoring")).metrics(page("/releases", releases()));

            assertPassed(
                    check.metrics(page("/metrics", meters())).metrics(page("/more", SURROUNDINGS)),
                    "4 files ask for ",
                    " metrics, all there");
            assertFailed(
                    check.metrics(page("/alone", meters())),
                    "5 metrics are asked for and not there: \"disk_free_bytes\" (pratique-alerts.yml, "
                            + "alert \"PratiqueDiskAlmostFull\")",
                    "\"jvm_memory_max_bytes\"");
            assertFailed(
                    check.metrics(page("/old", meters().replace("pratique_job_overdue", "pratique_job_late")))
                            .metrics(page("/same", SURROUNDINGS)),
                    "1 metrics are asked for and not there: \"pratique_job_overdue\" (pratique-alerts.yml, "
                            + "alert \"PratiqueJobStarved\")");
        }
    }

    @Nested
    class ByTheirFiles {

        private DashboardCheck over(Path... files) {
            return DashboardCheck.of(files).metricNames(Set.of("known"));
        }

        @Test
        void nameThePanelThatAsks() throws Exception {
            assertFailed(
                    over(dashboard("rate(jobs_total{state=\"known\"}[5m]) / known")),
                    "1 metrics are asked for and not there: \"jobs_total\" (dashboard.json, panel \"Load\")");
        }

        @Test
        void countThoseThatAskForTheSame() throws Exception {
            assertFailed(
                    over(dashboard("gone"), rules("a.yml", "gone > 1"), rules("b.yaml", "gone > 2")),
                    "\"gone\" (dashboard.json, panel \"Load\" and 2 more)");
        }

        @Test
        void takeWhatRulesRecordForThere() throws Exception {
            Path recording = file("rules.yml", """
                    groups:
                      - name: worker
                        rules:
                          - record: job:known:rate5m
                            expr: sum by (job) (rate(known[5m]))
                          - record: one
                            expr: 1
                    """);

            assertPassed(over(recording, dashboard("job:known:rate5m / one")), "2 files ask for 3 metrics");
            assertFailed(over(dashboard("job:known:rate5m")), "\"job:known:rate5m\"");
        }

        @Test
        void readRulesThatAreAResourceOfKubernetes() throws Exception {
            assertFailed(over(file("rule.yaml", """
                    kind: ConfigMap
                    ---
                    kind: PrometheusRule
                    spec:
                      groups:
                        - name: worker
                          rules:
                            - alert: Slow
                              expr: gone > 1
                    """)), "\"gone\" (rule.yaml, alert \"Slow\")");
        }

        @Test
        void readDashboardsOfOtherForms() throws Exception {
            assertFailed(
                    over(
                            file(
                                    "api.json",
                                    "{\"dashboard\": {\"rows\": [{\"panels\": [{\"title\": \"A\", "
                                            + "\"targets\": [{\"expr\": \"gone_a\"}]}]}]}, \"meta\": {}}"),
                            file(
                                    "second.json",
                                    "{\"kind\": \"Dashboard\", \"spec\": {\"title\": \"S\", \"elements\": "
                                            + "{\"panel-1\": {\"spec\": {\"title\": \"B\", \"data\": {\"spec\": {\"queries\": "
                                            + "[{\"spec\": {\"query\": {\"spec\": {\"expr\": \"gone_b\"}}}}]}}}}}}}")),
                    "2 metrics",
                    "\"gone_a\" (api.json, panel \"A\")",
                    "\"gone_b\" (second.json, panel \"B\")");
        }

        @Test
        void leaveOtherSourcesAlone() throws Exception {
            assertPassed(over(file("mixed.json", """
                    {"panels": [{"title": "Logs", "datasource": {"type": "loki"}, "targets": [{"expr": "{a=\\"b\\"} | json"}]},
                      {"title": "Both", "datasource": {"type": "datasource", "uid": "-- Mixed --"}, "targets": [
                        {"datasource": {"type": "loki"}, "expr": "gone"},
                        {"datasource": {"type": "prometheus"}, "expr": "known"}]}]}""")), "1 files ask for 1 metrics");
        }

        @Test
        void readWhatVariablesAndAnnotationsAskFor() throws Exception {
            assertFailed(
                    over(file("variables.json", """
                    {"title": "D", "panels": [], "annotations": {"list": [{"name": "Starts", "expr": "gone_c"}]},
                     "templating": {"list": [
                      {"name": "job", "type": "query", "query": "label_values(gone_a{a=\\"b,c\\"}, job)"},
                      {"name": "top", "type": "query", "query": {"query": "query_result(topk(5, gone_b))"}},
                      {"name": "all", "type": "query", "query": "label_values(job)"},
                      {"name": "names", "type": "query", "query": "metrics(gone.*)"},
                      {"name": "step", "type": "interval", "query": "1m,5m"}]}}""")),
                    "3 metrics",
                    "\"gone_a\" (variables.json, variable \"job\")",
                    "\"gone_b\" (variables.json, variable \"top\")",
                    "\"gone_c\" (variables.json, dashboard)");
        }

        @Test
        void passOverWhatIsNeitherInADirectoryOnly() throws Exception {
            Path other = file("some/values.yaml", "replicas: 2\n");
            file("some/list.json", "[1]");
            dashboard("known");

            assertPassed(over(directory.resolve("files")), "1 files ask for 1 metrics");
            assertFailed(over(other), "neither a dashboard of Grafana nor a file with rules");
            assertFailed(over(directory.resolve("files/some")), "holds no dashboard and no rules");
        }

        @Test
        void nameAFileThatCannotBeRead() throws Exception {
            assertFailed(over(directory.resolve("none.json")), "none.json\" cannot be read: ", "NoSuchFile");
            assertFailed(over(file("broken.json", "{\"panels\": [")), "broken.json\" cannot be read: ");
            assertFailed(over(file("broken.yml", "groups: [\n - }")), "broken.yml\" cannot be read: ");
            assertFailed(
                    over(file("huge.json", " ".repeat((16 << 20) + 1))), "huge.json\" has more than 16777216 bytes");
            assertFailed(over(file("deep.json", "{\"panels\":" + "[".repeat(5_000))), "deep.json\" cannot be read: ");
        }

        @Test
        void takeWhatIsAllowedAndWhatPrometheusMakesForThere() throws Exception {
            DashboardCheck check = over(dashboard("rare_total unless up{job=\"a\"} or ALERTS"));

            assertFailed(check, "1 metrics are asked for and not there: \"rare_total\"");
            assertPassed(check.allow("rare_total"));
        }

        @Test
        void refuseWhatIsNone() {
            assertThatThrownBy(DashboardCheck::of).isInstanceOf(IllegalArgumentException.class);
            Path file = directory;
            assertThatThrownBy(() -> over(file).allow(" ")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> over(file).metrics(URI.create("file:/metrics")))
                    .hasMessageContaining("http://");
            assertThatThrownBy(() -> over(file).authorization("Bearer hunter2\n"))
                    .hasMessageContaining("printable ASCII")
                    .hasMessageNotContaining("hunter2");
        }
    }

    @Nested
    class ByPagesOfMetrics {

        private DashboardCheck asking(String query) throws IOException {
            return DashboardCheck.of(dashboard(query));
        }

        @Test
        void takeSamplesAsTheyAre() throws Exception {
            URI page = page("/metrics", """
                    # HELP a It is, {and} how.
                    a 1 1609746000
                    b{c="d e",f="} # TYPE x counter"} NaN

                    {"g.h",i="j"} 1
                    # TYPE k summary
                    k{quantile="0.5"} 1
                    k_sum 1
                    k_count 1
                    """);

            assertPassed(asking("a + b + {\"g.h\"} + k + k_sum + k_count").metrics(page));
            assertFailed(asking("c + x + k_bucket").metrics(page), "3 metrics", "\"c\"", "\"x\"", "\"k_bucket\"");
        }

        @Test
        void knowByItsTypeWhatHasNoSampleYet() throws Exception {
            URI page = page("/metrics", """
                    # TYPE requests_total counter
                    # TYPE duration_seconds histogram
                    # TYPE size summary
                    # TYPE level gauge
                    """);

            assertPassed(
                    asking("requests_total + duration_seconds_bucket + duration_seconds_count + duration_seconds_sum"
                                    + " + size + size_sum + size_count + level")
                            .metrics(page));
            assertFailed(
                    asking("duration_seconds + level_count + size_bucket + requests_total_total")
                            .metrics(page),
                    "4 metrics");
        }

        @Test
        void readOpenMetrics() throws Exception {
            URI page = page("/metrics", """
                    # TYPE requests counter
                    # UNIT requests total
                    requests_total 1 # {trace_id="a"} 1
                    requests_created 1
                    # TYPE errors counter
                    # TYPE build info
                    build_info{version="1"} 1
                    # EOF
                    """);

            assertPassed(asking("requests_total + requests_created + errors_total + build_info")
                    .metrics(page));
            assertFailed(asking("requests + build").metrics(page), "2 metrics");
        }

        @Test
        void takeAllPagesTogether() throws Exception {
            assertPassed(asking("a + b").metrics(page("/a", "a 1\n")).metrics(page("/b", "b 1")));
        }

        @Test
        void failIfOneIsNotToBeHad() throws Exception {
            assertFailed(asking("a").metrics(page("/away", 503, "a 1")), "/away cannot be read", "status 503");
            assertFailed(asking("a").metrics(page("/login", "<html>")), "/login cannot be read", "line 1", "<html>");
            assertFailed(asking("a").metrics(page("/empty", "# EOF\n")), "/empty cannot be read", "holds no metric");
            assertFailed(asking("a").metrics(page("/closed", "a 1")), "status 401");
            assertPassed(asking("a").metrics(page("/closed/too", "a 1")).authorization("Bearer hunter2"));
        }

        @Test
        void failIfNobodyAnswers() throws Exception {
            URI page = page("/metrics", "a 1");
            server.stop(0);

            assertFailed(
                    asking("a").metrics(page),
                    "page of metrics http://127.0.0.1",
                    "cannot be read",
                    "ConnectException");
        }

        /** A page that never ends kept the step from ending when it was told to, and so the release from being undone. */
        @Test
        void failIfOneNeverEnds() throws Exception {
            CountDownLatch end = new CountDownLatch(1);
            server.createContext("/endless", exchange -> {
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().write("a 1\n".getBytes(StandardCharsets.UTF_8));
                exchange.getResponseBody().flush();
                try {
                    end.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                } finally {
                    exchange.close();
                }
            });
            URI page = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/endless");
            try {
                assertFailed(
                        asking("a").metrics(page).timeout(Duration.ofMillis(300)),
                        "/endless cannot be read",
                        "no whole answer within PT0.3S");
            } finally {
                end.countDown();
            }
        }

        @Test
        void wantOneToBeNamed() throws Exception {
            assertFailed(asking("a"), "metrics(..) or metricNames(..)");
        }
    }
}
