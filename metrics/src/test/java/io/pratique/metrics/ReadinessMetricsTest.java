package io.pratique.metrics;

import static io.pratique.metrics.ReadinessMetrics.CRITICAL;
import static io.pratique.metrics.ReadinessMetrics.DEPENDENCY;
import static io.pratique.metrics.ReadinessMetrics.DEPENDENCY_AGE;
import static io.pratique.metrics.ReadinessMetrics.DEPENDENCY_CHECK;
import static io.pratique.metrics.ReadinessMetrics.DEPENDENCY_DOWN;
import static io.pratique.metrics.ReadinessMetrics.DEPENDENCY_OUTCOME;
import static io.pratique.metrics.ReadinessMetrics.DEPENDENCY_RESULTS;
import static io.pratique.metrics.ReadinessMetrics.GATE_DRAINING;
import static io.pratique.metrics.ReadinessMetrics.GATE_READY;
import static io.pratique.metrics.ReadinessMetrics.GATE_STATUS;
import static io.pratique.metrics.ReadinessMetrics.JOB_ACTIVE_RUNS;
import static io.pratique.metrics.ReadinessMetrics.JOB_DECISIONS;
import static io.pratique.metrics.ReadinessMetrics.JOB_NAME;
import static io.pratique.metrics.ReadinessMetrics.JOB_OVERDUE;
import static io.pratique.metrics.ReadinessMetrics.JOB_SKIPPED;
import static io.pratique.metrics.ReadinessMetrics.OUTCOME;
import static io.pratique.metrics.ReadinessMetrics.REASON;
import static io.pratique.metrics.ReadinessMetrics.STATUS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pratique.flags.FlagClient;
import io.pratique.readiness.Job;
import io.pratique.readiness.Outcome;
import io.pratique.readiness.ProbeResult;
import io.pratique.readiness.ProbeSettings;
import io.pratique.readiness.ReadinessGate;
import io.pratique.testkit.ScriptedSource;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("M-1")
class ReadinessMetricsTest {

    private static final String SECRET = "password=hunter2";

    private final Scene scene = new Scene();
    private final ScriptedSource source = new ScriptedSource("shared").put("webhook-dispatcher", "off");
    private final FlagClient flags = FlagClient.builder()
            .source(source)
            .clock(scene.clock)
            .ttl(Duration.ofDays(1))
            .build();
    private final AtomicReference<ProbeResult> database = new AtomicReference<>(ProbeResult.up());
    private ReadinessGate gate;
    private ReadinessMetrics metrics;

    @BeforeEach
    void start() {
        // One check at the start and one in an hour: what is heard besides is reported by the test.
        ProbeSettings settings = ProbeSettings.defaults()
                .interval(Duration.ofHours(1))
                .failureThreshold(2)
                .successThreshold(1);
        gate = ReadinessGate.builder()
                .flags(flags)
                .clock(scene.clock)
                .probe("database", database::get, settings)
                .probe("storage", this::brokenCheck, settings)
                .always("database")
                .job("outbox-dispatcher")
                .job("webhook-dispatcher")
                .job("cleanup-runner", "storage")
                .job(Job.of("voice-runner").maxSkipAge(Duration.ofMinutes(10)))
                .build();
        metrics = new ReadinessMetrics(gate);
        metrics.bindTo(scene.registry);
        await().until(() -> outcome("database") == Outcome.UP && outcome("storage") == Outcome.BROKEN);
        scene.scrape();
    }

    private ProbeResult brokenCheck() {
        throw new IllegalStateException(SECRET);
    }

    private Outcome outcome(String dependency) {
        return gate.health().checks().stream()
                .filter(check -> check.name().equals(dependency))
                .findFirst()
                .orElseThrow()
                .outcome();
    }

    private void databaseGoes() {
        for (int i = 0; i < 2; i++) {
            gate.dependency("database").failure(new ConnectException("Connection refused"));
        }
        scene.scrape();
    }

    private double decisions(String job, String reason) {
        return scene.value(JOB_DECISIONS, JOB_NAME, job, REASON, reason);
    }

    @AfterEach
    void close() {
        metrics.close();
        gate.close();
        flags.close();
        scene.close();
    }

    @Nested
    class TheProcess {

        @Test
        void isReadyOrNot() {
            assertThat(scene.value(GATE_READY)).isEqualTo(1);
            assertThat(scene.state(GATE_STATUS, STATUS)).isEqualTo("degraded");

            databaseGoes();

            assertThat(scene.value(GATE_READY)).isZero();
            assertThat(scene.state(GATE_STATUS, STATUS)).isEqualTo("unhealthy");
            assertThat(scene.value(GATE_DRAINING)).isZero();
        }

        @Test
        void showsThatItShutsDown() {
            boolean drained = gate.drain(Duration.ofSeconds(10));
            scene.scrape();

            assertThat(drained).isTrue();
            assertThat(scene.value(GATE_DRAINING)).isEqualTo(1);
            assertThat(scene.value(GATE_READY)).isZero();
        }
    }

    @Nested
    class ADependency {

        @Test
        void showsItsOutcome() {
            assertThat(scene.state(DEPENDENCY_OUTCOME, OUTCOME, DEPENDENCY, "database", CRITICAL, "true"))
                    .isEqualTo("up");
            assertThat(scene.state(DEPENDENCY_OUTCOME, OUTCOME, DEPENDENCY, "storage", CRITICAL, "false"))
                    .isEqualTo("broken");

            databaseGoes();

            assertThat(scene.state(DEPENDENCY_OUTCOME, OUTCOME, DEPENDENCY, "database"))
                    .isEqualTo("down");
        }

