package io.pratique.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.pratique.release.incidents.Incident;
import io.pratique.release.incidents.Incidents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the metrics say, by what releases have done. */
@Tag("S-7")
class ReleaseMetricsTest {

    @TempDir
    private Path directory;

    private Instant now = Instant.parse("2026-11-01T10:00:00Z");
    private Path releases;
    private World world;
    private ReleaseMetrics metrics;

    @BeforeEach
    void makeWorld() throws Exception {
        world = World.old(Files.createDirectories(directory.resolve("world")));
        releases = directory.resolve("releases");
        metrics = ReleaseMetrics.in(releases).clock(() -> now);
    }

    private ShownMetrics shown() {
        return ShownMetrics.of(metrics.toText());
    }

    private Release.Builder release(String version) {
        return Release.named(version).directory(releases).log(line -> {}).clock(() -> now);
    }

    private StepAction takes(Duration time, StepAction action) {
        return context -> {
            now = now.plus(time);
            action.run(context);
        };
    }

    private static double seconds(Instant time) {
        return time.toEpochMilli() / 1e3;
    }

    private static void fail(StepContext context) {
        throw new IllegalStateException("503");
    }

    private Release failing(String version) {
        return release(version)
                .step(world.change("database"))
                .step(Step.check("health", ReleaseMetricsTest::fail))
                .build();
    }

    @Nested
    class OfReleases {

        @Test
        void thereAreNoneOfAreZero() {
            ShownMetrics shown = shown();

            assertThat(shown.get("pratique_releases_total{outcome=\"done\",reason=\"none\"}"))
                    .isZero();
            assertThat(shown.get("pratique_release_rollbacks_total{reason=\"requested\"}"))
                    .isZero();
            assertThat(shown.get("pratique_release_partial")).isZero();
            assertThat(shown.get("pratique_release_lock_held")).isZero();
            assertThat(shown.sum("pratique_release_unreadable")).isZero();
            assertThat(shown.get("pratique_release_metrics_timestamp_seconds")).isEqualTo(seconds(now));
            assertThat(releases).doesNotExist();
        }

        @Test
        void areCountedByOutcomeAndReason() throws Exception {
            release("v1").step(world.change("database")).build().run();
            failing("v2").run();
            release("v3")
                    .step(Step.check("guard", ReleaseMetricsTest::fail))
                    .build()
                    .run();

            ShownMetrics shown = shown();

            assertThat(shown.get("pratique_releases_total{outcome=\"done\",reason=\"none\"}"))
                    .isEqualTo(1);
            assertThat(shown.get("pratique_releases_total{outcome=\"rolled_back\",reason=\"health\"}"))
                    .isEqualTo(1);
            assertThat(shown.get("pratique_releases_total{outcome=\"nothing_changed\",reason=\"guard\"}"))
                    .isEqualTo(1);
            assertThat(shown.sum("pratique_releases_total")).isEqualTo(3);
            assertThat(shown.get("pratique_release_rollbacks_total{reason=\"health\"}"))
                    .isEqualTo(1);
            assertThat(shown.sum("pratique_release_rollbacks_total")).isEqualTo(1);
            assertThat(shown.get("pratique_release_health_check_failures_total{step=\"health\"}"))
                    .isEqualTo(1);
            assertThat(shown.get("pratique_release_health_check_failures_total{step=\"guard\"}"))
                    .as("before the first change")
                    .isZero();
            assertThat(shown.get("pratique_release_step_failures_total{step=\"guard\",part=\"action\"}"))
                    .isEqualTo(1);
            assertThat(shown.get("pratique_release_info{version=\"v1\"}")).isEqualTo(1);
            assertThat(shown.get("pratique_release_safeguard{step=\"guard\",kind=\"check\"}"))
                    .isZero();
        }

        /** Who counts by a counter must not see it fall when a release that was done is undone. */
        @Test
        void thatAreUndoneLaterCountTwice() throws Exception {
            Release release = release("v1").step(world.change("database")).build();
            release.run();
            now = now.plus(Duration.ofHours(5));

            release.rollBack("p95 is up");

            ShownMetrics shown = shown();
            assertThat(shown.get("pratique_releases_total{outcome=\"done\",reason=\"none\"}"))
                    .isEqualTo(1);
            assertThat(shown.get("pratique_releases_total{outcome=\"rolled_back\",reason=\"requested\"}"))
                    .isEqualTo(1);
            assertThat(shown.sum("pratique_release_duration_seconds_sum"))
                    .as("nobody worked on it between")
                    .isZero();
            assertThat(shown.get("pratique_release_last_time_to_detect_seconds"))
                    .isEqualTo(5 * 3600);
            assertThat(shown.samples().keySet())
                    .anyMatch(series -> series.startsWith("pratique_release_end_timestamp_seconds")
                            && series.contains("release=\"1-v1\",outcome=\"rolled_back\""))
                    .noneMatch(series -> series.startsWith("pratique_release_info"));
        }

