package io.pratique.readiness;

import static io.pratique.readiness.GateRig.eventually;
import static io.pratique.readiness.GateRig.eventuallyTrue;
import static io.pratique.readiness.GateRig.status;
import static org.assertj.core.api.Assertions.assertThat;

import io.pratique.readiness.ScriptedProbe.Hold;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The one thing that waits: a wrapped task whose dependencies have not been heard of. */
@Tag("R-2")
@Tag("R-3")
class FirstResultTest {

    private final GateRig rig = new GateRig();
    private final Hold hold = new Hold();
    private final ScriptedProbe probe = new ScriptedProbe().does(hold::pass);
    private final AtomicInteger ran = new AtomicInteger();

    @AfterEach
    void close() throws Exception {
        hold.release();
        rig.close();
    }

    private ReadinessGate gate(Duration timeout) {
        return rig.build(rig.builder()
                .probe("database", probe, ProbeSettings.defaults().timeout(timeout))
                .always("database")
                .job("job"));
    }

    private Thread start(Runnable task) {
        Thread thread = new Thread(task, "waiting");
        thread.start();
        eventuallyTrue(() -> thread.getState() == Thread.State.TIMED_WAITING);
        return thread;
    }

    private static void ended(Thread thread) {
        eventuallyTrue(() -> !thread.isAlive());
    }

    @Test
    void isWaitedForAndThenTheTaskRuns() {
        ReadinessGate gate = gate(Duration.ofMinutes(5));
        Thread waiting = start(gate.wrap("job", ran::incrementAndGet));
        assertThat(ran).hasValue(0);
        hold.release();
        ended(waiting);

        assertThat(ran).hasValue(1);
        assertThat(status(gate, "job").skips()).isEmpty();
    }

    @Test
    void thatSaysDownSkips() {
        probe.does(() -> {
            hold.pass();
            return ProbeResult.down("it is away");
        });
        ReadinessGate gate = gate(Duration.ofMinutes(5));
        Thread waiting = start(gate.wrap("job", ran::incrementAndGet));
        hold.release();
        ended(waiting);

        assertThat(ran).hasValue(0);
        assertThat(status(gate, "job").skips()).containsExactly(Map.entry(DecisionReason.DEPENDENCY_DOWN, 1L));
    }

    @Test
    void thatIsBrokenRuns() {
        probe.does(() -> {
            hold.pass();
            throw new IllegalStateException("the check is at fault");
        });
        Thread waiting = start(gate(Duration.ofMinutes(5)).wrap("job", ran::incrementAndGet));
        hold.release();
        ended(waiting);

        assertThat(ran).hasValue(1);
    }

    @Test
    void isWaitedForNoLongerThanTheProbesTimeout() {
        // The gate's clock stands still, so that nothing but the wait can end.
        ReadinessGate gate = gate(Duration.ofMillis(20));
        gate.wrap("job", ran::incrementAndGet).run();

        assertThat(ran).hasValue(0);
        assertThat(status(gate, "job").skips()).containsExactly(Map.entry(DecisionReason.DEPENDENCY_PENDING, 1L));
    }

    @Test
    void thatDoesNotComeInTimeIsATimeoutAndSkips() {
        Duration timeout = Duration.ofSeconds(20);
        ReadinessGate gate = gate(timeout);
        Thread waiting = start(gate.wrap("job", ran::incrementAndGet));
        // A check that never got a thread is no vote, and the task would run.
        eventuallyTrue(() -> probe.started() == 1);
        rig.advance(timeout);
        ended(waiting);

        assertThat(ran).hasValue(0);
        assertThat(status(gate, "job").skips()).containsExactly(Map.entry(DecisionReason.DEPENDENCY_DOWN, 1L));
    }

    @Test
    void isNotWaitedForOnceTheGraceHasEnded() {
        ReadinessGate gate = gate(Duration.ofMinutes(5));
        Thread waiting = start(gate.wrap("job", ran::incrementAndGet));
        rig.advance(Duration.ofSeconds(30));
        ended(waiting);
        assertThat(ran).hasValue(1);

        gate.wrap("job", ran::incrementAndGet).run();
        assertThat(ran).hasValue(2);
    }

    @Test
    void isNotWaitedForByDecisions() {
        ReadinessGate gate = gate(Duration.ofMinutes(5));

        assertThat(gate.shouldRun("job")).isFalse();
        assertThat(gate.decide("job").reason()).isEqualTo(DecisionReason.DEPENDENCY_PENDING);
        assertThat(gate.explain("job")).contains("DEPENDENCY_PENDING");
        assertThat(gate.health().ready()).isFalse();
    }

    @Test
    void isNotWaitedForByAThreadThatIsInterrupted() {
        ReadinessGate gate = gate(Duration.ofMinutes(5));
        AtomicBoolean kept = new AtomicBoolean();
        Runnable wrapped = gate.wrap("job", ran::incrementAndGet);
        Thread waiting = start(() -> {
            wrapped.run();
            kept.set(Thread.currentThread().isInterrupted());
        });
        waiting.interrupt();
        ended(waiting);

        assertThat(kept).isTrue();
        assertThat(ran).hasValue(0);
        assertThat(status(gate, "job").skips()).containsExactly(Map.entry(DecisionReason.DEPENDENCY_PENDING, 1L));
    }

    @Test
    void isOneForAllThreadsThatWait() throws Exception {
        ReadinessGate gate = gate(Duration.ofMinutes(5));
        Runnable wrapped = gate.wrap("job", ran::incrementAndGet);
        AtomicInteger arrived = new AtomicInteger();
        Crowd.of(16, number -> {
            if (arrived.incrementAndGet() == 16) {
                hold.release();
            }
            wrapped.run();
        });

        assertThat(ran).hasValue(16);
        assertThat(probe.started()).isEqualTo(1);
    }

    /** The result woke the task before it was published, so that the first run was skipped as if nothing were known. */
    @RepeatedTest(20)
    void isDecidedByEvenInAGateOfManyJobs() {
        ReadinessGate.Builder builder = rig.builder().probe("database", probe).always("database");
        for (int i = 0; i < 20_000; i++) {
            builder.job("job-" + i);
        }
        ReadinessGate gate = rig.build(builder);
        Thread waiting = start(gate.wrap("job-19999", ran::incrementAndGet));
        hold.release();
        ended(waiting);

        assertThat(status(gate, "job-19999").skips()).isEmpty();
        assertThat(ran).hasValue(1);
    }

    @Test
    void ofEachDependencyIsWaitedFor() {
        Hold second = new Hold();
        ReadinessGate gate = rig.build(rig.builder()
                .probe("database", probe, ProbeSettings.defaults().timeout(Duration.ofMinutes(5)))
                .probe("storage", second::pass, ProbeSettings.defaults().timeout(Duration.ofMinutes(5)))
                .always("database")
                .job("job", "storage"));
        Thread waiting = start(gate.wrap("job", ran::incrementAndGet));
        hold.release();
        eventually(() -> assertThat(GateRig.reading(gate, "database").outcome()).isEqualTo(Outcome.UP));
        eventuallyTrue(() -> waiting.getState() == Thread.State.TIMED_WAITING);
        assertThat(ran).hasValue(0);
        second.release();
        ended(waiting);

        assertThat(ran).hasValue(1);
    }
}
