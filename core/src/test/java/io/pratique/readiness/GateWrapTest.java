package io.pratique.readiness;

import static io.pratique.readiness.GateRig.agreed;
import static io.pratique.readiness.GateRig.decided;
import static io.pratique.readiness.GateRig.eventually;
import static io.pratique.readiness.GateRig.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tasks behind a gate. */
@Tag("R-2")
class GateWrapTest {

    private final GateRig rig = new GateRig();
    private final ScriptedProbe probe = new ScriptedProbe();
    private final AtomicInteger ran = new AtomicInteger();

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private ReadinessGate gate() {
        return rig.gate("database", probe, Job.of("job"));
    }

    @Nested
    class WhatRuns {

        @Test
        void isTheTaskInTheCallersThread() {
            Runnable wrapped = gate().wrap("job", () -> {
                ran.incrementAndGet();
                assertThat(Thread.currentThread().getName()).isEqualTo("caller");
            });
            Thread caller = Thread.currentThread();
            String before = caller.getName();
            caller.setName("caller");
            wrapped.run();
            caller.setName(before);

            assertThat(ran).hasValue(1);
        }

        @Test
        void givesItsResult() throws Exception {
            ReadinessGate gate = gate();

            assertThat(gate.wrapCallable("job", () -> "done").call()).isEqualTo(Optional.of("done"));
            assertThat(gate.wrapCallable("job", () -> null).call()).isEmpty();
            assertThat(status(gate, "job").runs()).isEqualTo(2);
        }

        @Test
        void isCountedAsRunningAsLongAsItRuns() {
            ReadinessGate gate = gate();
            gate.wrap("job", () -> {
                        ran.incrementAndGet();
                        assertThat(status(gate, "job").running()).isEqualTo(1);
                        assertThat(gate.shouldRun("job")).isTrue();
                    })
                    .run();

            assertThat(ran).hasValue(1);
            assertThat(status(gate, "job").running()).isZero();
            assertThat(status(gate, "job").lastRun()).isEqualTo(rig.now());
        }

        static Stream<Throwable> thrown() {
            return Stream.of(
                    new IllegalStateException("unchecked"),
                    new IllegalArgumentException("like ours"),
                    new AssertionError("an error"),
                    new StackOverflowError(),
                    new OutOfMemoryError("made up"));
        }

        @ParameterizedTest
        @MethodSource("thrown")
        void throwsWhatTheTaskThrows(Throwable thrown) {
            ReadinessGate gate = gate();
            Runnable wrapped = gate.wrap("job", () -> GateWrapTest.<RuntimeException>raise(thrown));

            assertThat(catchThrowable(wrapped::run)).isSameAs(thrown).hasNoSuppressedExceptions();
            assertThat(status(gate, "job").running()).isZero();
            assertThat(status(gate, "job").runs()).isEqualTo(1);
        }

        static Stream<Throwable> thrownByCallables() {
            return Stream.concat(thrown(), Stream.of(new IOException("checked"), new InterruptedException()));
        }

        @ParameterizedTest
        @MethodSource("thrownByCallables")
        void throwsWhatTheCallableThrows(Throwable thrown) {
            ReadinessGate gate = gate();
            Callable<Optional<String>> wrapped = gate.wrapCallable("job", () -> {
                raise(thrown);
                return "not reached";
            });

            assertThat(catchThrowable(wrapped::call)).isSameAs(thrown).hasNoSuppressedExceptions();
            assertThat(status(gate, "job").running()).isZero();
        }

