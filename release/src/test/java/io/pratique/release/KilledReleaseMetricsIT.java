package io.pratique.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that was killed has written no metrics; they are there all the same. */
@Tag("S-7")
class KilledReleaseMetricsIT {

    @TempDir
    private Path directory;

    @Test
    void showAReleaseInTheMiddleUntilSomebodyGoesOnWithIt() throws Exception {
        World world = World.old(Files.createDirectories(directory.resolve("world")));
        Path releases = directory.resolve("releases");
        ReleaseMetrics metrics = ReleaseMetrics.in(releases);
        try (ReleasingProcess process = ReleasingProcess.start(directory, "wait")) {
            process.awaitLine("[STEP 1/2] wait");

            ShownMetrics running = ShownMetrics.of(metrics.toText());
            assertThat(running.get("pratique_release_partial")).isZero();
            assertThat(running.get("pratique_release_lock_held")).isEqualTo(1);
            process.kill();
        }

        ShownMetrics killed = ShownMetrics.of(metrics.toText());
        assertThat(killed.get("pratique_release_partial")).isEqualTo(1);
        assertThat(killed.get("pratique_release_lock_stale")).isEqualTo(1);
        assertThat(killed.get("pratique_release_running_seconds")).isZero();
        assertThat(killed.sum("pratique_releases_total")).isZero();

        Release.named("v2")
                .directory(releases)
                .log(line -> {})
                .step(Step.check("wait", context -> {}))
                .step(world.change("database"))
                .build()
                .resume();

        ShownMetrics resumed = ShownMetrics.of(metrics.toText());
        assertThat(resumed.get("pratique_release_partial")).isZero();
        assertThat(resumed.get("pratique_release_lock_stale")).isZero();
        assertThat(resumed.get("pratique_releases_total{outcome=\"done\",reason=\"none\"}"))
                .isEqualTo(1);
    }
}
