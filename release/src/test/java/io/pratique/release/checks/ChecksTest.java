package io.pratique.release.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.pratique.release.ReadinessReport;
import io.pratique.release.ReadinessReport.Check;
import io.pratique.release.ReadinessReport.Result;
import io.pratique.release.Release;
import io.pratique.release.Step;
import io.pratique.release.StepAction;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What checks say of what they look at. */
@Tag("V-1")
class ChecksTest {

    @TempDir
    private Path directory;

    private HttpServer server;

    @AfterEach
    void stop() {
        if (server != null) {
            server.stop(0);
        }
    }

    /** What comes of an action as the only check of a release. */
    private Check check(StepAction action) throws Exception {
        ReadinessReport report = Release.named("v1.2.4")
                .directory(directory.resolve("releases"))
                .log(line -> {})
                .step(Step.check("only", action))
                .build()
                .check();
        return report.checks().get(0);
    }

    private void assertPassed(StepAction action) throws Exception {
        assertThat(check(action)).extracting(Check::result).isEqualTo(Result.PASSED);
    }

    private void assertFailed(StepAction action, String... words) throws Exception {
        Check failed = check(action);
        assertThat(failed.result()).isEqualTo(Result.FAILED);
        assertThat(failed.detail()).contains(words);
    }

    @Nested
    class OfTheEnvironment {

        private final Map<String, String> environment = new HashMap<>();
        private final Guard guard =
                Guard.over(environment::get).and("CI", "true").and("NODE_ENV", "production");

        @Test
        void letTheReleaseBeginWhereAllIsAsItMustBe() throws Exception {
            environment.putAll(Map.of("CI", "true", "NODE_ENV", "production"));

            assertPassed(guard);
        }

        @Test
        void denyItEverywhereElse() throws Exception {
            assertFailed(guard, "CI must be \"true\", but is not set", "NODE_ENV must be \"production\"");
            environment.putAll(Map.of("CI", "TRUE", "NODE_ENV", "hunter2"));
            assertFailed(guard, "but is something else");
            assertThat(check(guard).detail()).doesNotContain("hunter2");
        }

        @Test
        void wantAVariableAndItsValue() {
            assertThatThrownBy(() -> Guard.requires("CI", " ")).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Nested
    class OfAnArtifact {

        private static final String OF_WORKER = "87eba76e7f3164534045ba922e7770fb58bbd14ad732bbf5ba6f11cc56989e6e";

        @Test
        void wantItThereAndWithSomethingInIt() throws Exception {
            Path jar = directory.resolve("worker.jar");
            assertFailed(ArtifactCheck.of(jar), jar.toString(), "is missing");
            Files.createFile(jar);
            assertFailed(ArtifactCheck.of(jar), "is empty");
            Files.writeString(jar, "worker");
            assertPassed(ArtifactCheck.of(jar));
        }

        @Test
        void compareWhatItHolds() throws Exception {
            Path jar = Files.writeString(directory.resolve("worker.jar"), "worker");

            assertPassed(ArtifactCheck.of(jar).sha256(OF_WORKER));
            assertFailed(ArtifactCheck.of(jar).sha256("0".repeat(64)), "another SHA-256");
            assertThatThrownBy(() -> ArtifactCheck.of(jar).sha256("abc")).hasMessageContaining("\"abc\"");
        }
    }

    @Nested
    @Tag("S-3")
    class OfAUrl {

        private URI answering(int status, String body) throws IOException {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> {
                byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(status, bytes.length);
                exchange.getResponseBody().write(bytes);
                exchange.close();
            });
            server.start();
            return URI.create(
                    "http://ada:secret@127.0.0.1:" + server.getAddress().getPort() + "/health");
        }

        @Test
        void wantItsAnswer() throws Exception {
            assertPassed(HttpCheck.of(answering(200, "ok")));
        }

        @Test
        void failWithAnotherStatus() throws Exception {
            URI url = answering(503, "database is down");

            assertFailed(HttpCheck.of(url), "status 503", "database is down");
            assertThat(check(HttpCheck.of(url)).detail()).doesNotContain("secret");
        }

        @Test
        void wantTheVersionThatIsReleased() throws Exception {
            URI url = answering(200, "{\"build\":{\"version\":\"v1.2.4\",\"old\":\"v1.2.3\"}}");

            assertPassed(HttpCheck.of(url).version("/build/version"));
            assertFailed(HttpCheck.of(url).version("/build/old"), "\"v1.2.3\"", "not \"v1.2.4\"");
            assertFailed(HttpCheck.of(url).version("/build/none"), "that it does not tell");
        }

        @Test
        void failIfNobodyAnswers() throws Exception {
            URI url = answering(200, "ok");
            server.stop(0);

            assertFailed(
                    HttpCheck.of(url),
                    "http://127.0.0.1:" + url.getPort() + "/health does not answer: ",
                    "ConnectException");
            assertThat(check(HttpCheck.of(url)).detail()).doesNotContain("secret");
        }
    }

