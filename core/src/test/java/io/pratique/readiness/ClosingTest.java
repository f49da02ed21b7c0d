package io.pratique.readiness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pratique.flags.FlagClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** The order in which a drain ends things. */
@Tag("R-8")
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class ClosingTest {

    private static final Duration AMPLE = Duration.ofMinutes(5);

    private final FlagClient flags = FlagClient.builder().build();
    private final ConcurrentLinkedQueue<String> events = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        flags.close();
    }

    private ReadinessGate.Builder builder() {
        return ReadinessGate.builder().flags(flags);
    }

    private Thread longRun(ReadinessGate gate, CountDownLatch end) throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        Thread run = new Thread(gate.wrap("long", () -> {
            running.countDown();
            try {
                end.await();
                events.add("run ended");
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }));
        run.start();
        running.await();
        return run;
    }

    @Test
    void anInterruptedDrainStillWaitsForRunsAndClosesOneAfterTheOther() throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        try (ReadinessGate gate = builder()
                .closing(
                        "first",
                        () -> {
                            events.add("first begins");
                            events.add("first ends");
                        },
                        AMPLE)
                .closing("second", () -> events.add("second"), AMPLE)
                .build()) {
            Thread run = longRun(gate, end);
            AtomicBoolean interrupted = new AtomicBoolean();
            CompletableFuture<Boolean> outcome = new CompletableFuture<>();
            Thread draining = new Thread(() -> {
                Thread.currentThread().interrupt();
                outcome.complete(gate.drain(AMPLE));
                interrupted.set(Thread.interrupted());
            });
            draining.start();
            await().until(() -> gate.health().draining());
            draining.interrupt();
            assertThat(gate.health().ready()).isFalse();
            assertThat(events).isEmpty();
            end.countDown();
            draining.join();
            run.join();

            assertThat(outcome).isCompletedWithValue(true);
            assertThat(interrupted).isTrue();
            assertThat(events).containsExactly("run ended", "first begins", "first ends", "second");
        }
    }

    @Test
    void oneThatHangsIsInterruptedAndOneThatFailsIsPassedOver() {
        CountDownLatch interrupted = new CountDownLatch(1);
        try (ReadinessGate gate = builder()
                .closing(
                        "hangs",
                        () -> {
                            try {
                                new CountDownLatch(1).await();
                            } catch (InterruptedException e) {
                                interrupted.countDown();
                            }
                        },
                        Duration.ofMillis(20))
                .closing(
                        "fails",
                        () -> {
                            throw new AssertionError("will not close");
                        },
                        AMPLE)
                .closing("last", () -> events.add("last"), AMPLE)
                .build()) {
            assertThat(gate.drain(AMPLE)).isFalse();

            assertThat(events).containsExactly("last");
            await().until(() -> interrupted.getCount() == 0);
        }
    }

    @Test
    void nothingIsProbedAnyMoreOnceResourcesClose() {
        AtomicInteger checks = new AtomicInteger();
        AtomicInteger atClose = new AtomicInteger(-1);
        AtomicInteger later = new AtomicInteger(-1);
        try (ReadinessGate gate = builder()
                .probe(
                        "database",
                        () -> {
                            checks.incrementAndGet();
                            return ProbeResult.up();
                        },
                        ProbeSettings.defaults().interval(Duration.ofMillis(1)))
                .closing("first", () -> atClose.set(checks.get()), AMPLE)
                .closing("pause", () -> new CountDownLatch(1).await(), Duration.ofMillis(100))
                .closing("second", () -> later.set(checks.get()), AMPLE)
                .build()) {
            await().until(() -> checks.get() > 3);
            gate.drain(AMPLE);

            // One check may have been between its start and its count.
            assertThat(later.get() - atClose.get()).isBetween(0, 1);
        }
    }

    @Test
    void aSecondDrainGetsTheOutcomeOfTheFirst() throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        try (ReadinessGate gate =
                builder().closing("counted", () -> events.add("closed"), AMPLE).build()) {
            Thread run = longRun(gate, end);
            List<CompletableFuture<Boolean>> outcomes = IntStream.range(0, 8)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> gate.drain(i == 0 ? AMPLE : AMPLE.plusSeconds(i)), task -> new Thread(task).start()))
                    .toList();
            await().until(() -> gate.health().draining());
            end.countDown();

            assertThat(outcomes)
                    .allSatisfy(outcome -> assertThat(outcome.join()).isTrue());
            run.join();
            assertThat(events).containsExactly("run ended", "closed");
        }
    }

    /** A run is either waited for, or does not begin: whoever counts it in after looking loses some. */
    @Test
    void noRunBeginsAfterTheResourcesAreClosed() throws Exception {
        for (int round = 0; round < 200; round++) {
            AtomicBoolean closed = new AtomicBoolean();
            AtomicBoolean ranTooLate = new AtomicBoolean();
            CyclicBarrier start = new CyclicBarrier(5);
            try (ReadinessGate gate =
                    builder().closing("resource", () -> closed.set(true), AMPLE).build()) {
                Runnable job = gate.wrap("job", () -> ranTooLate.compareAndSet(false, closed.get()));
                List<Thread> runners = IntStream.range(0, 4)
                        .mapToObj(i -> new Thread(() -> {
                            meet(start);
                            for (int n = 0; n < 50; n++) {
                                job.run();
                            }
                        }))
                        .toList();
                runners.forEach(Thread::start);
                meet(start);
                assertThat(gate.drain(AMPLE)).isTrue();
                for (Thread runner : runners) {
                    runner.join();
                }
                assertThat(ranTooLate).isFalse();
            }
        }
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
