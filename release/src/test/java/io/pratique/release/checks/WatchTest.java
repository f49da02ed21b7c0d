package io.pratique.release.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pratique.release.ChangeState;
import io.pratique.release.InconclusiveException;
import io.pratique.release.Release;
import io.pratique.release.ReleaseOutcome;
import io.pratique.release.ReleaseReport;
import io.pratique.release.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a watch makes of what it sees. The last thing that it looks at moves its clock on by an interval. */
@Tag("S-8")
class WatchTest {

    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

    @TempDir
    private Path directory;

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final AtomicInteger looks = new AtomicInteger();
    private String file = "";

    /** What is seen at a number of seconds after the start. */
    @FunctionalInterface
    private interface Course {
        double at(long second) throws Exception;
    }

    private long second() {
        return Duration.between(START, now.get()).toSeconds();
    }

    /** A source whose reading takes an interval. */
    private SignalSource over(Course course) {
        return () -> {
            looks.incrementAndGet();
            try {
                return course.at(second());
            } finally {
                now.updateAndGet(time -> time.plus(INTERVAL));
            }
        };
    }

    private static Course always(double value) {
        return second -> value;
    }

    private static void failIf(boolean bad) {
        if (bad) {
            throw new IllegalStateException("status 503");
        }
    }

    private Trial trial(Watch watch) throws Exception {
        return Trial.of(directory, context -> {
            try {
                watch.clock(now::get).run(context);
            } finally {
                file = Files.readString(context.directory().resolve("watch.json"));
            }
        });
    }

    private Watch calm() {
        return Watch.release().health(context -> {}, Duration.ofMinutes(3)).p95(over(always(0.2)));
    }

    @Nested
    class OfAGoodRelease {

        @Test
        void looksEveryTenSecondsForTenMinutes() throws Exception {
            Trial trial = trial(calm().errorRate(() -> 0.01).backlog(() -> 12));

            assertThat(trial.thrown()).isNull();
            assertThat(second()).isBetween(600L, 620L);
            assertThat(looks).hasValueBetween(60, 62);
            assertThat(trial.told())
                    .startsWith("watched for PT10M")
                    .contains("health is good", "error rate is 0.01 (0.01 at most)", "backlog is 12 ", "p95 is 0.2 s ");
        }

        @Test
        void leavesWhatItHasSeenInAFile() throws Exception {
            trial(calm().errorRate(() -> 0.01).backlog(() -> 12));

            assertThat(file)
                    .matches("\\{\"healthy\":true,\"errorRate\":0.01,\"backlog\":12,\"p95Seconds\":0.2,"
                            + "\"at\":\"2030-01-01T00:10:[0-9]0Z\",\"trigger\":null}");
        }

        @Test
        void isAsLongAsItIsTold() throws Exception {
            trial(calm().period(Duration.ofMinutes(1)));

            assertThat(looks).hasValue(6);
        }

        /** Each look at this clock takes a second. */
        @Test
        void looksAsOftenAsItIsTold() throws Exception {
            Watch watch = Watch.release()
                    .backlog(looks::incrementAndGet)
                    .period(Duration.ofMinutes(1))
                    .interval(Duration.ofSeconds(20))
                    .clock(() -> now.getAndUpdate(time -> time.plusSeconds(1)));

            assertThat(Trial.of(directory, watch).thrown()).isNull();
            assertThat(looks).hasValue(4);
        }

        @Test
        void doesNotMindValuesAtTheirThresholds() throws Exception {
            Trial trial = trial(
                    Watch.release().errorRate(() -> 0.5).backlog(() -> 10_000).p95(over(always(10))));

            assertThat(trial.thrown()).isNull();
        }
    }

    @Nested
    class WhileHealthFails {

        private Watch watch(Course bad) {
            AtomicInteger asked = new AtomicInteger();
            return Watch.release()
                    .health(
                            context -> {
                                asked.incrementAndGet();
                                context.tell("asked");
                                failIf(bad.at(second()) > 0);
                            },
                            Duration.ofMinutes(3))
                    .p95(over(always(0.2)));
        }

        @Test
        void triggersAfterThreeMinutes() throws Exception {
            Trial trial = trial(watch(second -> second >= 60 ? 1 : 0));

            assertThat(trial.thrown())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("health has been bad for PT3M, threshold PT3M: ")
                    .hasMessageContaining("status 503");
            assertThat(second()).isEqualTo(250);
            assertThat(file).contains("\"healthy\":false", "\"p95Seconds\":0.2", "\"trigger\":\"healthy\"");
        }

        @Test
        void doesNotTriggerIfItRecoversInTime() throws Exception {
            Trial trial = trial(watch(second -> second % 180 == 0 ? 0 : 1));

            assertThat(trial.thrown()).isNull();
        }

