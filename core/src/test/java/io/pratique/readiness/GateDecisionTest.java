package io.pratique.readiness;

import static io.pratique.readiness.GateRig.agreed;
import static io.pratique.readiness.GateRig.decided;
import static io.pratique.readiness.GateRig.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.pratique.readiness.HealthReport.Status;
import io.pratique.readiness.ScriptedProbe.Hold;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The table "How a gate decides", row by row: for each kind of job, for readiness, and for health as a whole. */
@Tag("R-2")
@Tag("R-3")
class GateDecisionTest {

    private static final Job[] JOBS = {
        Job.of("plain"),
        Job.of("deferrable").deferrable(),
        Job.of("destructive").destructive()
    };

    private final GateRig rig = new GateRig();
    private final ScriptedProbe probe = new ScriptedProbe();

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private ReadinessGate critical() {
        return rig.gate("database", probe, JOBS);
    }

    /** The same, but the process is ready without it. */
    private ReadinessGate other() {
        ReadinessGate.Builder builder = rig.builder().probe("storage", probe);
        for (Job job : JOBS) {
            builder.job(job.needs("storage"));
        }
        return rig.build(builder);
    }

    private static void expect(
            ReadinessGate gate, DecisionReason plain, DecisionReason deferrable, DecisionReason destructive) {
        decided(gate, "plain", plain);
        decided(gate, "deferrable", deferrable);
        decided(gate, "destructive", destructive);
    }

    private static void expectHealth(ReadinessGate gate, Outcome outcome, Status status, boolean ready) {
        eventually(() -> {
            HealthReport health = gate.health();
            assertThat(health.checks().get(0).outcome()).isEqualTo(outcome);
            assertThat(health.status()).isEqualTo(status);
            assertThat(health.ready()).isEqualTo(ready);
        });
    }

    @Test
    void upRunsAll() {
        ReadinessGate gate = critical();

        expect(gate, DecisionReason.READY, DecisionReason.READY, DecisionReason.READY);
        expectHealth(gate, Outcome.UP, Status.HEALTHY, true);
    }

    @Nested
    class Down {

        @Test
        void thatIsTheFirstResultSkipsAtOnce() {
            probe.down();
            ReadinessGate gate = critical();

            expect(
                    gate,
                    DecisionReason.DEPENDENCY_DOWN,
                    DecisionReason.DEPENDENCY_DOWN,
                    DecisionReason.DEPENDENCY_DOWN);
            expectHealth(gate, Outcome.DOWN, Status.UNHEALTHY, false);
        }

        @Test
        void skipsWhenTheThresholdIsReachedAndNotBefore() {
            ReadinessGate gate = critical();
            decided(gate, "plain", DecisionReason.READY);
            probe.down();
            rig.checks(gate, "database", probe, 2);

            expect(gate, DecisionReason.READY, DecisionReason.READY, DecisionReason.READY);
            expectHealth(gate, Outcome.UP, Status.HEALTHY, true);

            rig.check(gate, "database", probe);
            GateDecision decision = decided(gate, "plain", DecisionReason.DEPENDENCY_DOWN);

            assertThat(decision.dependency()).isEqualTo("database");
            assertThat(decision.since()).isEqualTo(rig.now());
            assertThat(decision.detail()).contains("it says no");
            expectHealth(gate, Outcome.DOWN, Status.UNHEALTHY, false);
        }

        @Test
        void ofADependencyThatIsNotCriticalDegradesAndLeavesTheProcessReady() {
            probe.down();
            ReadinessGate gate = other();

            decided(gate, "plain", DecisionReason.DEPENDENCY_DOWN);
            expectHealth(gate, Outcome.DOWN, Status.DEGRADED, true);
        }

        @Test
        void endsWithTwoSuccessesInARow() {
            probe.down();
            ReadinessGate gate = critical();
            decided(gate, "plain", DecisionReason.DEPENDENCY_DOWN);
            probe.up();
            rig.check(gate, "database", probe);
            assertThat(agreed(gate, "plain").reason()).isEqualTo(DecisionReason.DEPENDENCY_DOWN);

            rig.check(gate, "database", probe);
            assertThat(decided(gate, "plain", DecisionReason.READY).since()).isEqualTo(rig.now());
        }
    }

