package io.pratique.probes;

import static io.pratique.probes.SecretScenes.CANARY;
import static io.pratique.probes.SecretScenes.PATIENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import io.pratique.readiness.HealthReport;
import io.pratique.readiness.Probe;
import io.pratique.readiness.ProbeResult;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Each keeper answers as its documentation says, with a secret wherever it has one. */
@Tag("P-2")
class SecretsProbeIT {

    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    @TempDir
    private static Path directory;

    private static SecretScenes scenes;

    @BeforeAll
    static void start() throws Exception {
        scenes = new SecretScenes(directory);
    }

    @AfterAll
    static void stop() throws Exception {
        scenes.close();
    }

    static Stream<AnswerTable.Case> answers() {
        return scenes.answers();
    }

    @ParameterizedTest
    @MethodSource("answers")
    void answerIsTakenFor(AnswerTable.Case answer) throws Exception {
        answer.verify();
    }

    @Test
    void guideShowsTheSame() {
        AnswerTable.assertShown("SecretsProbe", answers().toList());
    }

    /** Results, exceptions, logs down to TRACE, and what probes say of themselves. */
    @ParameterizedTest
    @MethodSource("answers")
    void secretShowsNowhere(AnswerTable.Case answer) throws Exception {
        List<String> written = new ArrayList<>();
        List<String> logged = logging(() -> {
            Probe probe = answer.scene().call();
            HealthReport.Check check = AnswerTable.ask(probe);
            written.add(check.toString());
            written.add(probe.toString());
            StringWriter trace = new StringWriter();
            try {
                written.add(probe.check().toString());
            } catch (Exception thrown) {
                thrown.printStackTrace(new PrintWriter(trace, true));
                written.add(String.valueOf(probe.classify(thrown)));
            }
            written.add(trace.toString());
        });
        assertThat(logged).as("the gate logs what it finds").isNotEmpty();

        assertThat(written).noneMatch(SecretsProbeIT::tellsASecret);
        assertThat(logged).noneMatch(SecretsProbeIT::tellsASecret);
    }

    private static boolean tellsASecret(String text) {
        return text.contains(CANARY) || text.contains(CANARY.replace("-", ""));
    }

    /** Everything that is logged, but by the application's own clients for HTTP. */
    private static List<String> logging(ThrowingRunnable action) throws Exception {
        Logger root = ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger("ROOT");
        Logger pratique = ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger("io.pratique");
        ListAppender<ILoggingEvent> appender = new ListAppender<>();
        appender.start();
        root.addAppender(appender);
        Level before = pratique.getLevel();
        pratique.setLevel(Level.TRACE);
        try {
            action.run();
        } finally {
            pratique.setLevel(before);
            root.detachAppender(appender);
        }
        return List.copyOf(appender.list).stream()
                .map(event -> event.getFormattedMessage()
                        + event.getKeyValuePairs()
                        + (event.getThrowableProxy() == null
                                ? ""
                                : ThrowableProxyUtil.asString(event.getThrowableProxy())))
                .toList();
    }

    @FunctionalInterface
    interface ThrowingRunnable {

        void run() throws Exception;
    }

    @Nested
    class Token {

        @ParameterizedTest
        @NullSource
        @ValueSource(strings = {"", " ", CANARY + "\n", "canary-of-secrets\u0000", "canary-of-secretsä"})
        void thatCannotBeSentIsNotShown(String token) {
            SecretsProbe probe = SecretsProbe.vault(URI.create("http://127.0.0.1:1"), () -> token);
            SecretsProbe other = SecretsProbe.gcp(URI.create("http://127.0.0.1:1/v1"), () -> token);

            assertThat(catchThrowable(other::check))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("gave nothing that can be sent as a token")
                    .hasMessageNotContaining(CANARY);
            assertThat(probe.toString()).doesNotContain(CANARY);
        }

        @Test
        void isSentAsTheKeeperWantsIt() throws Exception {
            Wire wire = scenes.wire(Wire.answer("200 OK", "{\"payload\":{\"data\":\"YQ==\"}}"));

            assertThat(SecretsProbe.gcp(wire.uri().resolve("/v1/projects/p/secrets/s"), () -> CANARY)
                            .timeout(PATIENT)
                            .check())
                    .isEqualTo(ProbeResult.up());
            assertThat(wire.requests().get(0))
                    .startsWith("GET /v1/projects/p/secrets/s/versions/latest:access HTTP")
                    .contains("Authorization: Bearer " + CANARY + "\n");
        }
    }

