package io.pratique.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is looked at before and after a release is undone, and what becomes of it when nobody can tell. */
@Tag("S-4")
class RollbackTest {

    @TempDir
    private Path directory;

    private final List<String> done = new ArrayList<>();
    private Path releases;
    private World world;

    @BeforeEach
    void makeWorld() throws IOException {
        world = World.old(Files.createDirectories(directory.resolve("world")));
        releases = directory.resolve("releases");
    }

    private Release.Builder release() {
        return Release.named("v2").directory(releases).log(done::add);
    }

    private static StepAction failing(String why) {
        return context -> {
            throw new IllegalStateException(why);
        };
    }

    private static StepAction inconclusive(String why) {
        return context -> {
            throw new InconclusiveException(why);
        };
    }

    private Path marker() {
        return releases.resolve("ROLLBACK-FAILED");
    }

    private List<String> partsDone() throws IOException {
        return ReleaseHistory.in(releases).releases().get(0).steps().stream()
                .map(step -> step.name() + " " + step.part() + " " + step.state())
                .toList();
    }

    @Nested
    class Looks {

        @Test
        @Tag("S-1")
        void firstAtWhatIsThereThenWhetherItCanBeUndoneAndLastAtWhatIsThereAgain() throws Exception {
            ReleaseReport report = release()
                    .step(world.change("database"))
                    .step(Step.forensics(
                            "logs", context -> context.tell(world.things() + " since " + context.reason())))
                    .step(world.change("backend"))
                    .step(Step.check("health", failing("503")))
                    .build()
                    .run();

            assertThat(report.outcome()).isEqualTo(ReleaseOutcome.ROLLED_BACK);
            assertThat(partsDone())
                    .containsSubsequence(
                            "health ACTION FAILED",
                            "logs ACTION DONE",
                            "backend ROLLBACK_CHECK DONE",
                            "database ROLLBACK_CHECK DONE",
                            "backend COMPENSATION DONE",
                            "database COMPENSATION DONE",
                            "database ROLLBACK_VERIFICATION DONE",
                            "backend ROLLBACK_VERIFICATION DONE");
            assertThat(ReleaseHistory.in(releases).releases().get(0).steps())
                    .filteredOn(step -> step.kind() == StepKind.FORENSICS)
                    .singleElement()
                    .satisfies(step -> assertThat(step.detail())
                            .contains(
                                    "database=new",
                                    "backend=new",
                                    "\"health\" failed: java.lang.IllegalStateException: 503"));
        }

        @Test
        void atAReleaseThatGoesWellOnlyForwards() throws Exception {
            release()
                    .step(world.change("database"))
                    .step(Step.forensics("logs", failing("never run")))
                    .build()
                    .run();

            assertThat(partsDone()).containsExactly("database ACTION DONE", "database VERIFICATION DONE");
        }

        @Test
        void butUndoesWhateverBecomesOfForensics() throws Exception {
            ReleaseReport report = release()
                    .step(world.change("database"))
                    .step(Step.forensics("logs", failing("no space")))
                    .step(Step.check("health", failing("503")))
                    .build()
                    .run();

            assertThat(report.outcome()).isEqualTo(ReleaseOutcome.ROLLED_BACK);
            assertThat(done).anyMatch(line -> line.contains("\"logs\" failed, which changes nothing"));
        }
    }

    @Nested
    class ThatFails {

        @Test
        void itsCheckUndoesNothingUntilThatSucceeds() throws Exception {
            Path target = Files.createFile(directory.resolve("version-before"));
            Release release = release()
                    .step(world.change("database"))
                    .step(world.change("backend").rollbackCheck(context -> Files.size(target)))
                    .build();
            release.run();
            Files.delete(target);

            ReleaseReport failed = release.rollBack("slow");

            assertThat(failed.outcome()).isEqualTo(ReleaseOutcome.ROLLBACK_FAILED);
            assertThat(world.thing("database")).isEqualTo("new");
            assertThat(world.thing("backend")).isEqualTo("new");
            assertThat(marker()).content().contains("Release v2", "since slow", "roll back again");

            Files.createFile(target);

            assertThat(release.rollBack("slow").outcome()).isEqualTo(ReleaseOutcome.ROLLED_BACK);
            assertThat(world.things()).isEqualTo(World.OLD);
            assertThat(marker()).doesNotExist();
        }

