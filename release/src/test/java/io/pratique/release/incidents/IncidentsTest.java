package io.pratique.release.incidents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import io.pratique.release.Release;
import io.pratique.release.ReleaseHistory;
import io.pratique.release.ReleaseOutcome;
import io.pratique.release.ReleaseReport;
import io.pratique.release.Step;
import io.pratique.release.incidents.Releasing.Verification;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which releases have an incident, and what becomes of it. */
@Tag("S-6")
class IncidentsTest {

    @TempDir
    private Path directory;

    private Releasing releasing;
    private Incidents incidents;
    private final List<Incident> told = new ArrayList<>();

    @BeforeEach
    void make() {
        releasing = new Releasing(directory.resolve("releases"));
        incidents = releasing.incidents().receiver("team", incident -> {
            told.add(incident);
            return URI.create("https://team/" + incident.id());
        });
    }

    private Incident only() throws Exception {
        assertThat(incidents.list()).hasSize(1);
        return incidents.list().get(0);
    }

    @Nested
    class AreOpened {

        @Test
        void forAReleaseThatWasUndone() throws Exception {
            releasing.rollBack("v2", incidents);

            Incident incident = only();
            assertThat(incident.id()).isEqualTo("1-v2");
            assertThat(incident.outcome()).isEqualTo(ReleaseOutcome.ROLLED_BACK);
            assertThat(incident.reason()).contains("step \"deploy\" failed", "p95 is up");
            assertThat(incident.openedAt()).isEqualTo(Releasing.START);
            assertThat(incident.dueAt()).isEqualTo(Releasing.START.plus(Duration.ofDays(2)));
            assertThat(incident.delivery("team").link()).isEqualTo(URI.create("https://team/1-v2"));
            assertThat(told).hasSize(1);
            assertThat(releasing.releases.resolve("incidents/1-v2.json")).isRegularFile();
            assertThat(ReleaseHistory.in(releasing.releases).releases().get(0).steps())
                    .last()
                    .satisfies(step -> assertThat(step.detail())
                            .contains("incident 1-v2 is open, due 2026-03-03T12:00:00Z", "https://team/1-v2"));
        }

        @Test
        void notForOneThatWentWellOrChangedNothing() throws Exception {
            assertThat(releasing.run("v2", Verification.PASSES, incidents).outcome())
                    .isEqualTo(ReleaseOutcome.DONE);
            Release none = Release.named("v3")
                    .directory(releasing.releases)
                    .log(line -> {})
                    .step(Step.check("health", context -> {
                        throw new IllegalStateException("down");
                    }))
                    .step(Step.notify("incident", incidents))
                    .build();
            assertThat(none.run().outcome()).isEqualTo(ReleaseOutcome.NOTHING_CHANGED);

            assertThat(incidents.list()).isEmpty();
            assertThat(releasing.releases.resolve("incidents")).doesNotExist();
        }

        @Test
        void forOneThatWasInterruptedAfterAChange() throws Exception {
            AtomicReference<Release> running = new AtomicReference<>();
            running.set(releasing
                    .plan("v2", Verification.PASSES)
                    .step(Step.check("stop", context -> running.get().stop()))
                    .step(Step.check("never", context -> {}))
                    .step(Step.notify("incident", incidents))
                    .build());

            assertThat(running.get().run().outcome()).isEqualTo(ReleaseOutcome.INTERRUPTED);

            assertThat(only().outcome()).isEqualTo(ReleaseOutcome.INTERRUPTED);
        }

        @Test
        void notForOneThatWasInterruptedBefore() throws Exception {
            AtomicReference<Release> running = new AtomicReference<>();
            running.set(Release.named("v2")
                    .directory(releasing.releases)
                    .log(line -> {})
                    .step(Step.check("stop", context -> running.get().stop()))
                    .step(Step.check("never", context -> {}))
                    .step(Step.notify("incident", incidents))
                    .build());

            assertThat(running.get().run().outcome()).isEqualTo(ReleaseOutcome.INTERRUPTED);

            assertThat(incidents.list()).isEmpty();
        }

        @Test
        void forOneThatWasLeftInTheMiddle() throws Exception {
            ReleaseReport report = releasing.run("v2", Verification.CANNOT_TELL, incidents);

            assertThat(report.outcome()).isEqualTo(ReleaseOutcome.INCONCLUSIVE);
            assertThat(only().outcome()).isEqualTo(ReleaseOutcome.INCONCLUSIVE);
            assertThat(only().reason()).contains("nobody answers");
            assertThat(told).hasSize(1);
            assertThat(releasing.releases.resolve("files/1-v2/post-mortem.md")).isRegularFile();
        }

