package io.pratique.readiness;

import static io.pratique.readiness.GateRig.decided;
import static io.pratique.readiness.GateRig.eventually;
import static io.pratique.readiness.GateRig.eventuallyTrue;
import static io.pratique.readiness.GateRig.reading;
import static org.assertj.core.api.Assertions.assertThat;

import io.pratique.readiness.ScriptedProbe.Hold;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Probes in the background: when they are asked, and what becomes of those that hang. */
@Tag("R-4")
class ProbeRunsTest {

    private final GateRig rig = new GateRig();
    private final ScriptedProbe probe = new ScriptedProbe();
    private final Hold hold = new Hold();

    @AfterEach
    void close() throws Exception {
        hold.release();
        rig.close();
    }

    private ReadinessGate gate() {
        return rig.gate("database", probe, Job.of("job"));
    }

    @Nested
    class Cadence {

        @Test
        void theFirstCheckIsMadeAtOnce() {
            decided(gate(), "job", DecisionReason.READY);

            assertThat(probe.started()).isEqualTo(1);
            assertThat(rig.now()).isEqualTo(GateRig.START);
        }

        /** Seen by the votes of a check that hangs, which the timer casts itself, so that the test sees when. */
        @Test
        void othersAreAnIntervalApartGiveOrTakeAFifth() {
            probe.does(hold::passStubbornly);
            ReadinessGate gate = gate();
            hold.awaitReached();
            rig.advance(GateRig.NEXT_CHECK);
            eventually(() -> assertThat(reading(gate, "database").age()).isZero());
            rig.advance(GateRig.NEXT_CHECK);
            eventually(() -> assertThat(reading(gate, "database").age()).isZero());
            int cycles = 24;
            int early = 0;
            for (int i = 0; i < cycles; i++) {
                rig.advance(Duration.ofMillis(7_990));
                rig.timerHasLooked();
                assertThat(reading(gate, "database").age()).isEqualTo(Duration.ofMillis(7_990));
                rig.advance(Duration.ofMillis(2_010));
                rig.timerHasLooked();
                boolean before = reading(gate, "database").age().isZero();
                early += before ? 1 : 0;
                rig.advance(before ? Duration.ZERO : Duration.ofSeconds(2));
                eventually(() -> assertThat(reading(gate, "database").age()).isZero());
            }

            assertThat(early).as("checks before the middle of their spread").isBetween(1, cycles - 1);
        }

        @Test
        void aResultCarriesItsAgeAndHowLongItTook() {
            ReadinessGate gate = gate();
            decided(gate, "job", DecisionReason.READY);
            rig.advance(Duration.ofSeconds(5));
            assertThat(reading(gate, "database").age()).isEqualTo(Duration.ofSeconds(5));
            assertThat(reading(gate, "database").duration()).isEqualTo(Duration.ZERO);

            probe.does(() -> {
                rig.advance(Duration.ofSeconds(1));
                return ProbeResult.up();
            });
            rig.check(gate, "database", probe);
            assertThat(reading(gate, "database").duration()).isEqualTo(Duration.ofSeconds(1));
        }

        @Test
        void aSlowProbeDelaysNoOther() {
            ScriptedProbe slow = new ScriptedProbe().does(hold::passStubbornly);
            ReadinessGate gate = rig.build(
                    rig.builder().probe("slow", slow).probe("database", probe).job("job", "database"));
            decided(gate, "job", DecisionReason.READY);
            rig.checks(gate, "database", probe, 5);

            assertThat(slow.started()).isEqualTo(1);
            assertThat(probe.started()).isEqualTo(6);
        }

        @Test
        void aCheckLongerThanItsIntervalIsNeverMadeTwiceAtOnce() {
            probe.does(hold::pass);
            ReadinessGate gate = rig.build(rig.builder()
                    .probe("database", probe, ProbeSettings.defaults().timeout(Duration.ofMinutes(10)))
                    .always("database"));
            hold.awaitReached();
            for (int i = 0; i < 5; i++) {
                rig.advance(GateRig.NEXT_CHECK);
                rig.timerHasLooked();
            }
            assertThat(probe.started()).isEqualTo(1);
            hold.release();
            eventually(() -> assertThat(reading(gate, "database").outcome()).isEqualTo(Outcome.UP));
            rig.check(gate, "database", probe);

            assertThat(probe.mostAtOnce()).isEqualTo(1);
        }