    @Nested
    class Aws {

        @Test
        void isAskedOnceWhateverTheClientIsSetTo() throws Exception {
            Wire failing = scenes.wire(
                    SecretScenes.json("500 Internal Server Error", "{\"__type\":\"InternalServiceError\"}"));

            SecretsProbe.aws(SecretScenes.awsClient(failing.uri()), "prod/api-token")
                    .timeout(PATIENT)
                    .check();

            assertThat(failing.requests()).hasSize(1);
            assertThat(failing.requests().get(0)).contains("secretsmanager.GetSecretValue");
        }
    }

    @Nested
    class Settings {

        @Test
        void lookEveryFiveMinutesWhereEachLookIsPaidFor() throws Exception {
            assertThat(scenes.aws(Wire.deserted()).settings().interval()).isEqualTo(Duration.ofMinutes(5));
            assertThat(scenes.gcp("").settings().interval()).isEqualTo(Duration.ofMinutes(5));
            assertThat(scenes.vault("", "").settings().interval()).isEqualTo(Duration.ofSeconds(10));
            assertThat(SecretsProbe.environment("PATH").settings().timeout()).isEqualTo(Duration.ofSeconds(2));
        }
    }

    @Nested
    class Place {

        @Test
        void isAVariableThatIsBlankAndNamed() {
            SecretVariables variables =
                    SecretVariables.of(List.of("SET", "BLANK", "MISSING"), Map.of("SET", CANARY, "BLANK", " ")::get);

            assertThat(variables.look(PATIENT)).hasToString("DOWN (not set or blank: BLANK, MISSING)");
        }

        @Test
        void isAFileThatIsMissingOrADirectory() throws Exception {
            assertThat(SecretsProbe.file(directory.resolve("nothing")).check().detail())
                    .startsWith("no file ");
            assertThat(SecretsProbe.file(directory).check().detail()).startsWith("no regular file: ");
            Path old = scenes.file("aged", CANARY);
            Files.setLastModifiedTime(old, FileTime.from(NOW.minus(Duration.ofDays(1))));
            InstantSource clock = InstantSource.fixed(NOW);
            assertThat(SecretsProbe.file(old, Duration.ofDays(1), clock).check())
                    .isEqualTo(ProbeResult.up());
            assertThat(SecretsProbe.file(old, Duration.ofDays(1).minusMillis(1), clock)
                            .check()
                            .detail())
                    .startsWith("not written for longer than ");
            assertThat(SecretsProbe.file(old, Duration.ofSeconds(Long.MAX_VALUE), clock)
                            .check())
                    .isEqualTo(ProbeResult.up());
        }
    }

    @Nested
    class Refused {

        @Test
        void areVariablesThatHaveNoNameAndTheirValuesAreNotShown() {
            assertThatThrownBy(SecretsProbe::environment).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> SecretsProbe.environment("TOKEN=\n" + CANARY))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageNotContaining(CANARY);
            assertThatThrownBy(() -> SecretsProbe.environment("TOKEN", null))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("\"null\"");
        }

        @Test
        void areTablesAndColumnsThatAreNoIdentifiers() {
            assertThatThrownBy(() -> SecretsProbe.table(scenes.database(), "app.secrets; DROP TABLE x", "name", "n"))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> SecretsProbe.table(scenes.database(), "app.secrets", "1 = 1 OR name", "n"))
                    .isInstanceOf(IllegalArgumentException.class);
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "My Project", "p/secrets", "-p"})
        void areProjectsThatGcpHasNot(String project) {
            assertThatThrownBy(() -> SecretsProbe.gcp(project, "s", () -> CANARY))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("The project of a SecretsProbe must be");
            assertThatThrownBy(() -> SecretsProbe.gcp("my-project", "a/b", () -> CANARY))
                    .isInstanceOf(IllegalArgumentException.class);
        }

        @Test
        void areAddressesWithAPassword() {
            assertThatThrownBy(() -> SecretsProbe.vault(URI.create("https://ada:" + CANARY + "@vault"), () -> "t"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageNotContaining(CANARY);
        }

        @Test
        void isWhatIsMissing() {
            assertThatThrownBy(() -> SecretsProbe.aws(null, "id")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> SecretsProbe.file(null)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> SecretsProbe.file(directory, Duration.ZERO, () -> NOW))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> SecretsProbe.environment("PATH").timeout(Duration.ZERO))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
