package io.pratique.readiness;

import static io.pratique.readiness.GateRig.decided;
import static io.pratique.readiness.GateRig.eventually;
import static io.pratique.readiness.GateRig.reading;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.pratique.readiness.ScriptedProbe.Hold;
import java.net.ConnectException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks that break, checks that get no thread, and what is said of either. */
@Tag("R-3")
class BrokenProbeTest {

    private final GateRig rig = new GateRig();
    private final ScriptedProbe probe = new ScriptedProbe();

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private ReadinessGate gate() {
        return rig.gate("database", probe, Job.of("job"));
    }

    static Stream<Throwable> faults() {
        return Stream.of(
                new NullPointerException(),
                new Exception("checked"),
                new InterruptedException("of its own making"),
                new RejectedExecutionException(),
                new Error("an error"),
                new StackOverflowError(),
                new OutOfMemoryError("made up"),
                new NoClassDefFoundError("org/postgresql/Driver"),
                new ExceptionInInitializerError(),
                new UnspeakableException());
    }

    /** Nothing can be got out of it. */
    @SuppressWarnings("ToStringReturnsNull") // that is the point
    private static final class UnspeakableException extends RuntimeException {

        @Override
        public String getMessage() {
            throw new IllegalStateException("no message");
        }

        @Override
        public synchronized Throwable getCause() {
            throw new IllegalStateException("no cause");
        }

        @Override
        public String toString() {
            return null;
        }
    }