        @Test
        void tellsOnlyWhenItTurns() throws Exception {
            Trial trial = trial(watch(second -> second >= 60 && second < 120 ? 1 : 0));

            assertThat(trial.told())
                    .startsWith("health is bad: ")
                    .containsOnlyOnce("health is bad")
                    .contains("; health is good; watched for")
                    .doesNotContain("asked");
        }

        @Test
        void goesOnBeyondItsTimeUntilThatIsDecided() throws Exception {
            assertThat(trial(watch(second -> second >= 540 ? 1 : 0)).thrown())
                    .hasMessageStartingWith("health has been bad for PT3M");
            assertThat(second()).isEqualTo(730);
        }

        @Test
        void endsAfterItsTimeOnceThatIsOver() throws Exception {
            assertThat(trial(watch(second -> second >= 540 && second < 660 ? 1 : 0))
                            .thrown())
                    .isNull();
            assertThat(second()).isEqualTo(670);
        }
    }

    @Nested
    class WhileAValueIsOverItsThreshold {

        @Test
        void triggersAtOnceUnlessTold() throws Exception {
            Trial trial = trial(Watch.release().errorRate(over(second -> second >= 60 ? 0.73 : 0.01)));

            assertThat(trial.thrown())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("error rate is 0.73, over the threshold 0.5, for PT0S");
            assertThat(second()).isEqualTo(70);
            assertThat(file).contains("\"errorRate\":0.73", "\"trigger\":\"errorRate\"");
        }

        @Test
        void toleratesItForAsLongAsTold() throws Exception {
            Trial trial = trial(Watch.release()
                    .overFor(Duration.ofSeconds(30))
                    .backlog(over(second -> second >= 60 && second != 80 ? 12_345 : 3)));

            assertThat(trial.thrown())
                    .hasMessage("backlog is 12345, over the threshold 10000, for PT30S of PT30S that are allowed");
            assertThat(second()).isEqualTo(130);
        }

        @Test
        void namesAllThatAre() throws Exception {
            Trial trial =
                    trial(Watch.release().backlog(() -> 10_001).p95(over(always(Double.POSITIVE_INFINITY)), INTERVAL));

            assertThat(trial.thrown())
                    .hasMessageContainingAll("backlog is 10001", "p95 is infinite s, over the threshold 10 s");
            assertThat(file).contains("\"p95Seconds\":null", "\"trigger\":\"backlog\"");
        }

        @Test
        void takesThresholdsAsTold() throws Exception {
            assertThat(trial(Watch.release().errorRate(over(always(0.2)), 0.1)).thrown())
                    .isNotNull();
            assertThat(trial(Watch.release().backlog(over(always(11)), 10)).thrown())
                    .isNotNull();
            assertThat(trial(Watch.release().p95(over(always(2)), Duration.ofSeconds(1)))
                            .thrown())
                    .isNotNull();
        }
    }

    @Nested
    class WhileValuesCannotBeRead {

        private double unreadable() throws IOException {
            throw new IOException("connection refused");
        }

        @Test
        void tellsOfItAndDoesNotTrigger() throws Exception {
            Trial trial = trial(calm().errorRate(this::unreadable));

            assertThat(trial.thrown()).isNull();
            assertThat(trial.told()).startsWith("error rate cannot be read: ").contains("connection refused");
            assertThat(file).contains("\"healthy\":true", "\"errorRate\":null");
        }

        @Test
        void doesNotTakeNoTrafficForAValue() throws Exception {
            Trial trial = trial(calm().errorRate(() -> Double.NaN));

            assertThat(trial.thrown()).isNull();
            assertThat(trial.told()).startsWith("error rate has no value");
        }

        @Test
        void cannotTellIfItHasSeenNothingAtAll() throws Exception {
            Trial trial = trial(Watch.release()
                    .health(
                            context -> {
                                throw new InconclusiveException("the check is broken");
                            },
                            Duration.ZERO)
                    .errorRate(() -> Double.NaN)
                    .p95(over(second -> unreadable())));

            assertThat(trial.thrown())
                    .isInstanceOf(InconclusiveException.class)
                    .hasMessageContainingAll("PT10M", "the check is broken", "has no value", "connection refused");
            assertThat(file).startsWith("{\"healthy\":null,\"errorRate\":null,\"backlog\":null,\"p95Seconds\":null,");
        }

        @Test
        void holdsOnToEvidenceForThreeIntervals() throws Exception {
            Course held = second -> second < 30 || second >= 60 ? 20_000 : unreadable();
            Course forgotten = second -> second < 30 || second == 70 ? 20_000 : second < 70 ? unreadable() : 1;

            assertThat(trial(Watch.release().overFor(Duration.ofMinutes(1)).backlog(over(held)))
                            .thrown())
                    .hasMessageContaining("for PT1M");
            assertThat(second()).isEqualTo(70);
            now.set(START);
            assertThat(trial(Watch.release().overFor(Duration.ofMinutes(1)).backlog(over(forgotten)))
                            .thrown())
                    .isNull();
        }

