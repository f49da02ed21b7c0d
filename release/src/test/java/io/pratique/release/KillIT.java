package io.pratique.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that are killed while they release: at each line that they print, a moment later, and while they go on. */
@Tag("S-2")
class KillIT {

    private static final int KILLS = Integer.getInteger("kills", 40);
    private static final int MOST_LINES = 24;

    @TempDir
    private Path directory;

    private final Random random = new Random(KILLS);
    private int kills;
    private int inTheMiddle;

    @Test
    void worldEndsNewOrOld() throws Exception {
        for (int i = 0; kills < KILLS; i++) {
            Path place = Files.createDirectories(directory.resolve("round-" + i));
            World world = World.old(Files.createDirectories(place.resolve("world")));
            boolean forward = i % 2 == 0;

            killWithin(place, "run", i % MOST_LINES);
            // And again, while another goes on.
            if (i % 3 == 0 && isUnfinished(place)) {
                killWithin(place, forward ? "resume" : "rollback", random.nextInt(MOST_LINES / 2));
            }
            finish(place, world, forward);
        }
        System.out.println("Killed " + kills + " times, " + inTheMiddle + " of them in the middle of a release");
        assertThat(inTheMiddle).isGreaterThan(KILLS / 4);
    }

    private void killWithin(Path place, String what, int lines) throws Exception {
        try (ReleasingProcess process = ReleasingProcess.start(place, what)) {
            for (int i = 0; i < lines; i++) {
                if (process.line() == null) {
                    break;
                }
            }
            boolean unused = process.process().waitFor(random.nextInt(3_000), TimeUnit.MICROSECONDS);
            process.kill();
        }
        kills++;
        if (isUnfinished(place)) {
            inTheMiddle++;
        }
    }

    private static boolean isUnfinished(Path place) throws Exception {
        Path journal = place.resolve("releases/release.journal");
        JournalText.Content content = Journal.read(journal);
        return content != null
                && ReleaseRecord.of(content.header(), content.entries(), journal)
                                .outcome()
                        == null;
    }

    private void finish(Path place, World world, boolean forward) throws Exception {
        Release.Builder again = world.release("v2", place.resolve("releases"));
        if (!isUnfinished(place)) {
            // Before the release had begun, or after its end: it begins, or is there already.
            assertThat(again.build().run().outcome()).isEqualTo(ReleaseOutcome.DONE);
            assertThat(world.things()).isEqualTo(World.NEW);
            return;
        }
        ReleaseReport report = forward ? again.build().resume() : again.build().rollBack("enough");
        if (report.outcome() == ReleaseOutcome.INCONCLUSIVE) {
            assertThat(forward).isTrue();
            assertThat(World.THINGS).anyMatch(thing -> world.state(thing) == ChangeState.UNKNOWN);
            report = again.build().rollBack("in doubt");
        }
        assertThat(report.outcome())
                .isIn(ReleaseOutcome.DONE, ReleaseOutcome.ROLLED_BACK, ReleaseOutcome.NOTHING_CHANGED);
        assertThat(world.things()).isEqualTo(report.outcome() == ReleaseOutcome.DONE ? World.NEW : World.OLD);
    }
}