    private static ProbeResult raise(Throwable thrown) throws Exception {
        if (thrown instanceof Error error) {
            throw error;
        }
        throw (Exception) thrown;
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aFaultOfTheCheckIsBrokenAndTheNextCheckIsMade(Throwable fault) {
        probe.does(() -> raise(fault));
        ReadinessGate gate = gate();
        decided(gate, "job", DecisionReason.FAIL_OPEN);
        assertThat(reading(gate, "database").outcome()).isEqualTo(Outcome.BROKEN);
        assertThat(reading(gate, "database").reason()).isEqualTo("check-broken");

        rig.check(gate, "database", probe);
        probe.up();
        rig.check(gate, "database", probe);
        decided(gate, "job", DecisionReason.READY);
        assertThat(probe.mostAtOnce()).isEqualTo(1);
    }

    @Test
    void aCheckThatReallyRunsOutOfStackIsBroken() {
        probe.does(this::deeper);

        decided(gate(), "job", DecisionReason.FAIL_OPEN);
    }

    @SuppressWarnings("InfiniteRecursion")
    private ProbeResult deeper() {
        return deeper();
    }

    @Test
    void evidenceIsDownAndNotBroken() {
        probe.does(() -> raise(new IllegalStateException(new ConnectException("Connection refused"))));
        ReadinessGate gate = gate();

        assertThat(decided(gate, "job", DecisionReason.DEPENDENCY_DOWN).detail())
                .contains("Connection refused");
        assertThat(reading(gate, "database").outcome()).isEqualTo(Outcome.DOWN);
    }

    @Nested
    class IsLoud {

        @Test
        void onceForEachTransition() {
            ReadinessGate gate = gate();
            decided(gate, "job", DecisionReason.READY);
            probe.breaks();
            rig.checks(gate, "database", probe, 4);
            eventually(() -> assertThat(rig.said(Level.WARN, "database"))
                    .singleElement()
                    .asString()
                    .contains("database", "BROKEN", "NullPointerException"));

            probe.up();
            rig.checks(gate, "database", probe, 3);
            eventually(() -> assertThat(rig.said(Level.INFO, "database"))
                    .singleElement()
                    .asString()
                    .contains("database", "UP"));

            probe.breaks();
            rig.checks(gate, "database", probe, 2);
            eventually(() -> assertThat(rig.said(Level.WARN, "database")).hasSize(2));
            assertThat(rig.said(Level.INFO, "database")).hasSize(1);
        }

        @Test
        void alsoOfAJobThatRunsAllTheSame() {
            probe.breaks();
            ReadinessGate gate = gate();
            Runnable wrapped = gate.wrap("job", () -> {});
            wrapped.run();
            wrapped.run();

            eventually(() -> assertThat(rig.log().events(Level.WARN, "job", "job"))
                    .singleElement()
                    .satisfies(event -> assertThat(event.getFormattedMessage()).contains("FAIL_OPEN", "database")));
        }

        @Test
        void asDownIsAndItsEnd() {
            ReadinessGate gate = gate();
            decided(gate, "job", DecisionReason.READY);
            assertThat(rig.log().events()).isEmpty();
            probe.down();
            rig.checks(gate, "database", probe, 6);
            eventually(() -> assertThat(rig.said(Level.WARN, "database")).hasSize(1));
            probe.up();
            rig.checks(gate, "database", probe, 4);

            eventually(() -> assertThat(rig.said(Level.INFO, "database")).hasSize(1));
            assertThat(rig.said(Level.WARN, "database")).hasSize(1);
        }
    }

    @Nested
    @Tag("R-4")
    class WithoutAThread {

        private ReadinessGate gate(ThreadFactory threads) {
            return rig.build(rig.builder()
                    .probe("database", probe)
                    .always("database")
                    .job("job")
                    .threadFactory(threads));
        }

        static Stream<ThreadFactory> noThreads() {
            return Stream.of(
                    work -> null,
                    work -> {
                        throw new IllegalStateException("no thread to give");
                    },
                    work -> {
                        throw new OutOfMemoryError("unable to create native thread (made up)");
                    });
        }

        @ParameterizedTest
        @MethodSource("noThreads")
        void runsAndIsLoudAndRecovers(ThreadFactory none) {
            AtomicBoolean some = new AtomicBoolean();
            ReadinessGate gate = gate(work -> some.get() ? new Thread(work) : none.newThread(work));

            assertThat(decided(gate, "job", DecisionReason.FAIL_OPEN).detail()).contains("no thread");
            assertThat(reading(gate, "database").outcome()).isEqualTo(Outcome.TIMEOUT);
            eventually(() -> assertThat(rig.said(Level.WARN, "database")).hasSize(1));

            some.set(true);
            rig.check(gate, "database", probe);
            decided(gate, "job", DecisionReason.READY);
        }

        @Test
        void isNoVote() {
            AtomicBoolean some = new AtomicBoolean(true);
            ReadinessGate gate = gate(work -> some.get() ? new Thread(work) : null);
            decided(gate, "job", DecisionReason.READY);
            eventually(() -> assertThat(probe.threads()).noneMatch(Thread::isAlive));
            some.set(false);
            for (int i = 0; i < 6; i++) {
                rig.advance(GateRig.NEXT_CHECK);
                rig.timerHasLooked();
                decided(gate, "job", DecisionReason.FAIL_OPEN);
            }
            assertThat(probe.started()).isEqualTo(1);
        }

        @Test
        void isFoundOutAfterTheTimeoutWhereAThreadNeverStarts() {
            // A scheduler that has no turn for it.
            CountDownLatch turn = new CountDownLatch(1);
            ReadinessGate gate = gate(work -> daemon(() -> {
                turn.await();
                work.run();
                return null;
            }));
            rig.timerHasLooked();
            assertThat(gate.decide("job").reason()).isEqualTo(DecisionReason.DEPENDENCY_PENDING);
            rig.advance(GateRig.NEXT_CHECK);
            decided(gate, "job", DecisionReason.FAIL_OPEN);
            rig.advance(GateRig.NEXT_CHECK);
            rig.timerHasLooked();

            decided(gate, "job", DecisionReason.FAIL_OPEN);
            assertThat(probe.started()).isZero();

            turn.countDown();
            decided(gate, "job", DecisionReason.READY);
            assertThat(probe.mostAtOnce()).isEqualTo(1);
        }

        private static Thread daemon(Callable<?> work) {
            Thread thread = new Thread(() -> {
                try {
                    work.call();
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            thread.setDaemon(true);
            return thread;
        }

        @Test
        void ofItsOwnAHangingProbeLeavesTheOthersTheirs() {
            Hold hold = new Hold();
            ReadinessGate gate = rig.build(rig.builder()
                    .probe("hung", hold::passStubbornly)
                    .probe("database", probe)
                    .job("job", "database"));
            hold.awaitReached();
            rig.checks(gate, "database", probe, 3);

            decided(gate, "job", DecisionReason.READY);
            hold.release();
        }
    }
}
