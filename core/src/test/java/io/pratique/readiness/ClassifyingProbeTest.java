package io.pratique.readiness;

import static io.pratique.readiness.GateRig.agreed;
import static io.pratique.readiness.GateRig.decided;
import static io.pratique.readiness.GateRig.eventually;
import static io.pratique.readiness.GateRig.reading;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Probes that know what the exceptions of their own client mean. */
class ClassifyingProbeTest {

    /** What some client throws. */
    private static final class ClientException extends RuntimeException {

        ClientException(String message) {
            super(message);
        }
    }

    private final GateRig rig = new GateRig();
    private RuntimeException thrown;

    private final Probe probe = new Probe() {
        @Override
        public ProbeResult check() {
            if (thrown != null) {
                throw thrown;
            }
            return ProbeResult.up();
        }

        @Override
        public ProbeResult classify(Throwable failure) {
            return switch (String.valueOf(failure.getMessage())) {
                case "unavailable" -> ProbeResult.down("the service says that it is unavailable");
                case "throttled" -> ProbeResult.saturated("the service asks for patience");
                case "no such object" -> ProbeResult.up();
                case "confusing" -> throw new IllegalStateException("cannot classify that");
                default -> null;
            };
        }

        @Override
        public ProbeSettings settings() {
            return ProbeSettings.defaults().failureThreshold(2).interval(Duration.ofMinutes(5));
        }
    };

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private ReadinessGate gate() {
        return rig.gate("service", probe, Job.of("job").deferrable());
    }

    @Nested
    @Tag("R-3")
    class OfAnExceptionInItsCheck {

        private Outcome outcome(RuntimeException exception) {
            thrown = exception;
            ReadinessGate gate = gate();
            eventually(() -> assertThat(reading(gate, "service").outcome()).isNotEqualTo(Outcome.PENDING));
            return reading(gate, "service").outcome();
        }

        @Test
        void saysDown() {
            assertThat(outcome(new ClientException("unavailable"))).isEqualTo(Outcome.DOWN);
        }

        @Test
        void saysSaturated() {
            assertThat(outcome(new ClientException("throttled"))).isEqualTo(Outcome.SATURATED);
        }

        @Test
        void saysUp() {
            assertThat(outcome(new ClientException("no such object"))).isEqualTo(Outcome.UP);
        }

        @Test
        void leavesTheRestToTheGate() {
            assertThat(outcome(new ClientException("surprise"))).isEqualTo(Outcome.BROKEN);
            assertThat(outcome(new IllegalStateException("lost", new ConnectException("refused"))))
                    .isEqualTo(Outcome.DOWN);
        }

        @Test
        void harmsNobodyByThrowing() {
            assertThat(outcome(new ClientException("confusing"))).isEqualTo(Outcome.BROKEN);
        }
    }

    @Nested
    @Tag("R-7")
    class OfAnExceptionOfARealCall {

        @Test
        void saysDown() {
            ReadinessGate gate = gate();
            decided(gate, "job", DecisionReason.READY);
            gate.dependency("service").failure(new ClientException("unavailable"));
            gate.dependency("service").failure(new ClientException("unavailable"));

            assertThat(agreed(gate, "job").reason()).isEqualTo(DecisionReason.DEPENDENCY_DOWN);
            assertThat(gate.explain("job")).contains("the service says that it is unavailable");
        }

        @Test
        void saysSaturated() {
            ReadinessGate gate = gate();
            decided(gate, "job", DecisionReason.READY);
            gate.dependency("service").failure(new ClientException("throttled"));

            assertThat(agreed(gate, "job").reason()).isEqualTo(DecisionReason.DEPENDENCY_SATURATED);
        }

        @Test
        void saysUpAndEndsWhatCallsBeforeSaid() {
            ReadinessGate gate = gate();
            decided(gate, "job", DecisionReason.READY);
            for (int i = 0; i < 3; i++) {
                gate.dependency("service").failure(new ClientException("unavailable"));
                gate.dependency("service").failure(new ClientException("no such object"));
            }

            assertThat(agreed(gate, "job").reason()).isEqualTo(DecisionReason.READY);
        }

        @Test
        void isPassedOverWhereNothingIsKnown() {
            ReadinessGate gate = gate();
            decided(gate, "job", DecisionReason.READY);
            for (int i = 0; i < 5; i++) {
                gate.dependency("service").failure(new ClientException("confusing"));
                gate.dependency("service").failure(new ClientException("surprise"));
            }

            assertThat(agreed(gate, "job").reason()).isEqualTo(DecisionReason.READY);
        }
    }

    @Test
    @Tag("R-4")
    void isRunByItsOwnSettingsUnlessTheBuilderIsGivenOthers() {
        ReadinessGate own = gate();
        decided(own, "job", DecisionReason.READY);
        own.dependency("service").failure(new ClientException("unavailable"));
        own.dependency("service").failure(new ClientException("unavailable"));
        ReadinessGate other = rig.build(
                rig.builder().probe("service", probe, ProbeSettings.defaults()).always("service"));
        decided(other, "job", DecisionReason.READY);
        other.dependency("service").failure(new ClientException("unavailable"));
        other.dependency("service").failure(new ClientException("unavailable"));

        assertThat(agreed(own, "job").reason()).isEqualTo(DecisionReason.DEPENDENCY_DOWN);
        assertThat(agreed(other, "job").reason()).isEqualTo(DecisionReason.READY);
    }

    @Test
    @Tag("M-1")
    void whatIsHeardIsCounted() {
        ScriptedProbe scripted = new ScriptedProbe().breaks();
        ReadinessGate gate = rig.gate("database", scripted, Job.of("job"));
        eventually(() -> assertThat(reading(gate, "database").outcome()).isEqualTo(Outcome.BROKEN));
        scripted.does(() -> {
            rig.advance(Duration.ofMillis(250));
            return ProbeResult.up();
        });
        rig.checks(gate, "database", scripted, 1);
        gate.dependency("database").failure(new ConnectException("refused"));

        HealthReport.Counts counts = reading(gate, "database").counts();
        assertThat(counts.outcomes()).isEqualTo(Map.of(Outcome.BROKEN, 1L, Outcome.UP, 1L, Outcome.DOWN, 1L));
        assertThat(counts.checks()).isEqualTo(2);
        assertThat(counts.checking()).isEqualTo(Duration.ofMillis(250));
    }
}