        @Test
        void isGatedByTheAlwaysSetIfNobodyDeclaredIt() {
            probe.down();
            ReadinessGate gate = gate();
            Runnable wrapped = gate.wrap("undeclared", ran::incrementAndGet);
            wrapped.run();

            assertThat(ran).hasValue(0);
            assertThat(status(gate, "undeclared").skips())
                    .containsExactly(Map.entry(DecisionReason.DEPENDENCY_DOWN, 1L));
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void raise(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @Nested
    @Tag("R-6")
    class WhatIsSkipped {

        @Test
        void doesNothingAndIsCountedAndExplained() throws Exception {
            probe.down();
            ReadinessGate gate = gate();
            Runnable wrapped = gate.wrap("job", ran::incrementAndGet);
            wrapped.run();
            wrapped.run();

            assertThat(gate.wrapCallable("job", ran::incrementAndGet).call()).isEmpty();
            assertThat(ran).hasValue(0);
            JobStatus status = status(gate, "job");
            assertThat(status.skips()).containsExactly(Map.entry(DecisionReason.DEPENDENCY_DOWN, 3L));
            assertThat(status.runs()).isZero();
            assertThat(status.running()).isZero();
            assertThat(status.lastRun()).isNull();
            assertThat(status.skippedSince()).isEqualTo(rig.now());
            assertThat(gate.explain("job")).contains("skipped", "DEPENDENCY_DOWN", "database");
        }

        @Test
        void isCountedByReason() {
            probe.down();
            ReadinessGate gate = rig.build(rig.builder(rig.flags(Map.of("off", "off")))
                    .probe("database", probe)
                    .always("database")
                    .job("job")
                    .job("off"));
            gate.wrap("job", ran::incrementAndGet).run();
            gate.wrap("off", ran::incrementAndGet).run();
            gate.wrap("off", ran::incrementAndGet).run();
            probe.up();
            rig.checks(gate, "database", probe, 2);
            decided(gate, "job", DecisionReason.READY);
            gate.wrap("job", ran::incrementAndGet).run();
            gate.wrap("off", ran::incrementAndGet).run();

            assertThat(status(gate, "job").skips()).containsExactly(Map.entry(DecisionReason.DEPENDENCY_DOWN, 1L));
            assertThat(status(gate, "job").skippedSince()).isNull();
            assertThat(status(gate, "off").skips()).containsExactly(Map.entry(DecisionReason.FLAG_OFF, 3L));
            assertThat(ran).hasValue(1);
        }

        @Test
        void isLoggedOnceAndItsReturnToo() {
            probe.down();
            ReadinessGate gate = gate();
            Runnable wrapped = gate.wrap("job", ran::incrementAndGet);
            wrapped.run();
            wrapped.run();
            eventually(
                    () -> assertThat(rig.log().events(Level.INFO, "job", "job")).hasSize(1));
            probe.up();
            rig.checks(gate, "database", probe, 2);
            decided(gate, "job", DecisionReason.READY);
            wrapped.run();
            wrapped.run();

            eventually(
                    () -> assertThat(rig.log().events(Level.INFO, "job", "job")).hasSize(2));
            assertThat(rig.log().events(Level.INFO, "run", true)).hasSize(1);
        }

        @Test
        void doesNotEndASchedule() throws Exception {
            ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(1);
            rig.closing(scheduler::shutdownNow);
            ReadinessGate gate = gate();
            ScheduledFuture<?> schedule = scheduler.scheduleWithFixedDelay(
                    gate.wrap("job", ran::incrementAndGet), 0, 1, TimeUnit.MILLISECONDS);
            eventually(() -> assertThat(ran.get()).isGreaterThan(3));

            probe.down();
            rig.checks(gate, "database", probe, 3);
            decided(gate, "job", DecisionReason.DEPENDENCY_DOWN);
            eventually(() -> assertThat(status(gate, "job").running()).isZero());
            int before = ran.get();
            eventually(() -> assertThat(status(gate, "job").skips().getOrDefault(DecisionReason.DEPENDENCY_DOWN, 0L))
                    .isGreaterThan(3));
            assertThat(ran.get()).isEqualTo(before);

            probe.up();
            rig.checks(gate, "database", probe, 2);
            eventually(() -> assertThat(ran.get()).isGreaterThan(before + 3));
            assertThat(schedule.isDone()).isFalse();
        }
    }

    @Test
    void manyThreadsAreCountedExactly() throws Exception {
        ReadinessGate gate = gate();
        decided(gate, "job", DecisionReason.READY);
        Runnable wrapped = gate.wrap("job", ran::incrementAndGet);
        Crowd.of(16, number -> {
            for (int i = 0; i < 500; i++) {
                wrapped.run();
            }
        });

        assertThat(ran).hasValue(8_000);
        assertThat(status(gate, "job").runs()).isEqualTo(8_000);
        assertThat(status(gate, "job").running()).isZero();
        assertThat(agreed(gate, "job").reason()).isEqualTo(DecisionReason.READY);
    }

    @Test
    void theSameJobWrappedTwiceIsOneJob() {
        ReadinessGate gate = gate();
        gate.wrap("job", ran::incrementAndGet).run();
        gate.wrap("job", ran::incrementAndGet).run();

        assertThat(gate.jobs())
                .singleElement()
                .satisfies(job -> assertThat(job.runs()).isEqualTo(2));
    }

    @Test
    void anInterruptedThreadGetsItsDecisionAndKeepsItsInterrupt() {
        ReadinessGate gate = gate();
        decided(gate, "job", DecisionReason.READY);
        Thread.currentThread().interrupt();
        gate.wrap("job", ran::incrementAndGet).run();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(ran).hasValue(1);
    }

    @Test
    void aGateThatIsClosedGoesOnFromItsLastState() {
        ReadinessGate gate = gate();
        decided(gate, "job", DecisionReason.READY);
        gate.close();
        gate.close();
        gate.wrap("job", ran::incrementAndGet).run();

        assertThat(ran).hasValue(1);
    }
}
