package io.pratique.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Prometheus itself reads the alert rules, and fires each of them. */
@Tag("M-2")
@Tag("S-7")
class PromtoolIT {

    private static final String MISSING =
            "promtool is not on the PATH; it comes with Debian's package prometheus: the alert rules are not tested";

    @TempDir
    private Path directory;

    @BeforeEach
    void promtoolIsThere() {
        boolean there = Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(entry -> Path.of(entry, "promtool").toFile().canExecute());
        if (there) {
            return;
        }
        if (System.getenv("CI") != null) {
            fail(MISSING);
        }
        abort(MISSING);
    }

    @ParameterizedTest
    @EnumSource
    void takesTheRules(MonitoringFiles files) throws IOException, InterruptedException {
        assertThat(promtool("check", "rules", files.alertsFile.toString())).contains("SUCCESS");
    }

    @ParameterizedTest
    @EnumSource
    void firesEachAlertWhenItShould(MonitoringFiles files) throws IOException, InterruptedException {
        assertThat(promtool("test", "rules", files.alertTestsFile.toString())).contains("SUCCESS");
    }

    @Test
    void findsNothingWrongWithTheMetricsOfReleases() throws Exception {
        Files.writeString(input(), new Releases(directory.resolve("releases")).text());

        assertThat(promtool("check", "metrics")).isEmpty();
    }

    private Path input() {
        return directory.resolve("input");
    }

    /** Runs it to a good end, and returns what it says. */
    private String promtool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(arguments));
        if (!Files.exists(input())) {
            Files.createFile(input());
        }
        File output = directory.resolve("output").toFile();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(input().toFile())
                .redirectOutput(output)
                .start();
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);
        process.destroyForcibly();
        String said = Files.readString(output.toPath());
        assertThat(ended).as("promtool ended in time: %s", said).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        return said;
    }
}
