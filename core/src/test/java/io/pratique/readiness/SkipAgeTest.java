package io.pratique.readiness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.pratique.flags.CapturedLog;
import io.pratique.flags.FlagClient;
import io.pratique.flags.spi.FlagSet;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** Jobs with a limit to how long they may go without a run. */
@Tag("R-6")
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class SkipAgeTest {

    private static final Duration LIMIT = Duration.ofHours(6);

    private final AtomicReference<Instant> clock = new AtomicReference<>(Instant.parse("2026-03-01T10:00:00Z"));
    private final FlagClient flags = FlagClient.builder()
            .source(() -> FlagSet.of(Map.of("stopped", "off")))
            .build();
    private final CapturedLog log = GateRig.capturedLog();
    private final ReadinessGate gate = ReadinessGate.builder()
            .flags(flags)
            .clock(clock::get)
            .job(Job.of("limited").maxSkipAge(LIMIT))
            .job(Job.of("stopped").maxSkipAge(LIMIT))
            .job(Job.of("elsewhere").maxSkipAge(LIMIT))
            .build();

    @AfterEach
    void close() {
        gate.close();
        flags.close();
        log.close();
    }

    private void advance(Duration by) {
        clock.updateAndGet(now -> now.plus(by));
    }

    private JobStatus status(String job) {
        return gate.jobs().stream()
                .filter(status -> status.job().equals(job))
                .findFirst()
                .orElseThrow();
    }

    private int warnings(String job) {
        return log.events(Level.WARN, "job", job).size();
    }

    @Test
    void areReportedOnceAndShowAsOverdueUntilTheyRun() {
        Runnable stopped = gate.wrap("stopped", () -> {});
        stopped.run();
        advance(LIMIT);
        await().until(() -> warnings("stopped") == 1);
        stopped.run();
        advance(LIMIT.multipliedBy(3));
        gate.wrap("limited", () -> {}).run();
        advance(LIMIT);
        // The later alarm of another job shows that an earlier one of this job would have been heard.
        await().until(() -> warnings("limited") == 1);

        assertThat(warnings("stopped")).isEqualTo(1);
        assertThat(status("stopped").overdue()).isTrue();
        assertThat(status("stopped").skips()).containsEntry(DecisionReason.FLAG_OFF, 2L);
    }

    @Test
    void areReportedAgainAfterARunBetween() {
        Runnable limited = gate.wrap("limited", () -> {});
        advance(LIMIT);
        await().until(() -> warnings("limited") == 1);
        limited.run();
        assertThat(status("limited").overdue()).isFalse();
        advance(LIMIT);
        await().until(() -> warnings("limited") == 2);

        assertThat(status("limited").overdue()).isTrue();
    }

    @Test
    void areNotMissedInAProcessThatOnlyDeclaresThem() {
        gate.wrap("stopped", () -> {}).run();
        advance(LIMIT.multipliedBy(2));
        await().until(() -> warnings("stopped") == 1);

        assertThat(warnings("elsewhere")).isZero();
        assertThat(status("elsewhere").overdue()).isFalse();
    }

    @Test
    void areNotMissedWhileTheyRunForLong() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Thread run = new Thread(gate.wrap("limited", () -> {
            running.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }));
        run.start();
        running.await();
        gate.wrap("stopped", () -> {}).run();
        advance(LIMIT.multipliedBy(2));
        await().until(() -> warnings("stopped") == 1);
        assertThat(warnings("limited")).isZero();
        assertThat(status("limited").running()).isEqualTo(1);

        end.countDown();
        run.join();
        advance(LIMIT);
        await().until(() -> warnings("limited") == 1);
        assertThat(status("limited").overdue()).isTrue();

        gate.wrap("limited", () -> {}).run();
        assertThat(status("limited").overdue()).isFalse();
        assertThat(status("limited").runs()).isEqualTo(2);
    }
}
