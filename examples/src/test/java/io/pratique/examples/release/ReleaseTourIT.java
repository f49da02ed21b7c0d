package io.pratique.examples.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tour as a person runs it. */
class ReleaseTourIT {

    @TempDir
    Path temp;

    @Test
    @Tag("S-2")
    @Tag("S-4")
    @Tag("S-5")
    void theWorkerIsOldOrNewInWholeEachTime() throws Exception {
        Process tour = start();

        assertThat(tour.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(output())
                .contains("run v3: ROLLED_BACK (exit code 1)")
                .contains("yes: exactly what was there before")
                .contains("run v5: UNFINISHED (exit code 6)")
                .contains("resume: DONE (exit code 0)")
                .contains("yes: the second began when the first had ended")
                .contains("yes: all of it is v6")
                .doesNotContain("NO, not so");
        assertThat(tour.exitValue()).isZero();
        try (Stream<Path> left = Files.list(temp)) {
            assertThat(left.map(file -> file.getFileName().toString())).noneMatch(name -> name.startsWith("pratique-"));
        }
        assertThat(ProcessHandle.allProcesses()
                        .map(process -> process.info().commandLine().orElse("")))
                .noneMatch(command -> command.contains(temp.toString()));
    }

    @Test
    void unknownOptionsAreRefused() throws Exception {
        Process tour = start("--fast");

        assertThat(tour.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(tour.exitValue()).isEqualTo(2);
        assertThat(output()).contains("usage:");
    }

    private Process start(String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + temp,
                "-cp",
                System.getProperty("java.class.path"),
                ReleaseTour.class.getName()));
        command.addAll(List.of(options));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(temp.resolve("output").toFile())
                .start();
    }

    private String output() throws IOException {
        return Files.readString(temp.resolve("output"));
    }
}