        @Test
        void tellsOfNoMoreTurnsThanAJournalHolds() throws Exception {
            Trial trial = trial(Watch.release().p95(over(second -> second % 20 == 0 ? unreadable() : 1)));

            assertThat(trial.thrown()).isNull();
            assertThat(trial.told()).contains("changes more than told", "watched for");
            assertThat(trial.told().length()).isLessThan(2_000);
        }
    }

    @Nested
    class AsAStep {

        private final AtomicReference<String> world = new AtomicReference<>("old");

        private Release.Builder release(Step watch) {
            return Release.named("v1.2.4")
                    .directory(directory.resolve("releases"))
                    .log(line -> {})
                    .step(Step.change("deploy", context -> world.set("new"))
                            .compensation(context -> world.set("old"))
                            .verification(context -> {})
                            .probe(context -> world.get().equals("new") ? ChangeState.NEW : ChangeState.OLD))
                    .step(watch);
        }

        @Test
        void hasABadReleaseUndone() throws Exception {
            try (Answers prometheus = new Answers()) {
                prometheus.with(
                        200,
                        "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":"
                                + "[{\"metric\":{},\"value\":[1767225600.1,\"0.73\"]}]}}");

                ReleaseReport report = release(Watch.release()
                                .errorRate(SignalSource.prometheus(prometheus.url(""), "error_rate"))
                                .step("watch"))
                        .build()
                        .run();

                assertThat(report.outcome()).isEqualTo(ReleaseOutcome.ROLLED_BACK);
                assertThat(report.reason()).contains("step \"watch\" failed: ", "error rate is 0.73");
                assertThat(world).hasValue("old");
                assertThat(directory.resolve("releases/files/1-v1.2.4/watch.json"))
                        .content()
                        .contains("\"errorRate\":0.73", "\"trigger\":\"errorRate\"");
            }
        }

        @Test
        void leavesAGoodOneAlone() throws Exception {
            try (Answers application = new Answers()) {
                application.with(200, "{\"queue\":{\"backlog\":3}}");

                ReleaseReport report = release(Watch.release()
                                .health(application.url("/health"))
                                .backlog(SignalSource.json(application.url("/health"), "/queue/backlog"))
                                .period(Duration.ofMillis(100))
                                .interval(Duration.ofMillis(20))
                                .step("watch"))
                        .build()
                        .run();

                assertThat(report.outcome()).isEqualTo(ReleaseOutcome.DONE);
                assertThat(world).hasValue("new");
            }
        }

        private ReleaseReport stopped(SignalSource source) throws Exception {
            Release release = release(Watch.release().backlog(source).step("watch"))
                    .patience(Duration.ofMillis(500))
                    .build();
            AtomicReference<ReleaseReport> report = new AtomicReference<>();
            Thread running = new Thread(() -> {
                try {
                    report.set(release.run());
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            running.start();
            await().untilAtomic(looks, count -> assertThat(count).isPositive());
            release.stop();
            await().untilAsserted(() -> assertThat(report.get()).isNotNull());
            return report.get();
        }

        @Test
        void mayBeStoppedBetweenTwoLooks() throws Exception {
            assertThat(stopped(looks::incrementAndGet).outcome()).isEqualTo(ReleaseOutcome.INTERRUPTED);
            assertThat(world).hasValue("old");
        }

        @Test
        void mayBeStoppedWhileASourceDoesNotAnswer() throws Exception {
            ReleaseReport report = stopped(() -> {
                if (looks.incrementAndGet() == 1) {
                    new CountDownLatch(1).await();
                }
                return 1;
            });

            assertThat(report.outcome()).isEqualTo(ReleaseOutcome.INTERRUPTED);
            assertThat(looks).hasValue(1);
        }

        @Test
        void doesNotJudgeWhatWasSeenWhileItWasStopped() throws Exception {
            Watch watch = Watch.release().backlog(() -> {
                Thread.currentThread().interrupt();
                return 20_000;
            });

            assertThat(Trial.of(directory, watch).thrown()).isInstanceOf(InterruptedException.class);
        }

        @Test
        void wantsSomethingToLookAt() {
            assertThatThrownBy(() -> Watch.release().step("watch")).hasMessageContaining("looks at nothing");
            assertThat(calm().step("watch").toString()).isEqualTo("CHECK watch");
        }

        @Test
        void refusesSettingsThatAreNone() {
            assertThatThrownBy(() -> Watch.release().errorRate(() -> 1, 50)).hasMessageContaining("write 50 % as 0.5");
            assertThatThrownBy(() -> Watch.release().backlog(null)).hasMessageContaining("backlog of a watch");
            assertThatThrownBy(() -> Watch.release().period(Duration.ZERO)).hasMessageContaining("PT0S");
        }
    }
}