    @Test
    void saturatedSkipsWhatIsDeferrable() {
        probe.saturated();
        ReadinessGate gate = critical();

        expect(gate, DecisionReason.READY, DecisionReason.DEPENDENCY_SATURATED, DecisionReason.READY);
        expectHealth(gate, Outcome.SATURATED, Status.DEGRADED, true);
        assertThat(gate.decide("deferrable").dependency()).isEqualTo("database");

        probe.up();
        rig.check(gate, "database", probe);
        decided(gate, "deferrable", DecisionReason.READY);
    }

    @Nested
    class Timeout {

        private final Hold hold = new Hold();

        @Test
        void isAVoteForDown() {
            ReadinessGate gate = critical();
            decided(gate, "plain", DecisionReason.READY);
            probe.does(hold::passStubbornly);
            rig.advance(GateRig.NEXT_CHECK);
            hold.awaitReached();
            rig.advance(Duration.ofSeconds(2));
            eventually(() -> assertThat(hold.interrupts()).isPositive());
            expect(gate, DecisionReason.READY, DecisionReason.READY, DecisionReason.READY);
            expectHealth(gate, Outcome.UP, Status.HEALTHY, true);

            rig.advance(GateRig.NEXT_CHECK);
            eventually(() -> assertThat(GateRig.reading(gate, "database").age()).isZero());
            assertThat(agreed(gate, "plain").reason()).isEqualTo(DecisionReason.READY);
            rig.advance(GateRig.NEXT_CHECK);

            assertThat(decided(gate, "plain", DecisionReason.DEPENDENCY_DOWN).detail())
                    .contains("timeout");
            expectHealth(gate, Outcome.TIMEOUT, Status.UNHEALTHY, false);
            hold.release();
        }

        @Test
        void ofACheckThatGotNoThreadIsNone() {
            ReadinessGate gate = rig.build(rig.builder()
                    .probe("database", probe)
                    .always("database")
                    .threadFactory(work -> null)
                    .job(JOBS[0])
                    .job(JOBS[1])
                    .job(JOBS[2]));

            expect(gate, DecisionReason.FAIL_OPEN, DecisionReason.FAIL_OPEN, DecisionReason.DEPENDENCY_UNCERTAIN);
            expectHealth(gate, Outcome.TIMEOUT, Status.DEGRADED, true);
            assertThat(probe.started()).isZero();
        }
    }

    @Nested
    class Broken {

        @Test
        void runsAllButTheDestructive() {
            probe.breaks();
            ReadinessGate gate = critical();

            expect(gate, DecisionReason.FAIL_OPEN, DecisionReason.FAIL_OPEN, DecisionReason.DEPENDENCY_UNCERTAIN);
            expectHealth(gate, Outcome.BROKEN, Status.DEGRADED, true);
            assertThat(gate.decide("plain").dependency()).isEqualTo("database");
            assertThat(gate.explain("plain")).contains("NullPointerException");
        }

        @Test
        void isWhatAProbeThatSaysNothingIs() {
            probe.does(() -> null);

            decided(critical(), "plain", DecisionReason.FAIL_OPEN);
        }

        @Test
        @Tag("R-5")
        void afterAConfirmedDownIsHeldForThreeIntervalsAndThenRuns() {
            probe.down();
            ReadinessGate gate = critical();
            decided(gate, "plain", DecisionReason.DEPENDENCY_DOWN);
            probe.breaks();
            rig.check(gate, "database", probe);
            expect(
                    gate,
                    DecisionReason.DEPENDENCY_HELD,
                    DecisionReason.DEPENDENCY_HELD,
                    DecisionReason.DEPENDENCY_HELD);
            expectHealth(gate, Outcome.BROKEN, Status.UNHEALTHY, false);
            assertThat(GateRig.reading(gate, "database").down()).isTrue();

            rig.check(gate, "database", probe);
            rig.check(gate, "database", probe);
            assertThat(agreed(gate, "plain").reason()).isEqualTo(DecisionReason.DEPENDENCY_HELD);

            rig.advance(Duration.ofSeconds(6));
            expect(gate, DecisionReason.FAIL_OPEN, DecisionReason.FAIL_OPEN, DecisionReason.DEPENDENCY_UNCERTAIN);
            expectHealth(gate, Outcome.BROKEN, Status.DEGRADED, true);
            assertThat(GateRig.reading(gate, "database").down()).isFalse();
        }
    }

