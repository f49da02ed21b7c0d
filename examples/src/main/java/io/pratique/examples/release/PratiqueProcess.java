package io.pratique.examples.release;

import io.pratique.cli.Pratique;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The {@code pratique release} command in a process of its own, as a person or a pipeline runs it. */
final class PratiqueProcess {

    private final Process process;
    private final BufferedReader lines;
    private final List<String> said = new ArrayList<>();

    /** Starts it. */
    PratiqueProcess(WorkerSite site, String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Pratique.class.getName(),
                "release"));
        command.addAll(List.of(words));
        command.addAll(List.of("--plan", WorkerRelease.class.getName()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put(WorkerSite.VARIABLE, site.home().toString());
        builder.environment().put("CI", "true");
        this.process = builder.start();
        this.lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** The next line that it prints; null once it has ended. */
    @Nullable String line() throws IOException {
        String line = lines.readLine();
        if (line != null) {
            said.add(line);
        }
        return line;
    }

    /** What it has printed, as far as that was read. */
    String said() {
        return String.join("\n", said);
    }

    /** Reads on until it says this. */
    void awaitLine(String part) throws IOException {
        for (String line = line(); line == null || !line.contains(part); line = line()) {
            if (line == null) {
                throw new IOException("the command ended without saying \"" + part + "\"");
            }
        }
    }

    /** As {@code kill -9} does it. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Reads on to its end, and gives its exit code. */
    int exitCode() throws IOException, InterruptedException {
        while (line() != null) {
            // Until it has ended.
        }
        return process.waitFor();
    }
}
