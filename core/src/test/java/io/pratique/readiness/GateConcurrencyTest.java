package io.pratique.readiness;

import static io.pratique.readiness.GateRig.decided;
import static io.pratique.readiness.GateRig.eventuallyTrue;
import static io.pratique.readiness.GateRig.status;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many threads at one gate. */
class GateConcurrencyTest {

    private static final int THREADS = 16;
    private final Exception refused = new ConnectException("Connection refused");

    private final GateRig rig = new GateRig();

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    /** One vote turns each of them, so that no vote may be lost between the reading and the verdict. */
    private ReadinessGate flippable(int dependencies) {
        ProbeSettings touchy = ProbeSettings.defaults().failureThreshold(1).successThreshold(1);
        ReadinessGate.Builder builder = rig.builder();
        for (int i = 0; i < dependencies; i++) {
            builder.probe("dependency-" + i, new ScriptedProbe(), touchy).job("job-" + i, "dependency-" + i);
        }
        ReadinessGate gate = rig.build(builder);
        for (int i = 0; i < dependencies; i++) {
            decided(gate, "job-" + i, DecisionReason.READY);
        }
        return gate;
    }

    @RepeatedTest(10)
    @Tag("R-3")
    @Tag("R-7")
    void whatIsDecidedInTheEndIsWhatWasHeardInTheEnd() throws Exception {
        ReadinessGate gate = flippable(4);
        List<DependencyHandle> handles = IntStream.range(0, 4)
                .mapToObj(i -> gate.dependency("dependency-" + i))
                .toList();
        AtomicInteger seen = new AtomicInteger();
        AtomicBoolean voting = new AtomicBoolean(true);
        AtomicInteger voters = new AtomicInteger(THREADS);
        Crowd.of(2 * THREADS, number -> {
            if (number >= THREADS) {
                while (voting.get()) {
                    seen.addAndGet(gate.shouldRun("job-" + number % 4) ? 1 : 0);
                }
                return;
            }
            for (int i = 0; i < 500; i++) {
                DependencyHandle handle =
                        handles.get(ThreadLocalRandom.current().nextInt(4));
                if (ThreadLocalRandom.current().nextBoolean()) {
                    handle.failure(refused);
                } else {
                    handle.success();
                }
            }
            voting.compareAndSet(voters.decrementAndGet() == 0, false);
        });

        // What is published is looked at before any decision, which would set it right.
        List<Boolean> published =
                IntStream.range(0, 4).mapToObj(i -> gate.shouldRun("job-" + i)).toList();
        for (int i = 0; i < 4; i++) {
            Outcome heard = GateRig.reading(gate, "dependency-" + i).outcome();
            assertThat(published.get(i)).as("published for job-%s", i).isEqualTo(heard == Outcome.UP);
            GateDecision decision = GateRig.agreed(gate, "job-" + i);
            assertThat(decision.run()).as(decision.toString()).isEqualTo(heard == Outcome.UP);
            handles.get(i).failure(refused);
            assertThat(gate.shouldRun("job-" + i)).isFalse();
            handles.get(i).success();
            assertThat(gate.shouldRun("job-" + i)).isTrue();
        }
    }

    @RepeatedTest(20)
    @Tag("R-8")
    void noRunBeginsOnceTheGateHasDrained() throws Exception {
        ReadinessGate gate = flippable(1);
        AtomicBoolean drained = new AtomicBoolean();
        AtomicInteger late = new AtomicInteger();
        AtomicInteger ran = new AtomicInteger();
        Runnable wrapped = gate.wrap("job-0", () -> {
            late.addAndGet(drained.get() ? 1 : 0);
            ran.incrementAndGet();
            Thread.onSpinWait();
            late.addAndGet(drained.get() ? 1 : 0);
        });
        AtomicInteger asked = new AtomicInteger();
        Crowd.of(THREADS + 1, number -> {
            if (number == THREADS) {
                eventuallyTrue(() -> ran.get() > 100);
                assertThat(gate.drain(Duration.ofMinutes(5))).isTrue();
                drained.set(true);
                return;
            }
            boolean last = false;
            while (!last) {
                last = drained.get();
                asked.incrementAndGet();
                wrapped.run();
            }
        });

        assertThat(late).as("runs under way after the drain").hasValue(0);
        JobStatus status = status(gate, "job-0");
        assertThat(status.running()).isZero();
        assertThat(status.runs()).isEqualTo(ran.get());
        assertThat(status.skips().get(DecisionReason.DRAINING)).isEqualTo(asked.get() - ran.get());
        assertThat(status.skips()).hasSize(1);
    }

    /** Reports were seen that said both draining and ready. */
    @RepeatedTest(20)
    @Tag("R-8")
    void aHealthReportIsOfOneMoment() throws Exception {
        ReadinessGate gate = flippable(4);
        AtomicInteger contradictions = new AtomicInteger();
        AtomicInteger asking = new AtomicInteger();
        Crowd.of(4, number -> {
            if (number == 0) {
                eventuallyTrue(() -> asking.get() > 100);
                assertThat(gate.drain(Duration.ofMinutes(5))).isTrue();
                return;
            }
            boolean draining = false;
            while (!draining) {
                HealthReport health = gate.health();
                draining = health.draining();
                contradictions.addAndGet(draining == health.ready() ? 1 : 0);
                asking.incrementAndGet();
            }
        });

        assertThat(contradictions).hasValue(0);
    }

    @Test
    @Tag("R-6")
    void runsAndSkipsAddUpWhileADependencyFlips() throws Exception {
        ReadinessGate gate = flippable(1);
        DependencyHandle handle = gate.dependency("dependency-0");
        AtomicInteger ran = new AtomicInteger();
        Runnable wrapped = gate.wrap("job-0", ran::incrementAndGet);
        Crowd.of(THREADS, number -> {
            for (int i = 0; i < 1_000; i++) {
                wrapped.run();
                if (number == 0) {
                    handle.failure(refused);
                } else if (number == 1) {
                    handle.success();
                }
            }
        });

        JobStatus status = status(gate, "job-0");
        long skipped = status.skips().getOrDefault(DecisionReason.DEPENDENCY_DOWN, 0L);
        assertThat(status.runs()).isEqualTo(ran.get());
        assertThat(status.runs() + skipped).isEqualTo(THREADS * 1_000L);
        assertThat(status.running()).isZero();
        assertThat(ran.get()).isPositive();
        assertThat(skipped).isPositive();
    }

    @Test
    @Tag("R-2")
    void jobsThatNobodyDeclaredMayBeWrappedByAllAtOnce() throws Exception {
        ReadinessGate gate = flippable(1);
        AtomicInteger ran = new AtomicInteger();
        Crowd.of(THREADS, number -> {
            for (int i = 0; i < 200; i++) {
                gate.wrap("job-of-" + i, ran::incrementAndGet).run();
            }
        });

        assertThat(ran).hasValue(THREADS * 200);
        assertThat(gate.jobs()).hasSize(201);
        assertThat(gate.jobs().stream().mapToLong(JobStatus::runs).sum()).isEqualTo(THREADS * 200L);
    }

    @Test
    @Tag("R-6")
    void theListOfJobsThatNobodyDeclaredIsBounded() {
        ReadinessGate gate = flippable(1);
        AtomicInteger ran = new AtomicInteger();
        for (int i = 0; i < 5_000; i++) {
            gate.wrap("random-" + i, ran::incrementAndGet).run();
        }

        assertThat(ran).hasValue(5_000);
        assertThat(gate.jobs()).hasSize(1_001);
    }
}
