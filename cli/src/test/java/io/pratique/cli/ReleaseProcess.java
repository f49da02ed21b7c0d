package io.pratique.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The command in a process of its own, in a process group of its own, as a terminal starts it. */
record ReleaseProcess(Process process, Path output) implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** Runs it beside the plan of a world. */
    static ReleaseProcess start(ShellWorld world, String... words) throws IOException {
        return start(world, Map.of(), words);
    }

    /** The same with more in its environment. */
    static ReleaseProcess start(ShellWorld world, Map<String, String> environment, String... words) throws IOException {
        // Who runs these tests in the background may have had interrupts ignored.
        List<String> command = new ArrayList<>(List.of(
                "setsid",
                "env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                String.join(
                        File.pathSeparator,
                        System.getProperty("jdk.module.path", ""),
                        System.getProperty("java.class.path", "")),
                Pratique.class.getName()));
        command.addAll(List.of(words));
        Path output = Files.createTempFile(world.directory(), "output", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(world.directory().toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        return new ReleaseProcess(builder.start(), output);
    }

    ReleaseProcess awaitLine(String part) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(said()).as("code %s", process).contains(part));
        return this;
    }

    String said() throws IOException {
        return Files.readString(output);
    }

    String lastLine() throws IOException {
        return said().lines().reduce((earlier, later) -> later).orElse("");
    }

    /** As {@code kill} sends it. */
    void signal(String name) throws IOException, InterruptedException {
        kill(name, Long.toString(process.pid()));
    }

    /** As a terminal sends it, to all that was started from it. */
    void signalAll(String name) throws IOException, InterruptedException {
        kill(name, "-" + process.pid());
    }

    private static void kill(String name, String whom) throws IOException, InterruptedException {
        Process kill =
                new ProcessBuilder("kill", "-s", name, "--", whom).inheritIO().start();
        assertThat(kill.waitFor()).isZero();
    }

    /** The exit code, once it has ended. */
    int code() throws InterruptedException {
        await().atMost(PATIENCE).until(() -> !process.isAlive());
        return process.waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
