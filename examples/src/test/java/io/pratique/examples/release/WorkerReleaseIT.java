package io.pratique.examples.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The worker's plan, on a real PostgreSQL and with real processes. */
class WorkerReleaseIT {

    private RunningSite running;

    @BeforeEach
    void start() throws Exception {
        running = RunningSite.start();
        succeeds("run", "--version", "v1");
    }

    @AfterEach
    void stop() throws Exception {
        running.close();
    }

    private void succeeds(String... words) throws Exception {
        PratiqueProcess command = new PratiqueProcess(running.site(), words);
        assertThat(command.exitCode()).as(command::said).isZero();
    }

    @Test
    @Tag("S-10")
    void checkModeChangesNothing() throws Exception {
        WorkerState before = running.state();
        List<String> files = files();

        succeeds("check", "--version", "v2");
        succeeds("run", "--version", "v2", "--dry-run");

        assertThat(running.state()).isEqualTo(before);
        assertThat(files()).isEqualTo(files);
    }

    @Test
    @Tag("S-10")
    @Tag("S-4")
    void releasedRolledBackAndReleasedAgainIsTheSame() throws Exception {
        WorkerState old = running.state();
        succeeds("run", "--version", "v2");
        WorkerState released = running.state();

        succeeds("rollback", "--reason", "a test");
        assertThat(running.state()).isEqualTo(old);

        succeeds("run", "--version", "v2");
        assertThat(running.state()).isEqualTo(released);
        assertThat(released.isOf("v2", "2_topic")).isTrue();
        List<String> files = files();
        succeeds("run", "--version", "v2");
        assertThat(files()).isEqualTo(files);
    }

    @Test
    @Tag("S-1")
    @Tag("S-4")
    @Tag("S-6")
    @Tag("D-1")
    void aMistakeIsUndoneWithTheRowsOfItsColumnAndLeavesTraces() throws Exception {
        succeeds("run", "--version", "v2");
        WorkerState before = running.state();

        PratiqueProcess release = new PratiqueProcess(running.site(), "run", "--version", "v3");
        List<String> lines = new ArrayList<>();
        for (String line = release.line(); line != null; line = release.line()) {
            lines.add(line);
        }

        assertThat(release.exitCode()).isEqualTo(1);
        assertThat(running.state()).isEqualTo(before);
        assertThat(lines)
                .anyMatch(line -> line.matches("\\[STEP \\d+/\\d+] database \\.\\.\\."))
                .anyMatch(line -> line.matches("\\[STEP \\d+/\\d+] frontend done in .*"));
        assertThat(running.site().releases().resolve("files/3-v3/backend.log"))
                .content()
                .contains("column \"topic\" does not exist");
        assertThat(running.site().releases().resolve("files/3-v3/state.json")).isNotEmptyFile();
        assertThat(running.site().releases().resolve("files/3-v3/state-after.json"))
                .isNotEmptyFile();
        assertThat(running.site().home().resolve("told/3-v3")).content().contains("ROLLED_BACK");
    }

    @ParameterizedTest
    @ValueSource(strings = {"] database ...", "] database done", "] backend ...", "] backend done", "] frontend done"})
    @Tag("S-2")
    void killedAnywhereItIsResumedOrRolledBackInWhole(String line) throws Exception {
        WorkerState before = running.state();
        PratiqueProcess release = new PratiqueProcess(running.site(), "run", "--version", "v2");
        release.awaitLine(line);
        release.kill();

        PratiqueProcess resumed = new PratiqueProcess(running.site(), "resume");

        if (resumed.exitCode() == 6) {
            // The old backend was gone, and the new one not there yet.
            succeeds("rollback", "--reason", "a test");
            assertThat(running.state()).isEqualTo(before);
        } else {
            assertThat(resumed.exitCode()).as(resumed::said).isZero();
            assertThat(running.state().isOf("v2", "2_topic")).isTrue();
        }
    }

    /** All that the worker and its releases are made of; the backend's log grows by itself. */
    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.walk(running.site().home())) {
            return files.map(Path::toString)
                    .filter(file -> !file.contains("/lock."))
                    .sorted()
                    .toList();
        }
    }
}
