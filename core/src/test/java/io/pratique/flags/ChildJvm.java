package io.pratique.flags;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program of these tests in a process of its own, with all it prints kept in a file. Everything is on its class path. */
public final class ChildJvm implements AutoCloseable {

    private final Process process;
    private final Path output;

    private ChildJvm(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /**
     * Starts one.
     *
     * @param directory where its output is kept
     * @param first what stands on the class path before all else
     */
    public static ChildJvm start(Path directory, List<Path> first, Class<?> main, String... arguments)
            throws IOException {
        List<String> classPath = new ArrayList<>();
        first.forEach(path -> classPath.add(path.toString()));
        classPath.add(System.getProperty("java.class.path"));
        classPath.add(System.getProperty("jdk.module.path", ""));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                String.join(File.pathSeparator, classPath),
                main.getName()));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile(directory, main.getSimpleName(), ".output");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        return new ChildJvm(process, output);
    }

    /** What it has printed so far, log lines included. */
    public String output() throws IOException {
        return Files.readString(output);
    }

    public void kill() throws InterruptedException {
        process.destroyForcibly();
        awaitEnd();
    }

    /** Asks it to end, as an operator or an orchestrator does: a second time changes nothing of the signal. */
    public void terminate() {
        process.destroy();
    }

    /** Lets it end by itself, which the programs here do when they are sent something. */
    public void endInOrder() throws IOException, InterruptedException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
        awaitEnd();
    }

    public int awaitEnd() throws InterruptedException {
        assertThat(process.waitFor(Eventually.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("the process has ended")
                .isTrue();
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
