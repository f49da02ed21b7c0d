package io.pratique.readiness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.pratique.flags.CapturedLog;
import io.pratique.flags.FlagClient;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** Probes and settings that nobody would write on purpose. */
@Tag("R-3")
@Tag("R-4")
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class HostileProbeTest {

    private static final ProbeSettings OFTEN = ProbeSettings.defaults().interval(Duration.ofMillis(5));

    private final FlagClient flags = FlagClient.builder().build();
    private final AtomicReference<ProbeResult> result = new AtomicReference<>(ProbeResult.up());

    @AfterEach
    void close() {
        flags.close();
    }

    private ReadinessGate gate(Probe probe, ProbeSettings settings) {
        return ReadinessGate.builder()
                .flags(flags)
                .probe("database", probe, settings)
                .always("database")
                .build();
    }

    private static void becomes(ReadinessGate gate, Outcome outcome) {
        await().pollInterval(Duration.ofMillis(1)).until(() -> only(gate).outcome() == outcome);
    }

    private static HealthReport.Check only(ReadinessGate gate) {
        return gate.health().checks().get(0);
    }

    private static final class Unreadable extends RuntimeException {
        @Override
        public synchronized Throwable getCause() {
            throw new IllegalStateException("no cause for you");
        }

        @Override
        public String getMessage() {
            throw new StackOverflowError();
        }
    }

    @Test
    void anExceptionThatCannotBeReadIsABrokenCheckAndTheNextOneIsMade() {
        AtomicInteger checks = new AtomicInteger();
        try (ReadinessGate gate = gate(
                () -> {
                    if (checks.incrementAndGet() < 3) {
                        throw new Unreadable();
                    }
                    return result.get();
                },
                OFTEN)) {
            becomes(gate, Outcome.UP);
        }
    }

    @Test
    void aDownWithoutAWordIsDown() {
        result.set(ProbeResult.down(new IllegalStateException().getMessage()));
        try (ReadinessGate gate = gate(result::get, OFTEN)) {
            becomes(gate, Outcome.DOWN);
            assertThat(gate.shouldRun("job")).isFalse();
        }
    }

    @Test
    void aDetailOfManyLinesIsOneLineEverywhere() {
        String forged = "x\r\n2026-01-01 ERROR forged\u2028\u0085line" + "y".repeat(5_000);
        result.set(ProbeResult.down(forged));
        try (CapturedLog log = GateRig.capturedLog();
                ReadinessGate gate = gate(result::get, OFTEN)) {
            becomes(gate, Outcome.DOWN);
            await().until(() -> !log.messages(Level.WARN).isEmpty());

            assertThat(gate.explain("a\njob").lines()).hasSize(1);
            assertThat(gate.explain("a\njob").length()).isLessThan(1_000);
            assertThat(String.valueOf(gate.decide("a\njob")).lines()).hasSize(1);
            assertThat(log.messages(Level.WARN))
                    .allSatisfy(line -> assertThat(line).doesNotContain("\n", "\r", "\u2028", "\u0085"));
        }
    }

    @Test
    void aNameOfManyLinesIsOneLineInTheLog() {
        try (CapturedLog log = GateRig.capturedLog();
                ReadinessGate gate = ReadinessGate.builder()
                        .flags(flags)
                        .probe("data\r\nbase", () -> ProbeResult.down("away"))
                        .job("job", "data\r\nbase")
                        .build()) {
            gate.wrap("job", () -> {}).run();

            await().untilAsserted(() -> assertThat(log.messages(Level.INFO))
                    .contains("Job job is skipped: DEPENDENCY_DOWN data\\u000D\\u000Abase"));
            assertThat(log.events())
                    .allSatisfy(event ->
                            assertThat(String.valueOf(event.getKeyValuePairs())).doesNotContainPattern("\\R"));
        }
    }

    @Test
    void aDependencyThatIsDownNowThisWayNowThatIsReportedOnce() {
        CompletableFuture<ProbeResult> stubborn = new CompletableFuture<>();
        try (CapturedLog log = GateRig.capturedLog();
                // join() is deaf to interrupts.
                ReadinessGate gate = gate(stubborn::join, OFTEN.timeout(Duration.ofMillis(500)))) {
            becomes(gate, Outcome.TIMEOUT);
            Instant since = only(gate).since();
            for (int i = 0; i < 10; i++) {
                gate.dependency("database").failure(new ConnectException("refused"));
                becomes(gate, Outcome.TIMEOUT);
            }
            stubborn.complete(ProbeResult.up());

            assertThat(only(gate).since()).isEqualTo(since);
            await().untilAsserted(() ->
                    assertThat(log.events(Level.WARN, "dependency", "database")).hasSize(1));
        }
    }

    @Test
    void withoutAThreadItRunsAndSaysSo() {
        try (CapturedLog log = GateRig.capturedLog();
                ReadinessGate gate = ReadinessGate.builder()
                        .flags(flags)
                        .threadFactory(work -> {
                            throw new RejectedExecutionException("no threads left");
                        })
                        .probe("database", result::get, OFTEN)
                        .always("database")
                        .build()) {
            GateDecision decision = gate.decide("job");

            assertThat(decision.run()).isTrue();
            assertThat(decision.reason()).isEqualTo(DecisionReason.FAIL_OPEN);
            assertThat(gate.health().ready()).isTrue();
            assertThat(gate.health().status()).isEqualTo(HealthReport.Status.DEGRADED);
            assertThat(gate.health().checks()).singleElement().satisfies(check -> {
                assertThat(check.outcome()).isEqualTo(Outcome.TIMEOUT);
                assertThat(check.down()).isFalse();
            });
            await().untilAsserted(() -> assertThat(log.events(Level.WARN, "dependency", "database"))
                    .singleElement()
                    .satisfies(event ->
                            assertThat(CapturedLog.value(event, "reason")).isEqualTo("check-not-started")));
        }
    }

    @Test
    void anIntervalOfAnEternityIsAsGoodAsNever() {
        try (ReadinessGate gate = gate(result::get, OFTEN.interval(Duration.ofSeconds(Long.MAX_VALUE)))) {
            becomes(gate, Outcome.UP);
            assertThat(gate.decide("job").reason()).isEqualTo(DecisionReason.READY);
        }
    }

    @Test
    void nothingIsRefusedWithAWord() {
        ReadinessGate.Builder builder = ReadinessGate.builder();
        assertThatIllegalArgumentException().isThrownBy(() -> builder.probe("database", null));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.probe("database", result::get, null));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.job((Job) null));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.jobs(null));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.flags(null));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.clock(null));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.always((String[]) null));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.job("job", (String[]) null));
        try (ReadinessGate gate = builder.flags(flags).build()) {
            assertThatIllegalArgumentException().isThrownBy(() -> gate.wrap("job", null));
            assertThatIllegalArgumentException().isThrownBy(() -> gate.wrapCallable("job", null));
            assertThatIllegalArgumentException().isThrownBy(() -> gate.drain(null));
        }
    }
}
