package io.pratique.examples.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tour as a person runs it: a process of its own with a real PostgreSQL. */
class WorkerTourIT {

    @TempDir
    Path temp;

    @Test
    @Tag("R-1")
    @Tag("R-2")
    @Tag("B-1")
    void eachStepHappensAndNothingIsLeftBehind() throws Exception {
        Process tour = start("--brisk");

        assertThat(tour.waitFor(3, TimeUnit.MINUTES)).isTrue();
        assertThat(output()).contains("[9/9]", "9 of 9 steps happened").doesNotContain("NO, not");
        assertThat(tour.exitValue()).isZero();
        assertThat(worlds()).isEmpty();
    }

    @Test
    @Tag("R-8")
    void aServingWorkerDrainsWhenItIsToldToStop() throws Exception {
        Process tour = start("--brisk", "--serve");
        try {
            Awaitility.await()
                    .atMost(3, TimeUnit.MINUTES)
                    .until(() -> output().contains("goes on until it is stopped"));

            tour.destroy();

            assertThat(tour.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(output()).contains("Draining ... done");
            assertThat(worlds()).isEmpty();
        } finally {
            tour.destroyForcibly();
        }
    }

    @Test
    void anUnknownOptionIsRefused() throws Exception {
        Process tour = start("--fast");

        assertThat(tour.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(tour.exitValue()).isEqualTo(2);
        assertThat(output()).contains("usage:");
    }

    @Test
    @Tag("C-3")
    void aWrongConfigurationStopsItBeforeAnythingStarts() throws Exception {
        Process tour = start(Map.of("SECRETS_PROVIDER", "nowhere"), "--brisk");

        assertThat(tour.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(tour.exitValue()).isEqualTo(1);
        assertThat(output())
                .startsWith("Configuration validation failed:")
                .contains("SECRETS_PROVIDER must be one of")
                .doesNotContain("Starting PostgreSQL");
        assertThat(worlds()).isEmpty();
    }

    private Process start(String... options) throws IOException {
        return start(Map.of(), options);
    }

    private Process start(Map<String, String> environment, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + temp,
                "-cp",
                System.getProperty("java.class.path"),
                WorkerTour.class.getName()));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(temp.resolve("output").toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }

    private String output() throws IOException {
        return Files.readString(temp.resolve("output"));
    }

    /** The directories that tours have made and not removed. */
    private List<Path> worlds() throws IOException {
        try (Stream<Path> entries = Files.list(temp)) {
            return entries.filter(entry -> entry.getFileName().toString().startsWith("pratique-worker"))
                    .toList();
        }
    }
}
