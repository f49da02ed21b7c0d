package io.pratique.examples.killswitch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The example as a person runs it: a real server, two worker processes, and a command in a process of its own. */
class KillSwitchIT {

    @TempDir
    Path temp;

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "redis"})
    @Tag("B-2")
    @Tag("B-3")
    @Tag("B-6")
    void bothWorkersHearOfEachChange(String server) throws Exception {
        Process example = start(server);

        assertThat(example.waitFor(2, TimeUnit.MINUTES)).isTrue();
        String output = Files.readString(temp.resolve("output"));
        assertThat(output).containsPattern(Pattern.compile("(?s)(worker \\d+ heard of it .*){6}"));
        assertThat(output.lines().filter(line -> line.contains("heard of it") && line.contains("=off ")))
                .hasSize(4)
                .allSatisfy(line -> assertThat(line).contains("STATIC"));
        assertThat(example.exitValue()).isZero();
    }

    @Test
    void anUnknownServerIsRefused() throws Exception {
        Process example = start("mongodb");

        assertThat(example.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(example.exitValue()).isEqualTo(2);
        assertThat(Files.readString(temp.resolve("output"))).contains("usage:");
    }

    private Process start(String... args) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + temp,
                "-cp",
                System.getProperty("java.class.path"),
                KillSwitch.class.getName()));
        command.addAll(List.of(args));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(temp.resolve("output").toFile())
                .start();
    }
}
