package io.pratique.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Metrics that are written and pushed, on their own and after releases. */
@Tag("S-7")
class MetricsDeliveryTest {

    @TempDir
    private Path directory;

    private World world;
    private Path releases;
    private ReleaseMetrics metrics;

    @BeforeEach
    void makeWorld() throws IOException {
        world = World.old(Files.createDirectories(directory.resolve("world")));
        releases = directory.resolve("releases");
        metrics = ReleaseMetrics.in(releases).service("worker");
    }

    @Nested
    class Written {

        private Path collected;
        private Path textfile;

        @BeforeEach
        void makeDirectory() throws IOException {
            collected = Files.createDirectories(directory.resolve("collected"));
            textfile = collected.resolve("worker.prom");
        }

        @Test
        void replaceTheFileAsAWholeForAllToRead() throws IOException {
            Files.writeString(textfile, "before");
            Object before = Files.getAttribute(textfile, "unix:ino");

            metrics.write(textfile);

            assertThat(ShownMetrics.of(Files.readString(textfile)).get("pratique_release_partial{service=\"worker\"}"))
                    .isZero();
            assertThat(Files.getAttribute(textfile, "unix:ino")).isNotEqualTo(before);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(textfile)))
                    .isEqualTo("rw-r--r--");
            assertThat(collected.toFile().list()).hasSize(1);
        }

        @Test
        void leaveNothingWhereTheyCannotBe() throws IOException {
            Files.createDirectories(textfile.resolve("not-empty"));

            assertThatThrownBy(() -> metrics.write(textfile)).isInstanceOf(IOException.class);

            assertThat(collected.toFile().list()).containsExactly("worker.prom");
        }

        @Test
        void afterEachReleaseTellOfIt() throws Exception {
            Release release = world.release("v2", releases)
                    .afterwards(metrics.writing(textfile))
                    .build();

            release.run();

            ShownMetrics shown = ShownMetrics.of(Files.readString(textfile));
            assertThat(shown.get("pratique_releases_total{service=\"worker\",outcome=\"done\",reason=\"none\"}"))
                    .isEqualTo(1);
            assertThat(shown.get("pratique_release_lock_held{service=\"worker\"}"))
                    .as("the release has given it back")
                    .isZero();
            assertThat(shown.get("pratique_release_safeguard{service=\"worker\",step=\"backup\",kind=\"protect\"}"))
                    .isEqualTo(1);
        }

        @Test
        void neverChangeWhatBecomesOfTheRelease() throws Exception {
            ReleaseReport report = world.release("v2", releases)
                    .afterwards(metrics.writing(directory.resolve("missing/worker.prom"))
                            .andThen(metrics.pushing(URI.create("http://127.0.0.1:1"), "releases")))
                    .build()
                    .run();

            assertThat(report.outcome()).isEqualTo(ReleaseOutcome.DONE);
            assertThat(directory.resolve("missing")).doesNotExist();
        }
    }

    @Nested
    class Pushed {

        private final List<String> requests = new CopyOnWriteArrayList<>();
        private final CountDownLatch end = new CountDownLatch(1);
        private volatile int status = 200;
        private HttpServer server;
        private URI gateway;

        @BeforeEach
        void startServer() throws IOException {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(World.THREADS);
            server.createContext("/", exchange -> {
                String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                requests.add(exchange.getRequestMethod() + " "
                        + exchange.getRequestURI().getRawPath() + " "
                        + exchange.getRequestHeaders().getFirst("Content-Type") + "\n" + body);
                if (status == 0) {
                    awaitEnd();
                }
                byte[] answer = "no\nway".getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(status, answer.length);
                exchange.getResponseBody().write(answer);
                exchange.close();
            });
            server.start();
            gateway = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/gateway/");
        }

        private void awaitEnd() {
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @AfterEach
        void stopServer() {
            end.countDown();
            server.stop(0);
        }

        @Test
        void replaceThoseOfTheSameJobAndService() throws Exception {
            metrics.push(gateway, "releases");

            assertThat(requests).hasSize(1);
            String head = "PUT /gateway/metrics/job/releases/service/worker text/plain; version=0.0.4; charset=utf-8\n";
            assertThat(requests.get(0)).startsWith(head);
            assertThat(ShownMetrics.of(requests.get(0).substring(head.length()))
                            .get("pratique_release_partial{service=\"worker\"}"))
                    .isZero();
        }

        @Test
        void areGroupedByWhateverNamesThereAre() throws Exception {
            metrics.service("a/b").push(gateway, "of all");

            assertThat(requests.get(0)).startsWith("PUT /gateway/metrics/job/of%20all/service@base64/YS9i ");
        }

        @Test
        void thatAreRefusedFailWithWhatTheGatewaySays() {
            status = 400;

            assertThatThrownBy(() -> metrics.push(gateway, "releases"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("status 400: no\\u000Away");
        }

        @Test
        void areGivenUpWhenNobodyAnswers() {
            status = 0;
            URI group = MetricsDelivery.group(gateway, "releases", null);

            assertThatThrownBy(() -> MetricsDelivery.push(group, "up 1\n", Duration.ofSeconds(1)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContainingAll("does not answer", "no whole answer within PT1S");
            assertThat(requests).hasSize(1);
        }

        @Test
        void afterEachReleaseTellOfIt() throws Exception {
            world.release("v2", releases)
                    .afterwards(metrics.pushing(gateway, "releases"))
                    .build()
                    .run();

            assertThat(requests).hasSize(1).first().asString().contains("pratique_release_info{service=\"worker\"");
        }

        /** A thread that is interrupted waits for no answer. */
        @Test
        void afterAReleaseThatWasInterruptedTellOfItToo() throws Exception {
            Thread releasing = Thread.currentThread();
            CountDownLatch never = new CountDownLatch(1);
            ReleaseReport report = Release.named("v2")
                    .directory(releases)
                    .log(line -> {})
                    .step(world.change("database"))
                    .step(Step.check("wait", context -> {
                        releasing.interrupt();
                        never.await();
                    }))
                    .afterwards(metrics.pushing(gateway, "releases"))
                    .build()
                    .run();

            assertThat(Thread.interrupted()).as("still interrupted").isTrue();
            assertThat(report.outcome()).isEqualTo(ReleaseOutcome.INTERRUPTED);
            assertThat(requests).hasSize(1);
            assertThat(requests.get(0))
                    .contains("pratique_releases_total"
                            + "{service=\"worker\",outcome=\"interrupted\",reason=\"stopped\"} 1\n");
        }

        @Test
        void thatTheGatewayRefusesChangeNothingAboutTheRelease() throws Exception {
            status = 500;

            ReleaseReport report = world.release("v2", releases)
                    .afterwards(metrics.pushing(gateway, "releases"))
                    .build()
                    .run();

            assertThat(requests).hasSize(1);
            assertThat(report.outcome()).isEqualTo(ReleaseOutcome.DONE);
        }

        @Test
        void toWhatIsNoGatewayAreRefused() {
            for (String wrong : List.of("gateway:9091", "ftp://gateway", "http://user:secret@gateway")) {
                assertThatThrownBy(() -> metrics.pushing(URI.create(wrong), "releases"))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("must begin with http://")
                        .hasMessageNotContaining("secret");
            }
            assertThatThrownBy(() -> metrics.push(gateway, " ")).hasMessageContaining("job");
        }
    }
}
