package io.pratique.readiness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pratique.flags.FlagClient;
import io.pratique.readiness.ScriptedProbe.Hold;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is published is what was heard last, however many speak at once. */
@Tag("R-3")
@Tag("R-7")
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class PublicationTest {

    private static final int DEPENDENCIES = 4;
    /** Others that nobody reports on make a verdict take longer, and more jobs make more chances to get one wrong. */
    private static final int QUIET = 60;

    private static final int JOBS = 60;
    private static final int ROUNDS = 1_500;
    private static final ProbeSettings SENSITIVE = ProbeSettings.defaults()
            .interval(Duration.ofHours(1))
            .failureThreshold(1)
            .successThreshold(1);

    private final FlagClient flags = FlagClient.builder().build();
    private final ExecutorService callers = Executors.newFixedThreadPool(DEPENDENCIES);

    @AfterEach
    void close() throws InterruptedException {
        flags.close();
        callers.shutdownNow();
        assertThat(callers.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    /** Each thread reports on a dependency of its own; whoever publishes an older view last leaves a wrong verdict. */
    @Test
    void theVerdictIsThatOfTheLastReadings() throws Exception {
        ReadinessGate.Builder builder = ReadinessGate.builder().flags(flags);
        String[] names = new String[DEPENDENCIES + QUIET];
        for (int i = 0; i < names.length; i++) {
            names[i] = "dependency-" + i;
            builder.probe(names[i], ProbeResult::up, SENSITIVE);
        }
        for (int i = 0; i < JOBS; i++) {
            builder.job("job-" + i, names);
        }
        try (ReadinessGate gate = builder.build()) {
            await().until(() -> gate.health().ready());
            CyclicBarrier start = new CyclicBarrier(DEPENDENCIES);
            for (int round = 0; round < ROUNDS; round++) {
                List<Future<Boolean>> ends = new ArrayList<>();
                for (int i = 0; i < DEPENDENCIES; i++) {
                    DependencyHandle handle = gate.dependency(names[i]);
                    SplittableRandom random = new SplittableRandom(round * 31L + i);
                    ends.add(callers.submit(() -> {
                        start.await();
                        return report(handle, random);
                    }));
                }
                boolean all = true;
                for (Future<Boolean> end : ends) {
                    all &= end.get();
                }
                // Asked first, and alone: decide() would set a wrong one right.
                List<Boolean> published = IntStream.range(0, JOBS)
                        .mapToObj(job -> gate.shouldRun("job-" + job))
                        .toList();
                assertThat(published).containsOnly(all);
            }
        }
    }

    /** Mostly works in the end, so that both verdicts occur. */
    private static boolean report(DependencyHandle handle, SplittableRandom random) {
        boolean works = true;
        for (int i = 0; i < 4; i++) {
            works = random.nextInt(6) > 0;
            if (works) {
                handle.success();
            } else {
                handle.failure(new ConnectException("refused"));
            }
        }
        return works;
    }

    /** The timer of a clock that is not the machine's looks again only after a while; whoever asks need not wait for it. */
    @Test
    void whatIsAskedAtANewTimeIsOfThatTime() {
        Instant start = Instant.parse("2026-03-01T10:00:00Z");
        for (int round = 0; round < 200; round++) {
            AtomicReference<Instant> clock = new AtomicReference<>(start);
            Hold hold = new Hold();
            try (ReadinessGate gate = ReadinessGate.builder()
                    .flags(flags)
                    .clock(clock::get)
                    .probe("database", hold::pass, SENSITIVE.timeout(Duration.ofHours(9)))
                    .always("database")
                    .build()) {
                assertThat(gate.decide("job").reason()).isEqualTo(DecisionReason.DEPENDENCY_PENDING);
                clock.set(start.plusSeconds(30));
                assertThat(gate.decide("job").reason()).isEqualTo(DecisionReason.FAIL_OPEN);
                assertThat(gate.shouldRun("job")).isTrue();
            }
        }
    }

    /**
     * A tick that comes while an answer is being heard is not lost: as the clock then stands still, none would follow. The
     * clock itself makes the next check due when the thread of the first one reads it after the check, for the first,
     * second or third time.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    @Tag("R-4")
    void aCheckThatIsDueWhileTheAnswerBeforeIsHeardIsMade(int reading) throws InterruptedException {
        CountDownLatch second = new CountDownLatch(2);
        AtomicReference<Thread> checked = new AtomicReference<>();
        Probe probe = () -> {
            second.countDown();
            checked.compareAndSet(null, Thread.currentThread());
            return ProbeResult.up();
        };
        AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
        AtomicInteger readings = new AtomicInteger();
        CountDownLatch timerIsThere = new CountDownLatch(5);
        InstantSource clock = () -> {
            if (Thread.currentThread() == checked.get() && readings.incrementAndGet() == reading) {
                now.updateAndGet(instant -> instant.plus(Duration.ofMinutes(73)));
                // Where this thread holds what the timer needs, the timer comes a moment later, just as well.
                awaitAtMost(timerIsThere, Duration.ofMillis(200));
            } else if (readings.get() >= reading && Thread.currentThread() != checked.get()) {
                timerIsThere.countDown();
            }
            return now.get();
        };
        try (ReadinessGate gate = ReadinessGate.builder()
                .flags(flags)
                .clock(clock)
                .probe("database", probe, SENSITIVE)
                .build()) {
            assertThat(second.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static void awaitAtMost(CountDownLatch latch, Duration patience) {
        try {
            boolean unused = latch.await(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