        @Test
        void showsWhetherItCountsAsDownAndABrokenCheckDoesNot() {
            assertThat(scene.value(DEPENDENCY_DOWN, DEPENDENCY, "database")).isZero();

            databaseGoes();

            assertThat(scene.value(DEPENDENCY_DOWN, DEPENDENCY, "database", CRITICAL, "true"))
                    .isEqualTo(1);
            assertThat(scene.value(DEPENDENCY_DOWN, DEPENDENCY, "storage", CRITICAL, "false"))
                    .isZero();
        }

        @Test
        void countsWhatIsHeardOfItBeforeAnyThreshold() {
            gate.dependency("database").failure(new ConnectException("Connection refused"));
            scene.scrape();

            assertThat(scene.state(DEPENDENCY_OUTCOME, OUTCOME, DEPENDENCY, "database"))
                    .isEqualTo("up");
            assertThat(scene.value(DEPENDENCY_RESULTS, DEPENDENCY, "database", OUTCOME, "down"))
                    .isEqualTo(1);
            assertThat(scene.value(DEPENDENCY_RESULTS, DEPENDENCY, "database", OUTCOME, "up"))
                    .isEqualTo(1);
            assertThat(scene.value(DEPENDENCY_RESULTS, DEPENDENCY, "database", OUTCOME, "timeout"))
                    .isZero();
        }

        @Test
        void countsItsChecksAndTellsTheAgeOfTheLastAnswer() {
            assertThat(scene.value(DEPENDENCY_CHECK, DEPENDENCY, "database")).isEqualTo(1);
            assertThat(scene.value(DEPENDENCY_AGE, DEPENDENCY, "database")).isZero();

            scene.clock.advance(Duration.ofSeconds(2));

            scene.awaitValue(2, DEPENDENCY_AGE, DEPENDENCY, "database");
        }

        @Test
        void tellsNobodyWhatItsCheckThrew() {
            assertThat(scene.registry.getMeters())
                    .isNotEmpty()
                    .allSatisfy(meter -> assertThat(meter.getId().toString()).doesNotContain("hunter2"));
        }
    }

    @Nested
    class AJob {

        @Test
        void countsRunsAndSkipsByReason() {
            gate.wrap("outbox-dispatcher", () -> {}).run();
            gate.wrap("webhook-dispatcher", () -> {}).run();
            gate.wrap("cleanup-runner", () -> {}).run();
            databaseGoes();
            gate.wrap("outbox-dispatcher", () -> {}).run();
            scene.scrape();

            assertThat(decisions("outbox-dispatcher", "ready")).isEqualTo(1);
            assertThat(decisions("outbox-dispatcher", "dependency_down")).isEqualTo(1);
            assertThat(decisions("webhook-dispatcher", "flag_off")).isEqualTo(1);
            assertThat(decisions("webhook-dispatcher", "ready")).isZero();
            assertThat(decisions("cleanup-runner", "fail_open")).isEqualTo(1);
            assertThat(decisions("cleanup-runner", "ready")).isZero();
        }

        @Test
        void showsHowLongItHasBeenSkipped() {
            gate.wrap("webhook-dispatcher", () -> {}).run();
            scene.clock.advance(Duration.ofSeconds(2));

            scene.awaitValue(2, JOB_SKIPPED, JOB_NAME, "webhook-dispatcher");
            assertThat(scene.value(JOB_SKIPPED, JOB_NAME, "outbox-dispatcher")).isZero();
        }

        @Test
        void showsThatItIsOverdue() {
            Runnable wrapped = gate.wrap("voice-runner", () -> {});
            assertThat(wrapped).isNotNull();
            scene.clock.advance(Duration.ofMinutes(11));

            scene.awaitValue(1, JOB_OVERDUE, JOB_NAME, "voice-runner");
            assertThat(scene.value(JOB_OVERDUE, JOB_NAME, "outbox-dispatcher")).isZero();
        }

        @Test
        void showsItsRunsThatAreUnderWay() {
            gate.wrap("outbox-dispatcher", () -> {
                        scene.scrape();
                        assertThat(scene.value(JOB_ACTIVE_RUNS, JOB_NAME, "outbox-dispatcher"))
                                .isEqualTo(1);
                    })
                    .run();
            scene.scrape();

            assertThat(scene.value(JOB_ACTIVE_RUNS, JOB_NAME, "outbox-dispatcher"))
                    .isZero();
        }

        @Test
        void appearsWhenItIsWrapped() {
            assertThat(scene.has(JOB_DECISIONS, JOB_NAME, "report")).isFalse();

            gate.wrap("report", () -> {}).run();
            scene.scrape();

            assertThat(decisions("report", "ready")).isEqualTo(1);
        }

        @Test
        void sharesATagBeyondTheThousandth() {
            for (int i = 0; i < 998; i++) {
                gate.wrap("job-" + i, () -> {}).run();
            }
            scene.scrape();

            assertThat(scene.find(JOB_OVERDUE)).hasSize(1_001);
            assertThat(decisions("(others)", "ready")).isEqualTo(2);
            assertThat(scene.find(JOB_DECISIONS, REASON, "ready").stream()
                            .mapToDouble(
                                    meter -> meter.measure().iterator().next().getValue())
                            .sum())
                    .isEqualTo(998);
        }
    }

    @Test
    void aGateThatIsClosedShowsItsLastState() {
        databaseGoes();
        gate.close();

        scene.scrape();

        assertThat(scene.state(DEPENDENCY_OUTCOME, OUTCOME, DEPENDENCY, "database"))
                .isEqualTo("down");
        assertThat(scene.value(GATE_READY)).isZero();
    }

    @Test
    void refusesToShowNothing() {
        assertThatThrownBy(() -> new ReadinessMetrics(null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("readiness gate must not be null; give the gate to show");
    }
}
