package io.pratique.probes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pratique.probes.AnswerTable.Case;
import io.pratique.readiness.Outcome;
import io.pratique.readiness.Probe;
import io.pratique.readiness.ProbeResult;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("P-4")
class MachineProbesTest {

    static Stream<Case> answers() {
        return Stream.of(
                row("MemoryProbe", "less of the heap in use after a collection", Outcome.UP, () -> {
                    System.gc();
                    return MemoryProbe.heap().saturatedOver(100);
                }),
                row("MemoryProbe", "more in use than `saturatedOver(..)`, 95 % unless set", Outcome.SATURATED, () -> {
                    System.gc();
                    return MemoryProbe.heap().saturatedOver(0);
                }),
                row(
                        "CpuLoadProbe",
                        "lower load",
                        Outcome.UP,
                        () -> CpuLoadProbe.system().saturatedOver(100)),
                row("CpuLoadProbe", "higher load than `saturatedOver(..)`, 90 % unless set", Outcome.SATURATED, () -> {
                    CpuLoadProbe probe = CpuLoadProbe.process().saturatedOver(0);
                    return () -> await().atMost(AnswerTable.PATIENCE)
                            .until(() -> afterWork(probe), found -> found.outcome() == Outcome.SATURATED);
                }));
    }

    /** The platform looks at the load now and then only, so it may take a while until the work shows. */
    private static ProbeResult afterWork(CpuLoadProbe probe) {
        double work = 0;
        for (int i = 1; i < 1_000_000; i++) {
            work += Math.log(i);
        }
        assertThat(work).isPositive();
        return probe.check();
    }

    private static Case row(String probe, String answer, Outcome outcome, Callable<Probe> scene) {
        return new Case(probe, answer, outcome, scene);
    }

    @ParameterizedTest
    @MethodSource("answers")
    @Tag("R-3")
    void isTakenFor(Case each) throws Exception {
        each.verify();
    }

    @Test
    void isTakenForAsTheGuideSays() {
        AnswerTable.assertShown("MemoryProbe", answers().toList());
        AnswerTable.assertShown("CpuLoadProbe", answers().toList());
    }

    @Test
    void saysHowFullTheHeapIs() {
        System.gc();
        ProbeResult found = MemoryProbe.heap().saturatedOver(0).check();
        assertThat(found.detail()).matches("\\d+\\.\\d % of the heap in use");
    }

    @Test
    void refusesPercentagesThatAreNone() {
        assertThatThrownBy(() -> MemoryProbe.heap().saturatedOver(101)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CpuLoadProbe.system().saturatedOver(-1)).isInstanceOf(IllegalArgumentException.class);
    }
}
