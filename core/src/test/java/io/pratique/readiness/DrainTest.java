package io.pratique.readiness;

import static io.pratique.readiness.GateRig.agreed;
import static io.pratique.readiness.GateRig.decided;
import static io.pratique.readiness.GateRig.eventuallyTrue;
import static io.pratique.readiness.GateRig.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import io.pratique.readiness.ScriptedProbe.Hold;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** The end in good order, driven by a plain method. */
@Tag("R-8")
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class DrainTest {

    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(20);

    private final GateRig rig = new GateRig();
    private final Hold job = new Hold();
    private final List<String> order = new CopyOnWriteArrayList<>();
    private final AtomicInteger ran = new AtomicInteger();

    @AfterEach
    void close() throws Exception {
        job.release();
        rig.close();
    }

    private ReadinessGate.Builder builder() {
        return rig.builder()
                .probe("database", new ScriptedProbe())
                .always("database")
                .job("job")
                .job("long");
    }

    private ReadinessGate started(ReadinessGate.Builder builder) {
        ReadinessGate gate = rig.build(builder);
        decided(gate, "job", DecisionReason.READY);
        return gate;
    }

    /** Has a run of {@code long} under way. */
    private Thread running(ReadinessGate gate) {
        Thread thread = new Thread(gate.wrap("long", () -> {
            assertThat(job.passStubbornly()).isNotNull();
            order.add("run ended");
        }));
        thread.start();
        job.awaitReached();
        return thread;
    }

    private FutureTask<Boolean> draining(ReadinessGate gate, Duration deadline) {
        FutureTask<Boolean> task = new FutureTask<>(() -> gate.drain(deadline));
        new Thread(task, "draining").start();
        eventuallyTrue(() -> gate.health().draining());
        return task;
    }

    @Nested
    class Readiness {

        @Test
        void goesFalseFirstWhileRunsAreUnderWay() throws Exception {
            ReadinessGate gate = started(builder().closing("pool", () -> order.add("pool"), LONG));
            running(gate);
            assertThat(gate.health().ready()).isTrue();
            FutureTask<Boolean> drain = draining(gate, LONG);

            assertThat(gate.health().ready()).isFalse();
            assertThat(gate.health().status()).isEqualTo(HealthReport.Status.HEALTHY);
            assertThat(drain.isDone()).isFalse();
            assertThat(order).isEmpty();
            job.release();
            assertThat(drain.get()).isTrue();
            assertThat(order).containsExactly("run ended", "pool");
            assertThat(gate.health().ready()).isFalse();
        }

        @Test
        void letsNoFurtherRunStart() throws Exception {
            ReadinessGate gate = started(builder());
            Runnable wrapped = gate.wrap("job", ran::incrementAndGet);
            running(gate);
            FutureTask<Boolean> drain = draining(gate, LONG);
            wrapped.run();

            assertThat(ran).hasValue(0);
            assertThat(agreed(gate, "job").reason()).isEqualTo(DecisionReason.DRAINING);
            assertThat(agreed(gate, "undeclared").reason()).isEqualTo(DecisionReason.DRAINING);
            assertThat(gate.decide("job").since()).isEqualTo(rig.now());
            assertThat(gate.wrapCallable("job", ran::incrementAndGet).call()).isEmpty();
            assertThat(status(gate, "job").skips()).containsExactly(Map.entry(DecisionReason.DRAINING, 2L));
            job.release();
            assertThat(drain.get()).isTrue();
            wrapped.run();
            assertThat(ran).hasValue(0);
        }

        @Test
        void isToldToARunThatAsksAgain() throws Exception {
            ReadinessGate gate = started(builder());
            AtomicBoolean stopped = new AtomicBoolean();
            Thread asking = new Thread(gate.wrap("job", () -> {
                job.passStubbornly();
                eventuallyTrue(() -> !gate.shouldRun("job"));
                stopped.set(true);
            }));
            asking.start();
            job.awaitReached();
            FutureTask<Boolean> drain = draining(gate, LONG);
            job.release();

            assertThat(drain.get()).isTrue();
            assertThat(stopped).isTrue();
        }

        @Test
        void isOverForATaskThatWaitsForItsFirstResult() throws Exception {
            Hold hold = new Hold();
            ReadinessGate gate = rig.build(rig.builder()
                    .probe("database", hold::pass, ProbeSettings.defaults().timeout(LONG))
                    .always("database")
                    .job("job"));
            Thread waiting = new Thread(gate.wrap("job", ran::incrementAndGet));
            waiting.start();
            eventuallyTrue(() -> waiting.getState() == Thread.State.TIMED_WAITING);
            assertThat(gate.drain(LONG)).isTrue();
            hold.release();
            waiting.join();

            assertThat(ran).hasValue(0);
            assertThat(status(gate, "job").skips()).containsExactly(Map.entry(DecisionReason.DRAINING, 1L));
        }
    }

    @Nested
    class Resources {

        @Test
        void closeInOrderOneAfterTheOther() {
            AtomicInteger open = new AtomicInteger();
            ReadinessGate.Builder builder = builder();
            for (String name : List.of("http", "scheduler", "pool")) {
                builder.closing(
                        name,
                        () -> {
                            assertThat(open.incrementAndGet()).isEqualTo(1);
                            order.add(name);
                            open.decrementAndGet();
                        },
                        LONG);
            }

            assertThat(started(builder).drain(LONG)).isTrue();
            assertThat(order).containsExactly("http", "scheduler", "pool");
        }

        @Test
        void thatFailOrHangDoNotStopTheRest() {
            Hold hold = new Hold();
            ReadinessGate gate = started(builder()
                    .closing("first", () -> order.add("first"), LONG)
                    .closing(
                            "checked",
                            () -> {
                                throw new Exception("will not close");
                            },
                            LONG)
                    .closing(
                            "error",
                            () -> {
                                throw new NoClassDefFoundError("unloaded");
                            },
                            LONG)
                    .closing("hangs", hold::passStubbornly, SHORT)
                    .closing("last", () -> order.add("last"), LONG));

            assertThat(gate.drain(LONG)).isFalse();
            assertThat(order).containsExactly("first", "last");
            for (String name : List.of("checked", "error", "hangs")) {
                assertThat(rig.log().events(Level.WARN, "resource", name)).hasSize(1);
            }
            hold.release();
        }

        @Test
        void closeAlsoWhenRunsAreNotDoneByTheDeadline() {
            ReadinessGate gate = started(builder().closing("pool", () -> order.add("pool"), LONG));
            running(gate);

            assertThat(gate.drain(SHORT)).isFalse();
            assertThat(order).containsExactly("pool");
            assertThat(rig.log().events(Level.WARN, "running", 1)).hasSize(1);
        }
    }

    @Nested
    class ASecondTime {

        @Test
        void changesNothingAndWaitsForTheSameOutcome() throws Exception {
            ReadinessGate gate = started(builder().closing("pool", () -> order.add("pool"), LONG));
            running(gate);
            FutureTask<Boolean> first = draining(gate, LONG);
            FutureTask<Boolean> second = new FutureTask<>(() -> gate.drain(SHORT));
            Thread impatient = new Thread(second);
            impatient.start();
            eventuallyTrue(() ->
                    impatient.getState() == Thread.State.WAITING || impatient.getState() == Thread.State.TIMED_WAITING);
            assertThat(order).isEmpty();
            job.release();

            assertThat(first.get()).isTrue();
            assertThat(second.get()).isTrue();
            assertThat(order).containsExactly("run ended", "pool");
            assertThat(gate.drain(SHORT)).isTrue();
            assertThat(order).hasSize(2);
        }

        @Test
        void fromAResourceThatClosesHarmsNobody() {
            ReadinessGate[] gate = new ReadinessGate[1];
            gate[0] = started(builder()
                    .closing("asks again", () -> order.add("it was " + gate[0].drain(LONG)), SHORT)
                    .closing("last", () -> order.add("last"), LONG));

            assertThat(gate[0].drain(LONG)).isFalse();
            assertThat(order).startsWith("last");
            eventuallyTrue(() -> order.contains("it was false"));
        }
    }

    @Test
    void aFailingRunIsOverToo() {
        ReadinessGate gate = started(builder());
        Runnable failing = gate.wrap("job", () -> {
            throw new IllegalStateException("as it may");
        });
        assertThat(catchThrowable(failing::run)).isInstanceOf(IllegalStateException.class);

        assertThat(gate.drain(LONG)).isTrue();
    }
}
