package io.pratique.readiness;

import static io.pratique.readiness.GateRig.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.pratique.flags.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A process that is told to end. */
@Tag("R-8")
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no signal that asks a process to end")
class ShutdownIT {

    private static final int ENDED_BY_SIGTERM = 128 + 15;

    @TempDir
    private Path directory;

    private ChildJvm worker;

    @AfterEach
    void close() {
        worker.close();
    }

    private void start(String deadline) throws IOException {
        worker = ChildJvm.start(
                directory,
                List.of(),
                ShutdownProgram.class,
                directory.resolve("end").toString(),
                deadline);
        eventually(() -> assertThat(steps()).contains("run"));
    }

    private void letTheRunEnd() throws IOException {
        Files.createFile(directory.resolve("end"));
    }

    private void nothingRanOnceThingsWereClosed() throws IOException {
        assertThat(worker.output().lines().dropWhile(line -> !line.startsWith("step: closing")))
                .isNotEmpty()
                .doesNotContain("step: run");
    }

    /** What it did, without the many runs and looks of which each is like the one before. */
    private List<String> steps() throws IOException {
        return worker.output()
                .lines()
                .filter(line -> line.startsWith("step: "))
                .map(line -> line.substring("step: ".length()))
                .distinct()
                .toList();
    }

    @Test
    void drainsAndClosesInOrder() throws Exception {
        start("PT5M");
        worker.terminate();
        eventually(() -> assertThat(steps()).contains("draining, ready false"));
        assertThat(steps()).doesNotContain("run ended").noneMatch(step -> step.startsWith("closing"));
        letTheRunEnd();

        assertThat(worker.awaitEnd()).isEqualTo(ENDED_BY_SIGTERM);
        assertThat(steps())
                .containsExactly(
                        "run",
                        "draining, ready false",
                        "run ended",
                        "closing scheduler",
                        "closing broken",
                        "closing flags");
        nothingRanOnceThingsWereClosed();
        assertThat(worker.output()).contains("broken failed to close", "hung did not close within");
    }

    @Test
    void doesTheSameWhenItIsToldTwice() throws Exception {
        start("PT5M");
        worker.terminate();
        eventually(() -> assertThat(steps()).contains("draining, ready false"));
        worker.terminate();
        worker.terminate();
        letTheRunEnd();

        assertThat(worker.awaitEnd()).isEqualTo(ENDED_BY_SIGTERM);
        assertThat(steps())
                .containsSubsequence("run ended", "closing scheduler", "closing broken", "closing flags")
                .hasSize(6);
        nothingRanOnceThingsWereClosed();
    }

    @Test
    void waitsForRunsNoLongerThanTheDeadline() throws Exception {
        start("PT0.05S");
        worker.terminate();

        assertThat(worker.awaitEnd()).isEqualTo(ENDED_BY_SIGTERM);
        assertThat(steps())
                .doesNotContain("run ended")
                .containsSubsequence("closing scheduler", "closing broken", "closing flags");
    }
}
