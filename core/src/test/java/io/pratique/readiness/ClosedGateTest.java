package io.pratique.readiness;

import static io.pratique.readiness.GateRig.agreed;
import static io.pratique.readiness.GateRig.decided;
import static io.pratique.readiness.GateRig.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.pratique.flags.FlagClient;
import io.pratique.flags.spi.Subscription;
import io.pratique.readiness.ScriptedProbe.Hold;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a gate answers once it is closed: what it answered then, for ever. */
@Tag("R-4")
class ClosedGateTest {

    private final GateRig rig = new GateRig();
    private final Hold never = new Hold();
    private final ScriptedProbe works = new ScriptedProbe();
    private final ScriptedProbe down = new ScriptedProbe();
    private final ScriptedProbe pending = new ScriptedProbe();
    private final FlagClient flags = rig.flags(Map.of());

    @AfterEach
    void close() throws Exception {
        never.release();
        rig.close();
    }

    private ReadinessGate closed() {
        down.down();
        pending.does(never::pass);
        ReadinessGate gate = rig.build(rig.builder(flags)
                .probe("works", works)
                .probe("down", down)
                .probe("pending", pending)
                .job("plain", "works")
                .job("stopped", "down")
                .job("early", "pending"));
        decided(gate, "plain", DecisionReason.READY);
        decided(gate, "stopped", DecisionReason.DEPENDENCY_DOWN);
        decided(gate, "early", DecisionReason.DEPENDENCY_PENDING);
        gate.close();
        return gate;
    }

    @Test
    void answersFromItsLastStateForEver() {
        ReadinessGate gate = closed();
        rig.advance(Duration.ofDays(1));
        gate.dependency("down").success();
        gate.dependency("down").success();
        gate.dependency("pending").success();
        gate.dependency("works").failure(new ConnectException("refused"));

        assertThat(agreed(gate, "plain").reason()).isEqualTo(DecisionReason.READY);
        assertThat(agreed(gate, "stopped").reason()).isEqualTo(DecisionReason.DEPENDENCY_DOWN);
        assertThat(agreed(gate, "early").reason()).isEqualTo(DecisionReason.DEPENDENCY_PENDING);
    }

    @Test
    void asksForFlagsAsBefore() {
        ReadinessGate gate = closed();

        try (Subscription off = flags.override("plain", false, Duration.ofHours(1), "to see it stop")) {
            assertThat(agreed(gate, "plain").reason()).isEqualTo(DecisionReason.FLAG_OFF);
        }
        assertThat(agreed(gate, "plain").reason()).isEqualTo(DecisionReason.READY);
    }

    @Test
    @Timeout(600) // waiting for the probe's timeout at each tick would take half an hour
    void letsTasksRunOrSkipWithoutWaiting() throws Exception {
        ReadinessGate gate = closed();

        for (int i = 0; i < 1_000; i++) {
            assertThat(gate.wrapCallable("early", () -> "ran").call()).isEmpty();
        }
        assertThat(gate.wrapCallable("plain", () -> "ran").call()).contains("ran");
    }

    @Test
    @Tag("R-8")
    void canStillBeDrained() {
        ReadinessGate gate = closed();

        assertThat(gate.drain(Duration.ofMinutes(1))).isTrue();
        assertThat(agreed(gate, "plain").reason()).isEqualTo(DecisionReason.DRAINING);
    }

    @Test
    @Tag("R-6")
    void stillSaysWhatBecomesOfJobs() {
        ReadinessGate gate = closed();
        gate.wrap("stopped", () -> {}).run();

        eventually(() -> assertThat(rig.log().events())
                .anySatisfy(event -> assertThat(event.getFormattedMessage())
                        .isEqualTo("Job stopped is skipped: DEPENDENCY_DOWN down")));
    }
}
