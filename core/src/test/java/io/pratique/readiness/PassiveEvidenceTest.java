package io.pratique.readiness;

import static io.pratique.readiness.GateRig.agreed;
import static io.pratique.readiness.GateRig.decided;
import static io.pratique.readiness.GateRig.eventually;
import static io.pratique.readiness.GateRig.reading;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;

/** What real calls tell of a dependency. */
@Tag("R-7")
class PassiveEvidenceTest {

    private final Exception refused = new IllegalStateException(new ConnectException("Connection refused"));

    private final GateRig rig = new GateRig();
    private final ScriptedProbe probe = new ScriptedProbe();

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private ReadinessGate gate() {
        ReadinessGate gate = rig.gate("database", probe, Job.of("job"));
        decided(gate, "job", DecisionReason.READY);
        return gate;
    }

    @Nested
    class Failures {

        @Test
        void inARowReachTheThreshold() {
            ReadinessGate gate = gate();
            DependencyHandle database = gate.dependency("database");
            database.failure(refused);
            database.failure(refused);
            assertThat(agreed(gate, "job").reason()).isEqualTo(DecisionReason.READY);
            database.failure(refused);

            assertThat(agreed(gate, "job").reason()).isEqualTo(DecisionReason.DEPENDENCY_DOWN);
            assertThat(gate.explain("job")).contains("Connection refused");
            assertThat(probe.started()).isEqualTo(1);
        }

        @Test
        void withASuccessBetweenDoNot() {
            ReadinessGate gate = gate();
            DependencyHandle database = gate.dependency("database");
            for (int i = 0; i < 5; i++) {
                database.failure(refused);
                database.failure(refused);
                database.success();
            }

            assertThat(agreed(gate, "job").reason()).isEqualTo(DecisionReason.READY);
        }

        @Test
        void countTogetherWithThoseOfChecks() {
            ReadinessGate gate = gate();
            probe.down();
            rig.checks(gate, "database", probe, 2);
            gate.dependency("database").failure(refused);

            assertThat(agreed(gate, "job").reason()).isEqualTo(DecisionReason.DEPENDENCY_DOWN);
        }

        static Stream<Throwable> noEvidence() {
            return Stream.of(
                    new NullPointerException(),
                    new SQLException("duplicate key", "23505"),
                    new IllegalArgumentException("the caller's own"),
                    new StackOverflowError());
        }

        @ParameterizedTest
        @NullSource
        @MethodSource("noEvidence")
        void thatAreNoEvidenceArePassedOver(Throwable failure) {
            ReadinessGate gate = gate();
            DependencyHandle database = gate.dependency("database");
            for (int i = 0; i < 5; i++) {
                database.failure(failure);
            }
            assertThat(agreed(gate, "job").reason()).isEqualTo(DecisionReason.READY);

            database.failure(refused);
            database.failure(failure);
            database.failure(refused);
            database.failure(failure);
            database.failure(refused);
            assertThat(agreed(gate, "job").reason()).isEqualTo(DecisionReason.DEPENDENCY_DOWN);
        }
    }

    @Nested
    class Successes {

        @Test
        void inARowBringItBack() {
            probe.down();
            ReadinessGate gate = rig.gate("database", probe, Job.of("job"));
            decided(gate, "job", DecisionReason.DEPENDENCY_DOWN);
            DependencyHandle database = gate.dependency("database");
            database.success();
            assertThat(agreed(gate, "job").reason()).isEqualTo(DecisionReason.DEPENDENCY_DOWN);
            database.success();

            assertThat(agreed(gate, "job").reason()).isEqualTo(DecisionReason.READY);
        }

        @Test
        void areAFirstResult() {
            ScriptedProbe.Hold hold = new ScriptedProbe.Hold();
            probe.does(hold::pass);
            ReadinessGate gate = rig.gate("database", probe, Job.of("job"));
            hold.awaitReached();
            assertThat(agreed(gate, "job").reason()).isEqualTo(DecisionReason.DEPENDENCY_PENDING);
            gate.dependency("database").success();

            assertThat(agreed(gate, "job").reason()).isEqualTo(DecisionReason.READY);
            hold.release();
        }

