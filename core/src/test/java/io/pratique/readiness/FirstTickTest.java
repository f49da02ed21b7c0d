package io.pratique.readiness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pratique.flags.FlagClient;
import io.pratique.flags.spi.FlagSet;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** A wrapped task that comes before the first result. */
@Tag("R-2")
@Tag("R-3")
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class FirstTickTest {

    private static final Duration LONG = Duration.ofMinutes(10);

    private final FlagClient flags =
            FlagClient.builder().source(() -> FlagSet.of(Map.of("off", "off"))).build();
    private final CountDownLatch never = new CountDownLatch(1);

    @AfterEach
    void close() {
        flags.close();
    }

    private ReadinessGate.Builder builder() {
        return ReadinessGate.builder().flags(flags);
    }

    private ProbeResult hang() throws InterruptedException {
        never.await();
        return ProbeResult.up();
    }

    /** Whoever lets the task go before the verdict is published skips the first tick of some of these. */
    @Test
    void runsAtItsFirstTickOnceTheFirstResultIsThere() {
        int gates = 1_000;
        AtomicInteger runs = new AtomicInteger();
        for (int i = 0; i < gates; i++) {
            try (ReadinessGate gate = builder()
                    .probe("database", ProbeResult::up)
                    .probe("storage", ProbeResult::up)
                    .always("database")
                    .job("cleanup", "storage")
                    .build()) {
                gate.wrap("cleanup", runs::incrementAndGet).run();
            }
        }

        assertThat(runs).hasValue(gates);
    }

    @Test
    void doesNotWaitIfItsFlagIsOff() {
        AtomicInteger runs = new AtomicInteger();
        try (ReadinessGate gate = builder()
                .probe("database", this::hang, ProbeSettings.defaults().timeout(LONG))
                .always("database")
                .job("off")
                .build()) {
            gate.wrap("off", runs::incrementAndGet).run();

            assertThat(runs).hasValue(0);
            assertThat(gate.decide("off").reason()).isEqualTo(DecisionReason.FLAG_OFF);
        }
    }

    @Test
    void doesNotWaitForOneDependencyIfAnotherIsDown() {
        AtomicInteger runs = new AtomicInteger();
        try (ReadinessGate gate = builder()
                .probe("database", this::hang, ProbeSettings.defaults().timeout(LONG))
                .probe("storage", () -> ProbeResult.down("gone"))
                .job("cleanup", "database", "storage")
                .build()) {
            await().until(() -> gate.decide("cleanup").reason() == DecisionReason.DEPENDENCY_DOWN);
            gate.wrap("cleanup", runs::incrementAndGet).run();

            assertThat(runs).hasValue(0);
        }
    }

    @Test
    void waitsNoLongerThanTheProbesTimeoutAlthoughTheClockStandsStill() {
        AtomicReference<Instant> clock = new AtomicReference<>(Instant.EPOCH);
        AtomicInteger runs = new AtomicInteger();
        try (ReadinessGate gate = builder()
                .clock(clock::get)
                .probe("database", this::hang, ProbeSettings.defaults().timeout(Duration.ofMillis(50)))
                .always("database")
                .job("cleanup")
                .build()) {
            gate.wrap("cleanup", runs::incrementAndGet).run();

            assertThat(runs).hasValue(0);
            assertThat(gate.decide("cleanup").reason()).isEqualTo(DecisionReason.DEPENDENCY_PENDING);
        }
    }

    @Test
    void keepsAnInterruptForTheCallerAndDoesWhatTheGateSays() {
        AtomicInteger runs = new AtomicInteger();
        try (ReadinessGate gate = builder()
                .probe("database", this::hang, ProbeSettings.defaults().timeout(LONG))
                .always("database")
                .job("cleanup")
                .build()) {
            Thread.currentThread().interrupt();
            gate.wrap("cleanup", runs::incrementAndGet).run();

            assertThat(Thread.interrupted()).isTrue();
            assertThat(runs).hasValue(0);
        }
    }

    @Test
    void runsFromTheEndOfTheGraceAlthoughItsCheckHasNotEnded() {
        AtomicInteger runs = new AtomicInteger();
        try (ReadinessGate gate = builder()
                .startupGrace(Duration.ofMillis(50))
                .probe("database", this::hang, ProbeSettings.defaults().timeout(LONG))
                .always("database")
                .job("cleanup")
                .build()) {
            gate.wrap("cleanup", runs::incrementAndGet).run();

            assertThat(runs).hasValue(1);
            assertThat(gate.jobs()).singleElement().satisfies(job -> {
                assertThat(job.runs()).isEqualTo(1);
                assertThat(job.failOpenRuns()).isEqualTo(1);
            });
        }
    }
}