        @Test
        void tellHowLongItTookToFindOutAndToUndo() throws Exception {
            Instant begun = now;
            release("v1")
                    .step(Step.check("look", takes(Duration.ofSeconds(7), context -> {})))
                    .step(world.change("database")
                            .compensation(takes(Duration.ofSeconds(5), context -> world.change("database", "old"))))
                    .step(Step.check("health", takes(Duration.ofSeconds(30), ReleaseMetricsTest::fail)))
                    .build()
                    .run();

            ShownMetrics shown = shown();
            assertThat(shown.get("pratique_release_last_time_to_detect_seconds"))
                    .isEqualTo(30);
            assertThat(shown.get("pratique_release_time_to_detect_seconds_sum")).isEqualTo(30);
            assertThat(shown.get("pratique_release_time_to_detect_seconds_count"))
                    .isEqualTo(1);
            assertThat(shown.get("pratique_release_last_time_to_roll_back_seconds"))
                    .isEqualTo(5);
            assertThat(shown.get("pratique_release_time_to_roll_back_seconds_sum"))
                    .isEqualTo(5);
            assertThat(shown.get("pratique_release_last_duration_seconds")).isEqualTo(42);
            assertThat(shown.get("pratique_release_duration_seconds_sum{outcome=\"rolled_back\"}"))
                    .isEqualTo(42);
            assertThat(shown.get("pratique_release_last_end_timestamp_seconds")).isEqualTo(seconds(begun) + 42);
            assertThat(shown.get("pratique_release_rollback_timestamp_seconds{release=\"1-v1\",reason=\"health\"}"))
                    .isEqualTo(seconds(begun) + 37);
            assertThat(shown.get(
                            "pratique_release_health_check_failed_timestamp_seconds{release=\"1-v1\",step=\"health\"}"))
                    .isEqualTo(seconds(begun) + 37);
        }

        @Test
        void thatCannotBeUndoneArePartial() throws Exception {
            ReleaseReport report = release("v1")
                    .step(world.change("database").compensation(ReleaseMetricsTest::fail))
                    .step(Step.check("health", ReleaseMetricsTest::fail))
                    .build()
                    .run();
            assertThat(report.outcome()).isEqualTo(ReleaseOutcome.ROLLBACK_FAILED);

            ShownMetrics shown = shown();
            assertThat(shown.get("pratique_release_partial")).isEqualTo(1);
            assertThat(shown.get("pratique_releases_total{outcome=\"rollback_failed\",reason=\"health\"}"))
                    .isEqualTo(1);
            assertThat(shown.get("pratique_release_time_to_roll_back_seconds_count"))
                    .isZero();

            try (Lease other = FileReleaseLock.in(releases).acquire("ada", "to look", Duration.ZERO)) {
                assertThat(other.isHeld()).isTrue();
                assertThat(shown().get("pratique_release_partial")).isEqualTo(1);
            }

            failing("v1").rollBack("the host is back");

            ShownMetrics later = shown();
            assertThat(later.get("pratique_release_partial")).isZero();
            assertThat(later.get("pratique_releases_total{outcome=\"rollback_failed\",reason=\"health\"}"))
                    .isEqualTo(1);
            assertThat(later.get("pratique_releases_total{outcome=\"rolled_back\",reason=\"health\"}"))
                    .isEqualTo(1);
            assertThat(later.get("pratique_release_time_to_roll_back_seconds_count"))
                    .isEqualTo(1);
        }

        @Test
        void thatAreInDoubtArePartial() throws Exception {
            ReleaseReport report = release("v1")
                    .step(world.change("database"))
                    .step(Step.check("health", context -> {
                        throw new InconclusiveException("the load balancer does not answer");
                    }))
                    .build()
                    .run();
            assertThat(report.outcome()).isEqualTo(ReleaseOutcome.INCONCLUSIVE);

            assertThat(shown().get("pratique_release_partial")).isEqualTo(1);
            assertThat(shown().sum("pratique_releases_total")).isZero();
        }

        @Test
        void thatAreToldToStopHaveNotFailed() throws Exception {
            List<Release> running = new ArrayList<>();
            Release release = release("v1")
                    .step(world.change("database"))
                    .step(Step.check("health", context -> {
                        running.get(0).stop();
                        throw new InterruptedException();
                    }))
                    .build();
            running.add(release);

            assertThat(release.run().outcome()).isEqualTo(ReleaseOutcome.INTERRUPTED);

            ShownMetrics shown = shown();
            assertThat(shown.get("pratique_releases_total{outcome=\"interrupted\",reason=\"stopped\"}"))
                    .isEqualTo(1);
            assertThat(shown.get("pratique_release_rollbacks_total{reason=\"stopped\"}"))
                    .isEqualTo(1);
            assertThat(shown.sum("pratique_release_health_check_failures_total"))
                    .isZero();
        }