    @Nested
    @Tag("S-3")
    class ThatAreRepeated {

        private final AtomicInteger attempts = new AtomicInteger();

        private void succeedOn(int attempt) {
            if (attempts.incrementAndGet() < attempt) {
                throw new IllegalStateException("not yet");
            }
        }

        @Test
        void passAsSoonAsOneDoes() throws Exception {
            Check check = check(Attempts.of(context -> succeedOn(3)).apart(Duration.ZERO));

            assertThat(check.result()).isEqualTo(Result.PASSED);
            assertThat(check.detail()).contains("attempt 1 failed: ", "attempt 2 failed: ", "not yet");
        }

        @Test
        void failWithTheLast() throws Exception {
            assertFailed(Attempts.of(context -> succeedOn(4)).apart(Duration.ZERO), "not yet");
            assertThat(attempts).hasValue(3);
        }

        @Test
        void areOnlyToldIfTheyAreOthersBusiness() throws Exception {
            Check check = check(OnlyTold.of(context -> succeedOn(2)));

            assertThat(check.result()).isEqualTo(Result.PASSED);
            assertThat(check.detail()).contains("WARNING: ", "not yet");
        }
    }

    @Nested
    @Tag("V-2")
    class TogetherAsAReport {

        private ReadinessReport report(StepAction second) throws Exception {
            return Release.named("v1.2.4")
                    .directory(directory.resolve("releases"))
                    .log(line -> {})
                    .step(Step.check("environment", context -> context.tell("a|b")))
                    .step(Step.check("artifact", second))
                    .step(Step.protect("backup", context -> {
                        throw new IllegalStateException("must not be run");
                    }))
                    .step(Step.check("connection", context -> {}))
                    .step(Step.change("migrate", context -> {
                                throw new IllegalStateException("must not be run");
                            })
                            .compensation(context -> {})
                            .verification(context -> {})
                            .probe(context -> null))
                    .step(Step.check("health", context -> {
                        throw new IllegalStateException("must not be run");
                    }))
                    .build()
                    .check();
        }

        @Test
        void sayGoIfAllPass() throws Exception {
            ReadinessReport report = report(context -> {});

            assertThat(report.isGo()).isTrue();
            assertThat(report.checks())
                    .extracting(Check::name)
                    .containsExactly("environment", "artifact", "connection");
            assertThat(report.toMarkdown())
                    .startsWith("# Release v1.2.4: GO\n")
                    .contains("| environment | PASSED | ", "a\\|b");
            assertThat(report.toJson()).startsWith("{\"version\":\"v1.2.4\",\"verdict\":\"GO\",\"checks\":[");
        }

        @Test
        void stopAtTheFirstThatFails() throws Exception {
            ReadinessReport report = report(context -> {
                throw new IllegalStateException("it is missing");
            });

            assertThat(report.isGo()).isFalse();
            assertThat(report.checks())
                    .extracting(Check::result)
                    .containsExactly(Result.PASSED, Result.FAILED, Result.NOT_RUN);
            assertThat(report.toMarkdown()).contains("NO-GO", "it is missing");
        }

        @Test
        @Tag("S-10")
        void changeNothing() throws Exception {
            report(context -> Files.writeString(context.directory().resolve("kept"), "x"));

            assertThat(directory.resolve("releases")).doesNotExist();
        }
    }
}
