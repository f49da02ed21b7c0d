package io.pratique.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pratique.flags.CapturedLog;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimelineTest {

    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
    private static final Duration ETERNITY = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);

    private final AtomicReference<Instant> clock = new AtomicReference<>(START);
    private final List<String> done = new CopyOnWriteArrayList<>();
    private final List<Timeline> opened = new ArrayList<>();
    private final CapturedLog log = CapturedLog.of(Timeline.class);

    @AfterEach
    void close() {
        opened.forEach(Timeline::close);
        log.close();
    }

    private Timeline timeline(InstantSource source) {
        Timeline timeline = new Timeline("timeline-under-test", source);
        opened.add(timeline);
        return timeline;
    }

    private Timeline manual() {
        return timeline(clock::get);
    }

    private Timeline machine() {
        return timeline(null);
    }

    private void advance(Duration by) {
        clock.updateAndGet(now -> now.plus(by));
    }

    /** Waits until everything due on a timeline has been done, by a task that is due after all of it. */
    private static void awaitTurn(Timeline timeline) throws InterruptedException {
        CountDownLatch turn = new CountDownLatch(1);
        timeline.after(Duration.ZERO, turn::countDown);
        assertThat(turn.await(30, TimeUnit.SECONDS)).isTrue();
    }

    private void awaitDone(String... tasks) {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(2))
                .untilAsserted(() -> assertThat(done).containsExactly(tasks));
    }

    @Nested
    class WithTheCallersClock {

        @Test
        void nothingIsDoneBeforeItsTime() throws InterruptedException {
            Timeline timeline = manual();
            timeline.after(Duration.ofSeconds(10), () -> done.add("late"));

            advance(Duration.ofSeconds(9));
            awaitTurn(timeline);
            assertThat(done).isEmpty();

            advance(Duration.ofSeconds(1));
            awaitDone("late");
        }

        @Test
        void tasksAreDoneInTheOrderOfTheirTimesAndThenOfTheirComing() {
            Timeline timeline = manual();
            timeline.after(Duration.ofSeconds(3), () -> done.add("third"));
            timeline.after(Duration.ofSeconds(1), () -> done.add("first"));
            timeline.after(Duration.ofSeconds(2), () -> done.add("second"));
            timeline.after(Duration.ofSeconds(2), () -> done.add("second, asked later"));

            advance(Duration.ofHours(1));
            awaitDone("first", "second", "second, asked later", "third");
        }

        @Test
        void bothReadingsComeFromIt() {
            Timeline timeline = manual();
            advance(Duration.ofMinutes(7));

            assertThat(timeline.nanos()).isEqualTo(TimeUnit.MINUTES.toNanos(7));
            assertThat(timeline.instant()).isEqualTo(START.plus(Duration.ofMinutes(7)));
        }

        @Test
        void setBackItDelaysWhatIsStillToCome() throws InterruptedException {
            Timeline timeline = manual();
            timeline.after(Duration.ofSeconds(10), () -> done.add("late"));

            advance(Duration.ofHours(-1));
            awaitTurn(timeline);
            advance(Duration.ofSeconds(20));
            awaitTurn(timeline);
            assertThat(done).isEmpty();

            advance(Duration.ofHours(1));
            awaitDone("late");
        }

        @Test
        void whileItThrowsTimeStandsStillAndNobodyElseThrows() throws InterruptedException {
            AtomicReference<InstantSource> broken = new AtomicReference<>(clock::get);
            Timeline timeline = timeline(() -> broken.get().instant());
            timeline.after(Duration.ofSeconds(10), () -> done.add("late"));
            advance(Duration.ofSeconds(4));
            assertThat(timeline.nanos()).isEqualTo(TimeUnit.SECONDS.toNanos(4));

            broken.set(() -> {
                throw new IllegalStateException("no time today");
            });
            advance(Duration.ofSeconds(60));
            assertThat(timeline.nanos()).isEqualTo(TimeUnit.SECONDS.toNanos(4));
            assertThat(timeline.instant()).isEqualTo(START.plusSeconds(4));
            awaitTurn(timeline);
            assertThat(done).isEmpty();

            broken.set(() -> null);
            assertThat(timeline.instant()).isEqualTo(START.plusSeconds(4));

            broken.set(clock::get);
            awaitDone("late");
        }
    }

    @Nested
    class WithTheMachinesClocks {

        @Test
        void aTaskIsDoneAfterItsDelay() throws InterruptedException {
            Timeline timeline = machine();
            CountDownLatch later = new CountDownLatch(1);
            long asked = timeline.nanos();
            AtomicReference<Long> at = new AtomicReference<>();
            timeline.after(Duration.ofMillis(20), () -> {
                at.set(timeline.nanos());
                later.countDown();
            });

            assertThat(later.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(at.get() - asked).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(20));
        }

        @Test
        void anEarlierTaskOvertakesTheOneThatIsWaitedFor() {
            Timeline timeline = machine();
            timeline.after(Duration.ofDays(1), () -> done.add("tomorrow"));
            timeline.after(Duration.ofMillis(1), () -> done.add("now"));

            awaitDone("now");
        }

        @Test
        void aMomentThatHasPassedIsDueAtOnce() {
            machine().at(-5, () -> done.add("overdue"));

            awaitDone("overdue");
        }
    }

    @Nested
    class Tasks {

        @Test
        void oneThatIsCancelledIsNotDone() throws InterruptedException {
            Timeline timeline = manual();
            Timeline.Alarm cancelled = timeline.after(Duration.ofSeconds(1), () -> done.add("cancelled"));
            timeline.after(Duration.ofSeconds(1), () -> done.add("kept"));
            cancelled.cancel();

            advance(Duration.ofSeconds(2));
            awaitTurn(timeline);
            assertThat(done).containsExactly("kept");
            cancelled.cancel();
        }

        @Test
        void oneThatThrowsHarmsNoOther() {
            Timeline timeline = machine();
            timeline.after(Duration.ZERO, () -> {
                throw new IllegalStateException("on purpose");
            });
            timeline.after(Duration.ZERO, () -> {
                throw new StackOverflowError("on purpose");
            });
            timeline.after(Duration.ofMillis(1), () -> done.add("next"));

            awaitDone("next");
        }

        @Test
        void oneThatInterruptsTheThreadHarmsNoOther() {
            Timeline timeline = machine();
            timeline.after(Duration.ZERO, () -> Thread.currentThread().interrupt());
            timeline.after(Duration.ofMillis(5), () -> done.add("next"));

            awaitDone("next");
        }

        @Test
        void oneMayAskForAnother() {
            Timeline timeline = machine();
            timeline.after(Duration.ZERO, () -> timeline.after(Duration.ZERO, () -> done.add("child")));

            awaitDone("child");
        }

        @Test
        void theyRunOnANamedDaemonThread() {
            machine().after(Duration.ZERO, () -> {
                Thread thread = Thread.currentThread();
                done.add(thread.getName() + ", daemon " + thread.isDaemon());
            });

            awaitDone("timeline-under-test, daemon true");
        }
    }

    @Nested
    class Closing {

        @Test
        void endsTheThreadAndDropsWhatWasNotDue() throws InterruptedException {
            Timeline timeline = machine();
            AtomicReference<Thread> thread = new AtomicReference<>();
            timeline.after(Duration.ZERO, () -> thread.set(Thread.currentThread()));
            timeline.after(Duration.ofDays(1), () -> done.add("never"));
            awaitTurn(timeline);

            timeline.close();
            timeline.close();

            thread.get().join(30_000);
            assertThat(thread.get().isAlive()).isFalse();
            assertThat(done).isEmpty();
        }

        @Test
        void aTaskAskedForAfterwardsIsNeverDone() throws InterruptedException {
            Timeline closed = manual();
            AtomicReference<Thread> thread = new AtomicReference<>();
            closed.after(Duration.ZERO, () -> thread.set(Thread.currentThread()));
            awaitTurn(closed);
            closed.close();
            closed.after(Duration.ZERO, () -> done.add("too late")).cancel();
            closed.after(Duration.ZERO, () -> done.add("too late"));

            thread.get().join(30_000);
            assertThat(done).isEmpty();
        }
    }

    @Nested
    class HugeDurations {

        @Test
        void areCutToACentury() {
            long century = TimeUnit.DAYS.toNanos(36_500);

            assertThat(Timeline.nanos(ETERNITY)).isEqualTo(century);
            assertThat(Timeline.nanos(ETERNITY.negated())).isEqualTo(-century);
            assertThat(Timeline.nanos(Duration.ofDays(36_501))).isEqualTo(century);
            assertThat(Timeline.nanos(Duration.ofDays(36_499))).isEqualTo(TimeUnit.DAYS.toNanos(36_499));
            assertThat(Timeline.nanos(Duration.ofNanos(-7))).isEqualTo(-7);
        }

        @Test
        void neverComeDueByOverflowNotEvenWithAClockThatIsCenturiesBack() throws InterruptedException {
            Timeline timeline = manual();
            timeline.at(2 * Timeline.nanos(ETERNITY), () -> done.add("in two centuries"));
            timeline.at(Timeline.NEVER, () -> done.add("never"));
            awaitTurn(timeline);
            clock.set(Instant.MIN);
            awaitTurn(timeline);
            awaitTurn(timeline);
            assertThat(done).isEmpty();

            clock.set(START);
            timeline.after(ETERNITY, () -> done.add("in a century"));
            clock.set(START.plus(Duration.ofDays(36_501)));
            awaitDone("in a century");
        }
    }

    @Nested
    class Settings {

        @ParameterizedTest
        @ValueSource(strings = {"PT0S", "PT-1S"})
        void thatAreNoLengthOfTimeAreRefused(Duration refused) {
            assertThatThrownBy(() -> Timeline.requirePositive("interval", refused))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("interval", "\"" + refused + "\"", "positive");
        }

        @Test
        void thatAreMissingAreRefused() {
            assertThatThrownBy(() -> Timeline.requirePositive("interval", null))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("interval");
        }

        @Test
        void thatArePositiveAreTakenAsTheyAre() {
            assertThat(Timeline.requirePositive("interval", Duration.ofNanos(1)))
                    .isEqualTo(Duration.ofNanos(1));
        }
    }
}
