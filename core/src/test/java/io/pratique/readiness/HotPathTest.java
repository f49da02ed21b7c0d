package io.pratique.readiness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.ThreadMXBean;
import io.pratique.flags.FlagClient;
import io.pratique.flags.spi.FlagSet;
import java.lang.management.ManagementFactory;
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
        ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
        try (FlagClient flags = flags();
                ReadinessGate gate = builder(flags).build()) {
            await().until(() -> gate.health().ready());
            int warm = ask(gate, job);
            long self = Thread.currentThread().getId();
            long before = threads.getThreadAllocatedBytes(self);
            int yes = ask(gate, job);
            long allocated = threads.getThreadAllocatedBytes(self) - before;

            assertThat(yes).isEqualTo(warm).isEqualTo(job.equals("off") ? 0 : CALLS);
            // The reading itself may cost a few bytes, a call that allocates would cost megabytes.
            assertThat(allocated).isLessThan(CALLS);
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
