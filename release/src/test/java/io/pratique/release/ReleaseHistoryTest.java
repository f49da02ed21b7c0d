package io.pratique.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.pratique.release.StepRecord.Part;
import io.pratique.release.StepRecord.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the journals tell of releases. */
@Tag("S-2")
@Tag("S-1")
class ReleaseHistoryTest {

    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    @TempDir
    private Path directory;

    private Path releases;
    private World world;

    @BeforeEach
    void makeWorld() throws IOException {
        world = World.old(Files.createDirectories(directory.resolve("world")));
        releases = directory.resolve("releases");
    }

    private Release.Builder release(String version) {
        return Release.named(version).directory(releases).log(line -> {}).clock(InstantSource.fixed(NOW));
    }

    private ReleaseRecord newest() throws IOException {
        return ReleaseHistory.in(releases).releases().get(0);
    }

    private static void fail() {
        throw new IllegalStateException("503");
    }

    @Test
    void isEmptyWhereNothingWasReleased() throws Exception {
        ReleaseHistory history = ReleaseHistory.in(releases);

        assertThat(history.releases()).isEmpty();
        assertThat(history.underWay()).isNull();
        assertThat(history.currentVersion()).isNull();
        assertThat(releases).doesNotExist();
    }

    @Test
    void tellsOfAReleaseThatWasDone() throws Exception {
        release("v1").step(world.change("backend")).build().run();
        release("v2").step(world.change("backend")).build().run();

        assertThat(ReleaseHistory.in(releases).currentVersion()).isEqualTo("v2");
        ReleaseRecord done = newest();
        assertThat(ReleaseHistory.in(releases).current()).isEqualTo(done);
        assertThat(done.id()).isEqualTo("2-v2");
        assertThat(done.previousVersion()).isEqualTo("v1");
        assertThat(done.outcome()).isEqualTo(ReleaseOutcome.DONE);
        assertThat(done.begunAt()).isEqualTo(NOW);
        assertThat(done.endedAt()).isEqualTo(NOW);
        assertThat(done.changes()).containsExactly("backend");
        assertThat(done.steps())
                .extracting(StepRecord::part, StepRecord::state)
                .containsExactly(tuple(Part.ACTION, State.DONE), tuple(Part.VERIFICATION, State.DONE));
        assertThat(done.journal()).isRegularFile();
    }

    @Test
    void tellsForWhichStepAReleaseWasUndone() throws Exception {
        release("v2")
                .step(world.change("backend"))
                .step(Step.check("health", context -> fail()))
                .build()
                .run();

        assertThat(newest().failedStep()).isEqualTo("health");
        assertThat(newest().reason()).isEqualTo("step \"health\" failed: java.lang.IllegalStateException: 503");
        assertThat(newest().rollbackAt()).isEqualTo(NOW);
        assertThat(newest().isChanged()).isFalse();
        assertThat(ReleaseHistory.in(releases).currentVersion()).isNull();
    }

    @Test
    void tellsOfOneThatWasUndoneLaterForNoStep() throws Exception {
        Release release = release("v2")
                .step(world.change("backend"))
                .step(Step.notify("team", context -> fail()))
                .build();
        release.run();
        release.rollBack("slow");

        assertThat(newest().failedStep()).isNull();
        assertThat(newest().reason()).isEqualTo("slow");
        assertThat(newest().outcome()).isEqualTo(ReleaseOutcome.ROLLED_BACK);
        assertThat(ReleaseHistory.in(releases).releases()).hasSize(1);
    }

    @Test
    void tellsOfTheReleaseThatRuns() throws Exception {
        List<ReleaseRecord> seen = new ArrayList<>();
        List<String> past = new ArrayList<>();
        release("v1").step(world.change("backend")).build().run();
        release("v2")
                .step(world.change("database"))
                .step(Step.check("look", context -> {
                    seen.add(ReleaseHistory.in(releases).underWay());
                    context.releases().forEach(release -> past.add(release.id()));
                    assertThat(context.id()).isEqualTo("2-v2");
                }))
                .build()
                .run();

        assertThat(past).containsExactly("2-v2", "1-v1");
        ReleaseRecord then = seen.get(0);
        assertThat(then.outcome()).isNull();
        assertThat(then.changes()).containsExactly("database");
        assertThat(then.steps()).last().satisfies(step -> {
            assertThat(step.name()).isEqualTo("look");
            assertThat(step.state()).isEqualTo(State.BEGUN);
            assertThat(step.endedAt()).isNull();
        });
        assertThat(ReleaseHistory.in(releases).underWay()).isNull();
    }

    @Test
    void tellsOfOneThatCouldNotBeUndoneAsUnderWay() throws Exception {
        release("v2")
                .step(world.change("backend").compensation(context -> fail()))
                .step(Step.check("health", context -> fail()))
                .build()
                .run();

        ReleaseRecord left = ReleaseHistory.in(releases).underWay();

        assertThat(left).isNotNull();
        assertThat(left.outcome()).isEqualTo(ReleaseOutcome.ROLLBACK_FAILED);
        assertThat(left.changes()).containsExactly("backend");
    }

    @Test
    void namesAJournalThatWasChanged() throws Exception {
        Path journal = release("v2").step(world.change("backend")).build().run().journal();
        Files.writeString(journal, Files.readString(journal).replace("INTENT", "SUCCESS"));

        assertThatThrownBy(() -> ReleaseHistory.in(releases))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1-v2.journal")
                .hasMessageContaining("does not follow");
    }

    @Test
    @Tag("S-7")
    void isToldAfterwardsWhateverBecameOfIt() throws Exception {
        List<ReleaseOutcome> told = new ArrayList<>();
        Release release = release("v2")
                .step(world.change("backend").verification(context -> {
                    throw new InconclusiveException("who knows");
                }))
                .afterwards(report -> {
                    told.add(report.outcome());
                    throw new IllegalStateException("nobody is there");
                })
                .build();

        release.run();
        release.rollBack("enough");

        assertThat(told).containsExactly(ReleaseOutcome.INCONCLUSIVE, ReleaseOutcome.ROLLED_BACK);
    }
}
