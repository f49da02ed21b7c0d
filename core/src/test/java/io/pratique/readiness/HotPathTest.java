package io.pratique.readiness;

import static io.pratique.flags.Allocation.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pratique.flags.FlagClient;
import io.pratique.flags.spi.FlagSet;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code shouldRun} does not do. */
@Tag("R-2")
class HotPathTest {

    private static final int CALLS = 200_000;

    private static FlagClient flags() {
        return FlagClient.builder()
                .source(() -> FlagSet.of(Map.of("off", "off", "cleanup", "on")))
                .build();
    }

    private static ReadinessGate.Builder builder(FlagClient flags) {
        return ReadinessGate.builder()
                .flags(flags)
                .probe("database", ProbeResult::up, ProbeSettings.defaults().interval(Duration.ofHours(1)))
                .always("database")
                .job(Job.of("cleanup-runner").flag("cleanup"))
                .job(Job.of("destructive").flag("cleanup").destructive())
                .job("off");
    }

    private static int ask(ReadinessGate gate, String job) {
        int yes = 0;
        for (int i = 0; i < CALLS; i++) {
            yes += gate.shouldRun(job) ? 1 : 0;
        }
        return yes;
    }

    @ParameterizedTest
    @ValueSource(strings = {"cleanup-runner", "destructive", "off", "nobody-declared-me"})
    void itAllocatesNothing(String job) {
        try (FlagClient flags = flags();
                ReadinessGate gate = builder(flags).build()) {
            await().until(() -> gate.health().ready());

            assertThat(gate.shouldRun(job)).isEqualTo(!job.equals("off"));
            assertThat(bytes(() -> gate.shouldRun(job))).isZero();
            String other = new String(job.toCharArray());
            assertThat(bytes(() -> gate.shouldRun(other))).isZero();
        }
    }

    @Test
    void itAllocatesNothingWhileADependencyIsDown() {
        try (FlagClient flags = flags();
                ReadinessGate gate = ReadinessGate.builder()
                        .flags(flags)
                        .probe("database", () -> ProbeResult.down("refused"))
                        .always("database")
                        .job("cleanup")
                        .build()) {
            await().until(() -> gate.decide("cleanup").reason() == DecisionReason.DEPENDENCY_DOWN);

            assertThat(bytes(() -> gate.shouldRun("cleanup"))).isZero();
        }
    }

    @Test
    void itReadsNoClock() {
        AtomicLong reads = new AtomicLong();
        Thread caller = Thread.currentThread();
        try (FlagClient flags = flags();
                ReadinessGate gate = builder(flags)
                        .clock(() -> {
                            if (Thread.currentThread() == caller) {
                                reads.incrementAndGet();
                            }
                            return Instant.EPOCH;
                        })
                        .build()) {
            await().until(() -> gate.health().ready());
            long before = reads.get();
            int yes = ask(gate, "cleanup-runner");

            assertThat(yes).isEqualTo(CALLS);
            assertThat(reads).hasValue(before);
        }
    }
}