        @Test
        void thatRunAreNotPartial() throws Exception {
            List<ShownMetrics> seen = new ArrayList<>();
            release("v1")
                    .clock(Instant::now)
                    .step(world.change("database"))
                    .step(Step.check("look", context -> {
                        now = Instant.now().plusSeconds(700);
                        seen.add(shown());
                    }))
                    .build()
                    .run();

            ShownMetrics during = seen.get(0);
            assertThat(during.get("pratique_release_partial")).isZero();
            assertThat(during.get("pratique_release_running_seconds")).isBetween(699.0, 760.0);
            assertThat(during.get("pratique_release_lock_held")).isEqualTo(1);
            assertThat(during.get("pratique_release_lock_stale")).isZero();
            assertThat(during.get("pratique_release_lock_silent_seconds")).isBetween(690.0, 760.0);
            assertThat(shown().get("pratique_release_running_seconds")).isZero();
            assertThat(shown().get("pratique_release_lock_silent_seconds")).isZero();
        }

        /** It let go of the lock after its journal was read and before the lock was looked at. */
        @Test
        void thatEndWhileTheyAreLookedAtAreNotPartial() throws Exception {
            CountDownLatch begun = new CountDownLatch(1);
            CountDownLatch read = new CountDownLatch(1);
            Release release = release("v1")
                    .step(world.change("database"))
                    .step(Step.check("wait", context -> {
                        begun.countDown();
                        read.await();
                    }))
                    .build();
            FutureTask<ReleaseReport> running = new FutureTask<>(release::run);
            World.THREADS.execute(running);
            begun.await();

            metrics = metrics.lock(new ReleaseLock() {
                @Override
                public Lease acquire(String holder, String reason, Duration wait) {
                    throw new UnsupportedOperationException("nobody asks for it");
                }

                @Override
                public LockState state() throws IOException {
                    read.countDown();
                    try {
                        running.get();
                    } catch (Exception e) {
                        throw new IOException(e);
                    }
                    return FileReleaseLock.in(releases).state();
                }

                @Override
                public LockState breakLock(String by, String reason) {
                    throw new UnsupportedOperationException("nobody breaks it");
                }
            });

            assertThat(shown().get("pratique_release_partial")).isZero();
        }

        @Test
        void haveSeriesOfTheirOwnWhileTheyAreNew() throws Exception {
            for (int i = 0; i < HistoryMetrics.NEWEST + 2; i++) {
                release("v" + i).step(Step.check("look", context -> {})).build().run();
            }

            assertThat(shown().samples().keySet())
                    .filteredOn(series -> series.startsWith("pratique_release_end_timestamp_seconds"))
                    .hasSize(HistoryMetrics.NEWEST)
                    .noneMatch(series -> series.contains("release=\"2-v1\""));
            assertThat(shown().sum("pratique_releases_total")).isEqualTo(HistoryMetrics.NEWEST + 2);
        }
    }

    @Nested
    class OfWhatIsBeside {

        private void keep(String name, String text) throws IOException {
            Path file = releases.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        }

        @Test
        @Tag("S-8")
        void isWhatTheLastWatchSawLast() throws Exception {
            release("v1").step(world.change("database")).build().run();
            release("v2").step(world.change("backend")).build().run();
            keep(
                    "files/1-v1/watch.json",
                    "{\"healthy\":true,\"errorRate\":0.5,\"at\":\"2026-11-01T10:00:00Z\",\"trigger\":null}");

            assertThat(shown().get("pratique_release_watch{signal=\"error_rate\"}"))
                    .isEqualTo(0.5);
            keep(
                    "files/2-v2/watch.json",
                    "{\"healthy\":false,\"errorRate\":0.01,\"backlog\":12,\"at\":\"2026-11-01T10:00:01Z\","
                            + "\"trigger\":\"p95\"}");
            ShownMetrics shown = shown();

            assertThat(shown.get("pratique_release_watch{signal=\"healthy\"}")).isZero();
            assertThat(shown.get("pratique_release_watch{signal=\"error_rate\"}"))
                    .isEqualTo(0.01);
            assertThat(shown.get("pratique_release_watch{signal=\"backlog\"}")).isEqualTo(12);
            assertThat(shown.get("pratique_release_watch{signal=\"p95_seconds\"}"))
                    .as("not watched")
                    .isNull();
            assertThat(shown.get("pratique_release_watch_triggered")).isEqualTo(1);
            assertThat(shown.get("pratique_release_watch_timestamp_seconds")).isEqualTo(seconds(now) + 1);
        }