        /** Whoever is interrupted is left so by the release, and was told nothing and wrote nothing then. */
        @Test
        void forOneThatWasLeftInTheMiddleAndInterrupted() throws Exception {
            Thread running = Thread.currentThread();
            CountDownLatch enough = new CountDownLatch(1);
            Release release = releasing
                    .plan("v2", Verification.PASSES)
                    .afterwards(incidents::afterwards)
                    .step(Step.check("deaf", context -> {
                                running.interrupt();
                                awaitWhateverHappens(enough);
                            })
                            .timeout(Duration.ofMillis(50)))
                    .build();

            ReleaseReport report = release.run();
            boolean interrupted = Thread.interrupted();
            enough.countDown();
            // The lock is given back, and its files are removed, by a thread of the release's own.
            await().until(() -> Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().equals("pratique-release-lingers")));

            assertThat(interrupted).as("still interrupted").isTrue();
            assertThat(report.outcome()).isEqualTo(ReleaseOutcome.INCONCLUSIVE);
            assertThat(only().outcome()).isEqualTo(ReleaseOutcome.INCONCLUSIVE);
            assertThat(told).hasSize(1);
        }

        private static void awaitWhateverHappens(CountDownLatch end) {
            while (end.getCount() > 0) {
                try {
                    end.await();
                } catch (InterruptedException e) {
                    // It is deaf.
                }
            }
        }

        /** As a command does that finds what a kill has left. */
        @Test
        void onceForOneThatTheHistoryTellsOf() throws Exception {
            releasing.run("v2", Verification.CANNOT_TELL, releasing.incidents());

            incidents.openFor(ReleaseHistory.in(releasing.releases).underWay());
            incidents.openFor(ReleaseHistory.in(releasing.releases).underWay());
            incidents.deliver();

            assertThat(only().revision()).isEqualTo(1);
            assertThat(told).hasSize(1);
        }