    @Nested
    @Tag("R-4")
    class Stale {

        @Test
        void isAnAnswerOlderThanThreeIntervalsAndATimeout() {
            ReadinessGate gate = critical();
            decided(gate, "plain", DecisionReason.READY);
            Hold hold = new Hold();
            probe.does(hold::pass);
            // As after a suspended night: the timer finds all that is due at once, and the next answer is still to
            // come.
            rig.advance(Duration.ofSeconds(33));
            hold.awaitReached();

            expect(gate, DecisionReason.FAIL_OPEN, DecisionReason.FAIL_OPEN, DecisionReason.DEPENDENCY_UNCERTAIN);
            expectHealth(gate, Outcome.STALE, Status.DEGRADED, true);
            assertThat(GateRig.reading(gate, "database").age()).isEqualTo(Duration.ofSeconds(33));

            hold.release();
            expect(gate, DecisionReason.READY, DecisionReason.READY, DecisionReason.READY);
            expectHealth(gate, Outcome.UP, Status.HEALTHY, true);
        }

        @Test
        @Tag("R-5")
        void afterAConfirmedDownIsHeld() {
            probe.down();
            ReadinessGate gate = critical();
            decided(gate, "plain", DecisionReason.DEPENDENCY_DOWN);
            Hold hold = new Hold();
            probe.does(hold::pass);
            rig.advance(Duration.ofSeconds(33));
            hold.awaitReached();

            decided(gate, "plain", DecisionReason.DEPENDENCY_HELD);
            expectHealth(gate, Outcome.STALE, Status.UNHEALTHY, false);
            hold.release();
        }
    }

    @Nested
    class Pending {

        private final Hold hold = new Hold();

        private ReadinessGate hanging() {
            probe.does(hold::pass);
            ReadinessGate.Builder builder = rig.builder()
                    .probe("database", probe, ProbeSettings.defaults().timeout(Duration.ofMinutes(5)));
            for (Job job : JOBS) {
                builder.job(job.needs("database"));
            }
            return rig.build(builder);
        }

        @Test
        void saysNotYetUntilTheFirstResult() {
            ReadinessGate gate = hanging();

            expect(
                    gate,
                    DecisionReason.DEPENDENCY_PENDING,
                    DecisionReason.DEPENDENCY_PENDING,
                    DecisionReason.DEPENDENCY_PENDING);
            expectHealth(gate, Outcome.PENDING, Status.DEGRADED, false);
            assertThat(gate.health().checks().get(0).age()).isNull();

            hold.release();
            expect(gate, DecisionReason.READY, DecisionReason.READY, DecisionReason.READY);
            expectHealth(gate, Outcome.UP, Status.HEALTHY, true);
        }

        @Test
        void runsWhatIsNotDestructiveFromTheEndOfTheGrace() {
            ReadinessGate gate = hanging();
            rig.advance(Duration.ofSeconds(29));
            assertThat(agreed(gate, "plain").reason()).isEqualTo(DecisionReason.DEPENDENCY_PENDING);
            rig.advance(Duration.ofSeconds(1));

            expect(gate, DecisionReason.FAIL_OPEN, DecisionReason.FAIL_OPEN, DecisionReason.DEPENDENCY_UNCERTAIN);
            expectHealth(gate, Outcome.PENDING, Status.DEGRADED, true);
        }
    }

    @Test
    void theWorstOfSeveralDependenciesDecides() {
        ScriptedProbe second = new ScriptedProbe().breaks();
        ReadinessGate gate = rig.build(rig.builder()
                .probe("database", probe.down())
                .probe("storage", second)
                .job("both", "storage", "database")
                .job("one", "storage"));

        assertThat(decided(gate, "both", DecisionReason.DEPENDENCY_DOWN).dependency())
                .isEqualTo("database");
        assertThat(decided(gate, "one", DecisionReason.FAIL_OPEN).dependency()).isEqualTo("storage");
        assertThat(gate.explain("both")).contains("database DOWN", "storage BROKEN");
        assertThat(gate.health().checks())
                .extracting(HealthReport.Check::name)
                .isEqualTo(List.of("database", "storage"));
    }
}