        @Test
        void closingEndsItAndInterruptsTheCheckUnderWay() {
            probe.does(hold::pass);
            ReadinessGate gate = gate();
            hold.awaitReached();
            gate.close();

            eventuallyTrue(() -> probe.underWay() == 0);
            assertThat(hold.interrupts()).isEqualTo(1);
            rig.advance(Duration.ofMinutes(1));
            eventuallyTrue(() -> Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> probe.threads().contains(thread)));
            assertThat(probe.started()).isEqualTo(1);
        }
    }

    @Nested
    class Hanging {

        /** Down after three votes for it, each of which is a timeout. */
        private void hangs(ReadinessGate gate) {
            rig.advance(GateRig.NEXT_CHECK);
            hold.awaitReached();
            rig.advance(Duration.ofSeconds(2));
            eventually(() -> assertThat(hold.interrupts()).isEqualTo(1));
            eventually(() -> assertThat(reading(gate, "database").age()).isZero());
        }

        /** Which is a little later than the end itself; until then no other check is made. */
        private void gateKnowsThatItHasEnded(ReadinessGate gate) {
            eventually(() -> assertThat(reading(gate, "database").duration()).isPositive());
        }

        private void nextVote(ReadinessGate gate) {
            rig.advance(GateRig.NEXT_CHECK);
            eventually(() -> assertThat(reading(gate, "database").age()).isZero());
            rig.timerHasLooked();
        }

        @Test
        void votesAgainAtEachIntervalOnItsOneThread() {
            ReadinessGate gate = gate();
            decided(gate, "job", DecisionReason.READY);
            probe.does(hold::passStubbornly);
            hangs(gate);
            assertThat(gate.decide("job").reason()).isEqualTo(DecisionReason.READY);
            nextVote(gate);
            assertThat(gate.decide("job").reason()).isEqualTo(DecisionReason.READY);
            nextVote(gate);
            decided(gate, "job", DecisionReason.DEPENDENCY_DOWN);
            for (int i = 0; i < 10; i++) {
                nextVote(gate);
            }

            assertThat(decided(gate, "job", DecisionReason.DEPENDENCY_DOWN).detail())
                    .contains("timeout");
            assertThat(probe.started()).isEqualTo(2);
            assertThat(probe.mostAtOnce()).isEqualTo(1);
            assertThat(hold.interrupts()).isEqualTo(1);
        }

        @Test
        void endsWithItsInterruptIfItHeedsIt() {
            ReadinessGate gate = gate();
            decided(gate, "job", DecisionReason.READY);
            probe.does(hold::pass);
            hangs(gate);
            gateKnowsThatItHasEnded(gate);
            probe.up();
            rig.check(gate, "database", probe);

            assertThat(probe.wasInterruptedAtStart()).isFalse();
            assertThat(reading(gate, "database").outcome()).isEqualTo(Outcome.UP);
            assertThat(probe.mostAtOnce()).isEqualTo(1);
        }

        @Test
        void givesNoVoteWhenItEndsTooLate() {
            ReadinessGate gate = gate();
            decided(gate, "job", DecisionReason.READY);
            probe.does(hold::passStubbornly);
            hangs(gate);
            nextVote(gate);
            hold.release();
            gateKnowsThatItHasEnded(gate);
            // Its late UP would have begun the count anew; as it is none, the third failure in a row is the next.
            probe.down();
            rig.check(gate, "database", probe);

            decided(gate, "job", DecisionReason.DEPENDENCY_DOWN);
        }

        @Test
        void doesNotCarryAnInterruptOfItsOwnIntoTheNextCheck() {
            probe.does(() -> {
                Thread.currentThread().interrupt();
                return ProbeResult.up();
            });
            ReadinessGate gate = gate();
            decided(gate, "job", DecisionReason.READY);
            rig.checks(gate, "database", probe, 5);

            assertThat(probe.wasInterruptedAtStart()).isFalse();
        }
    }

    @Nested
    class Threads {

        @Test
        void areDaemonsWithNamesAndDoNotRestBetweenChecks() {
            int count = 50;
            List<ScriptedProbe> probes = new ArrayList<>();
            List<String> names = new ArrayList<>();
            AtomicInteger daemons = new AtomicInteger();
            ReadinessGate.Builder builder = rig.builder();
            for (int i = 0; i < count; i++) {
                ScriptedProbe each = new ScriptedProbe().does(() -> {
                    synchronized (names) {
                        names.add(Thread.currentThread().getName());
                    }
                    daemons.addAndGet(Thread.currentThread().isDaemon() ? 1 : 0);
                    return ProbeResult.up();
                });
                probes.add(each);
                builder.probe("probe-" + i, each);
            }
            ReadinessGate gate = rig.build(builder);
            eventually(() -> assertThat(gate.health().status()).isEqualTo(HealthReport.Status.HEALTHY));

            assertThat(daemons).hasValue(count);
            assertThat(names).contains("pratique-probe-probe-0", "pratique-probe-probe-49");
            eventually(() -> assertThat(probes)
                    .allSatisfy(each -> assertThat(each.threads()).noneMatch(Thread::isAlive)));
        }
    }
}