        @Test
        @Tag("S-6")
        void areTheIncidents() throws Exception {
            String incident = "{\"id\":\"%s\",\"outcome\":\"ROLLED_BACK\",\"openedAt\":\"2026-10-01T10:00:00Z\","
                    + "\"dueAt\":\"%s\",%s\"deliveries\":[{\"receiver\":\"team\",\"state\":\"%s\"}]}";
            keep("incidents/1-v1.json", incident.formatted("1-v1", "2026-11-02T00:00:00Z", "", "DELIVERED"));
            keep("incidents/2-v2.json", incident.formatted("2-v2", "2026-10-03T10:00:00Z", "", "QUEUED"));
            keep(
                    "incidents/3-v3.json",
                    incident.formatted("3-v3", "2026-10-03T10:00:00Z", "\"closing\":{\"by\":\"ada\"},", "DELIVERED"));
            keep("incidents/3-v3.md", "# Post-mortem");

            ShownMetrics shown = shown();

            assertThat(shown.get("pratique_release_incidents{state=\"open\"}")).isEqualTo(2);
            assertThat(shown.get("pratique_release_incidents{state=\"overdue\"}"))
                    .isEqualTo(1);
            assertThat(shown.get("pratique_release_incidents{state=\"undelivered\"}"))
                    .isEqualTo(1);
            assertThat(shown.get("pratique_release_incident_timestamp_seconds"
                            + "{release=\"3-v3\",outcome=\"rolled_back\",state=\"closed\"}"))
                    .isEqualTo(seconds(Instant.parse("2026-10-01T10:00:00Z")));
        }

        @Test
        @Tag("S-6")
        void areTheIncidentsThatReleasesOpen() throws Exception {
            Incidents incidents = Incidents.in(releases).clock(() -> now).receiver("team", incident -> {
                throw new IOException("no route to host");
            });
            release("v1")
                    .step(world.change("database"))
                    .step(Step.check("health", ReleaseMetricsTest::fail))
                    .step(Step.notify("incident", incidents))
                    .build()
                    .run();

            assertThat(shown().get("pratique_release_incidents{state=\"open\"}"))
                    .isEqualTo(1);
            assertThat(shown().get("pratique_release_incidents{state=\"overdue\"}"))
                    .isZero();
            assertThat(shown().get("pratique_release_incidents{state=\"undelivered\"}"))
                    .isEqualTo(1);
            assertThat(shown().get("pratique_release_incident_timestamp_seconds"
                            + "{release=\"1-v1\",outcome=\"rolled_back\",state=\"open\"}"))
                    .isEqualTo(seconds(now));

            now = now.plus(Duration.ofHours(49));
            assertThat(shown().get("pratique_release_incidents{state=\"overdue\"}"))
                    .isEqualTo(1);

            Incident closed = incidents.close("1-v1", "ada", "mended");
            assertThat(closed.isOpen()).isFalse();
            assertThat(shown().sum("pratique_release_incidents")).isZero();
        }

        /** Less than there was would look as if counting had begun anew. */
        @Test
        void isShownWhereJournalsCannotBeRead() throws Exception {
            release("v1").step(world.change("database")).build().run();
            Files.writeString(releases.resolve("past/2-v2.journal"), "{\"format\":9}\n");

            ShownMetrics shown = shown();

            assertThat(shown.get("pratique_release_unreadable{source=\"history\"}"))
                    .isEqualTo(1);
            assertThat(shown.samples().keySet())
                    .noneMatch(series -> series.startsWith("pratique_releases_total"))
                    .noneMatch(series -> series.startsWith("pratique_release_partial"))
                    .contains("pratique_release_lock_held", "pratique_release_incidents{state=\"open\"}");
        }

        @Test
        void isLeftOutWhereItCannotBeRead() throws Exception {
            keep("incidents/1-v1.json", "{");
            keep("lock.json", "{");

            ShownMetrics shown = shown();

            assertThat(shown.get("pratique_release_unreadable{source=\"incidents\"}"))
                    .isEqualTo(1);
            assertThat(shown.get("pratique_release_unreadable{source=\"lock\"}"))
                    .isEqualTo(1);
            assertThat(shown.get("pratique_releases_total{outcome=\"done\",reason=\"none\"}"))
                    .isZero();
            assertThat(shown.get("pratique_release_partial"))
                    .as("nobody can tell")
                    .isNull();
        }
    }

    @Test
    void tellServicesApart() throws Exception {
        release("v1").step(world.change("database")).build().run();
        metrics = metrics.service("a \"quoted\"\nback\\slash");

        assertThat(shown().samples().keySet())
                .allMatch(series -> series.contains("{service=\"a \\\"quoted\\\"\\nback\\\\slash\""));
    }

    @Test
    void areAllOfNamesThatAreDocumented() {
        assertThat(Stream.of(ReleaseMetric.values()).map(ReleaseMetric::metricName))
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("pratique_releases?_[a-z0-9_]+"));
    }
}