        @Test
        void asCheckOnlyOnceItIsKnownWhatBecameOfTheRelease() throws Exception {
            ReleaseReport report = Release.named("v2")
                    .directory(releasing.releases)
                    .log(line -> {})
                    .step(Step.check("incident", incidents))
                    .build()
                    .run();

            assertThat(report.reason()).contains("make this step a notification");
        }
    }

    @Nested
    class OfOneRelease {

        private Release plan() {
            return releasing
                    .plan("v2", Verification.FAILS)
                    .step(Step.notify("incident", incidents))
                    .build();
        }

        @Test
        void areOneThatChanges() throws Exception {
            releasing.stuck = true;
            assertThat(plan().run().outcome()).isEqualTo(ReleaseOutcome.ROLLBACK_FAILED);
            assertThat(plan().rollBack("again").outcome()).isEqualTo(ReleaseOutcome.ROLLBACK_FAILED);
            assertThat(only().revision()).isEqualTo(1);
            assertThat(told).hasSize(1);

            releasing.stuck = false;
            assertThat(plan().rollBack("mended").outcome()).isEqualTo(ReleaseOutcome.ROLLED_BACK);

            assertThat(only().revision()).isEqualTo(2);
            assertThat(told)
                    .extracting(Incident::key, Incident::outcome)
                    .containsExactly(
                            tuple("1-v2", ReleaseOutcome.ROLLBACK_FAILED), tuple("1-v2", ReleaseOutcome.ROLLED_BACK));
        }

        @Test
        void areOpenedAgainIfItIsUndoneAfterSomebodyHasClosedThem() throws Exception {
            releasing.stuck = true;
            plan().run();
            incidents.close("1-v2", "ada", "looked away");
            releasing.pass(Duration.ofMinutes(3_601));
            releasing.stuck = false;

            plan().rollBack("mended");

            assertThat(only().isOpen()).isTrue();
            assertThat(told).extracting(Incident::isOpen).containsExactly(true, true);
            assertThat(only().openedAt()).isEqualTo(Releasing.START);
            assertThat(only().dueAt())
                    .isEqualTo(Releasing.START.plus(Duration.ofDays(2)).plus(Duration.ofMinutes(3_601)));
        }

        @Test
        void stayForPeopleWhenItIsDoneAfterAll() throws Exception {
            releasing.run("v2", Verification.CANNOT_TELL, incidents);

            ReleaseReport report = releasing
                    .plan("v2", Verification.PASSES)
                    .step(Step.notify("incident", incidents))
                    .build()
                    .resume();

            assertThat(report.outcome()).isEqualTo(ReleaseOutcome.DONE);
            assertThat(only().isOpen()).isTrue();
            assertThat(only().outcome()).isEqualTo(ReleaseOutcome.DONE);
        }
    }

    @Nested
    class UntilTheyAreClosed {

        @Test
        void areOverdueAfter48Hours() throws Exception {
            releasing.rollBack("v2", incidents);
            releasing.pass(Duration.ofDays(2));
            assertThat(incidents.overdue()).isEmpty();

            releasing.pass(Duration.ofSeconds(1));

            assertThat(incidents.overdue()).extracting(Incident::id).containsExactly("1-v2");
        }

        @Test
        void areClosedBySomebodyOnce() throws Exception {
            releasing.rollBack("v2", incidents.dueAfter(Duration.ofHours(1)));
            releasing.pass(Duration.ofHours(2));
            assertThat(incidents.overdue()).hasSize(1);

            Incident closed = incidents.close("1-v2", "ada", "index was missing");

            assertThat(closed.closing())
                    .isEqualTo(new Incident.Closing(releasing.instant(), "ada", "index was missing"));
            assertThat(only()).isEqualTo(closed);
            assertThat(incidents.overdue()).isEmpty();
            assertThatThrownBy(() -> incidents.close("1-v2", "bob", "")).isInstanceOf(IllegalStateException.class);
        }

        @Test
        void areToldOnceMoreWhenTheyAreClosed() throws Exception {
            releasing.rollBack("v2", incidents);
            incidents.close("1-v2", "ada", "index was missing");

            incidents.deliver();

            assertThat(told).extracting(Incident::isOpen).containsExactly(true, false);
            assertThat(told.get(1).revision()).isEqualTo(2);
            assertThat(incidents.deliver()).isEmpty();
        }

        @Test
        void areNotClosedIfThereAreNone() {
            assertThatThrownBy(() -> incidents.close("1-v2", "ada", "")).hasMessageContaining("\"1-v2\"");
            assertThatThrownBy(() -> incidents.close("../lock", "ada", "")).hasMessageContaining("\"../lock\"");
            assertThatThrownBy(() -> incidents.close("1-v2", " ", "")).hasMessageContaining("say who");
        }

        @Test
        void areToldToReceiversThatAreNew() throws Exception {
            releasing.rollBack("v2", releasing.incidents());
            releasing.rollBack("v3", releasing.incidents());
            incidents.close("1-v2", "ada", "");

            incidents.deliver();

            assertThat(told).extracting(Incident::id).containsExactly("2-v3");
        }
    }

    @Nested
    class WithATicket {

        @Test
        void nameIt() throws Exception {
            releasing.rollBack(
                    "v2",
                    incidents.service("worker").ticket(incident -> URI.create("https://tickets/" + incident.key())));

            assertThat(only().ticket()).isEqualTo(URI.create("https://tickets/worker/1-v2"));
            assertThat(told.get(0).ticket()).isEqualTo(only().ticket());
        }

        @Test
        void areOpenedAlsoIfThereIsNone() throws Exception {
            releasing.rollBack("v2", incidents.ticket(incident -> {
                throw new StackOverflowError();
            }));
            releasing.rollBack("v3", incidents.ticket(incident -> URI.create("javascript:alert(1)")));

            assertThat(incidents.list())
                    .extracting(Incident::ticket)
                    .containsOnlyNulls()
                    .hasSize(2);
        }
    }

    @Nested
    class ThatCannotBeRead {

        @Test
        void areNamedAndKeepNoOtherFromBeingTold() throws Exception {
            releasing.rollBack("v2", releasing.incidents());
            Path broken = releasing.releases.resolve("incidents/0-v0.json");
            Files.writeString(broken, "{\"format\":1");

            assertThat(incidents.deliver()).extracting(Incident::id).containsExactly("1-v2");
            assertThatThrownBy(incidents::list).hasMessageContaining(broken.toString());
            Files.writeString(broken, "{\"format\":2}");
            assertThatThrownBy(incidents::list).hasMessageContaining(broken.toString());
        }
    }

    @Test
    void refuseWhatCannotBeMeant() {
        assertThatThrownBy(() -> incidents.receiver("team", incident -> null)).hasMessageContaining("\"team\"");
        assertThatThrownBy(() -> incidents.receiver("The Team", incident -> null))
                .hasMessageContaining("The Team");
        assertThatThrownBy(() -> incidents.dueAfter(Duration.ZERO)).hasMessageContaining("PT0S");
        assertThatThrownBy(() -> incidents.postMortemTemplate(directory.resolve("none")))
                .hasMessageContaining("none");
    }
}