        @Test
        void itsVerificationHasFailedAlthoughAllWasUndone() throws Exception {
            AtomicReference<String> fault = new AtomicReference<>("backend does not answer");
            Release release = release()
                    .step(world.change("backend").rollbackVerification(context -> {
                        if (fault.get() != null) {
                            throw new IllegalStateException(fault.get());
                        }
                    }))
                    .step(Step.check("health", failing("503")))
                    .build();

            assertThat(release.run().outcome()).isEqualTo(ReleaseOutcome.ROLLBACK_FAILED);
            assertThat(world.things()).isEqualTo(World.OLD);
            assertThat(marker()).exists();

            fault.set(null);

            assertThat(release.rollBack("again").outcome()).isEqualTo(ReleaseOutcome.ROLLED_BACK);
            assertThat(marker()).doesNotExist();
        }

        /** A kill between the end in the journal and the marker. */
        @Test
        void isMarkedLaterIfItWasKilledFirst() throws Exception {
            Release release = release()
                    .step(world.change("backend").compensation(failing("stuck")))
                    .step(Step.check("health", failing("503")))
                    .build();
            release.run();
            Files.delete(marker());

            assertThat(catchThrowable(release::run)).isInstanceOf(UnfinishedReleaseException.class);

            assertThat(marker()).exists();
        }
    }

    @Nested
    class Inconclusive {

        @Test
        @Tag("V-2")
        void beforeTheFirstChangeNothingIsChanged() throws Exception {
            Release release = release()
                    .step(Step.check("health", inconclusive("the probe is broken")))
                    .step(world.change("backend"))
                    .build();

            ReadinessReport said = release.check();

            assertThat(said.isGo()).isFalse();
            assertThat(said.exitCode()).isEqualTo(6);
            assertThat(said.toMarkdown()).contains("NO-GO", "INCONCLUSIVE");
            assertThat(release.run().outcome()).isEqualTo(ReleaseOutcome.NOTHING_CHANGED);
        }

        @Test
        void afterAChangeItIsLeftAsItIsAndAskedAgain() throws Exception {
            AtomicReference<String> fault = new AtomicReference<>("the probe is broken");
            Release release = release()
                    .step(world.change("backend").verification(context -> {
                        if (fault.get() != null) {
                            throw new InconclusiveException(fault.get());
                        }
                    }))
                    .build();

            ReleaseReport left = release.run();

            assertThat(left.outcome()).isEqualTo(ReleaseOutcome.INCONCLUSIVE);
            assertThat(left.reason()).contains("\"backend\", verification", "the probe is broken");
            assertThat(world.thing("backend")).isEqualTo("new");

            fault.set(null);

            assertThat(release.resume().outcome()).isEqualTo(ReleaseOutcome.DONE);
        }

        @Test
        void afterAChangeItMayBeRolledBack() throws Exception {
            Release release = release()
                    .step(world.change("backend"))
                    .step(Step.check("health", inconclusive("no values")))
                    .build();

            assertThat(release.run().outcome()).isEqualTo(ReleaseOutcome.INCONCLUSIVE);
            assertThat(release.rollBack("to be sure").outcome()).isEqualTo(ReleaseOutcome.ROLLED_BACK);
            assertThat(world.things()).isEqualTo(World.OLD);
        }

        @Test
        void afterItWasUndoneItIsAskedAgain() throws Exception {
            AtomicReference<String> fault = new AtomicReference<>("the probe is broken");
            Release release = release()
                    .step(world.change("backend").rollbackVerification(context -> {
                        if (fault.get() != null) {
                            throw new InconclusiveException(fault.get());
                        }
                    }))
                    .step(Step.check("health", failing("503")))
                    .build();

            assertThat(release.run().outcome()).isEqualTo(ReleaseOutcome.INCONCLUSIVE);
            fault.set(null);

            assertThat(release.resume().outcome()).isEqualTo(ReleaseOutcome.ROLLED_BACK);
        }
    }
}