        @Test
        void makeChecksRare() {
            ReadinessGate gate = gate();
            DependencyHandle database = gate.dependency("database");
            for (int interval = 0; interval < 50; interval++) {
                database.success();
                rig.advance(GateRig.NEXT_CHECK);
                eventually(() -> assertThat(reading(gate, "database").age()).isZero());
                rig.timerHasLooked();
            }

            assertThat(probe.started()).as("checks in 50 intervals").isBetween(9, 12);
            assertThat(agreed(gate, "job").reason()).isEqualTo(DecisionReason.READY);
        }

        @Test
        void thatStopHaveTheNextCheckMade() {
            ReadinessGate gate = gate();
            gate.dependency("database").success();
            rig.advance(GateRig.NEXT_CHECK);
            eventually(() -> assertThat(reading(gate, "database").age()).isZero());
            rig.timerHasLooked();
            assertThat(probe.started()).isEqualTo(1);
            rig.check(gate, "database", probe);

            assertThat(probe.started()).isEqualTo(2);
        }

        @Test
        void doNotHideASaturatedDependencyNorItsChecks() {
            probe.saturated();
            ReadinessGate gate = rig.gate("database", probe, Job.of("job").deferrable());
            decided(gate, "job", DecisionReason.DEPENDENCY_SATURATED);
            gate.dependency("database").success();
            rig.check(gate, "database", probe);
            assertThat(agreed(gate, "job").reason()).isEqualTo(DecisionReason.DEPENDENCY_SATURATED);

            probe.up();
            gate.dependency("database").success();
            rig.check(gate, "database", probe);
            decided(gate, "job", DecisionReason.READY);
        }

        @Test
        void keepAnAnswerFromGrowingOldWhileTheCheckHangs() {
            ScriptedProbe.Hold hold = new ScriptedProbe.Hold();
            ReadinessGate gate = gate();
            probe.does(hold::passStubbornly);
            rig.advance(GateRig.NEXT_CHECK);
            hold.awaitReached();
            rig.advance(Duration.ofSeconds(2));
            eventually(() -> assertThat(hold.interrupts()).isPositive());
            for (int interval = 0; interval < 6; interval++) {
                gate.dependency("database").success();
                rig.advance(GateRig.NEXT_CHECK);
                eventually(() -> assertThat(reading(gate, "database").age()).isZero());
                rig.timerHasLooked();
            }

            assertThat(agreed(gate, "job").reason()).isEqualTo(DecisionReason.READY);
            hold.release();
        }

        @Test
        void ofManyThreadsHarmNobody() throws Exception {
            ReadinessGate gate = gate();
            DependencyHandle database = gate.dependency("database");
            Crowd.of(16, number -> {
                for (int i = 0; i < 10_000; i++) {
                    database.success();
                }
            });

            assertThat(agreed(gate, "job").reason()).isEqualTo(DecisionReason.READY);
            database.failure(refused);
            database.failure(refused);
            database.failure(refused);
            assertThat(agreed(gate, "job").reason()).isEqualTo(DecisionReason.DEPENDENCY_DOWN);
        }
    }

    @Test
    void anUnknownDependencyIsRefused() {
        ReadinessGate gate = gate();

        assertThatThrownBy(() -> gate.dependency("data base"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("\"data base\"", "database");
        assertThatThrownBy(() -> gate.dependency(null)).isInstanceOf(IllegalArgumentException.class);
        assertThat(gate.dependency("database").name()).isEqualTo("database");
    }

    @Test
    void aClosedGateHearsNothingMore() {
        ReadinessGate gate = gate();
        DependencyHandle database = gate.dependency("database");
        gate.close();
        database.success();
        database.failure(refused);
        database.failure(refused);
        database.failure(refused);

        assertThat(agreed(gate, "job").reason()).isEqualTo(DecisionReason.READY);
    }
}
