package io.pratique.release;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A process that releases the {@link World}, to be killed. */
final class ReleasingProcess implements AutoCloseable {

    private final Process process;
    private final BufferedReader lines;

    private ReleasingProcess(Process process) {
        this.process = process;
        this.lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** The process's program: takes the directory of everything, and what to do. */
    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0]);
        World world = new World(directory.resolve("world"));
        Path releases = directory.resolve("releases");
        if (args[1].equals("lock")) {
            lock(releases);
        }
        if (args[1].equals("hammer")) {
            LockHammer.run(directory);
        }
        Release release = switch (args[1]) {
            case "talk" -> talking(world, releases);
            case "wait" -> waiting(world, releases);
            default -> world.release("v2", releases).log(System.out::println).build();
        };
        ReleaseReport report = switch (args[1]) {
            case "resume" -> release.resume();
            case "rollback" -> release.rollBack("enough");
            default -> release.run();
        };
        System.exit(report.outcome().exitCode());
    }

    /** Asks once for the lock, and says what came of it. */
    private static void lock(Path releases) throws Exception {
        try (Lease lease = FileReleaseLock.in(releases).acquire("a process", "a test", Duration.ZERO)) {
            System.out.println("got token " + lease.token());
        } catch (LockHeldException held) {
            System.out.println("refused: " + held.getMessage());
        }
        System.exit(0);
    }

    /** Fills the journal before it changes something. */
    static Release talking(World world, Path releases) {
        Release.Builder builder = Release.named("v2").directory(releases).log(System.out::println);
        for (int i = 0; i < 60; i++) {
            builder.step(Step.check("check-" + i, context -> {
                for (int j = 0; j < 4; j++) {
                    context.tell("x".repeat(500));
                }
            }));
        }
        return builder.step(world.change("database")).build();
    }

    /** Waits for a file before it changes something; with leases of a second. */
    private static Release waiting(World world, Path releases) throws IOException {
        Path go = releases.resolveSibling("go");
        return Release.named("v2")
                .directory(releases)
                .lock(FileReleaseLock.in(Files.createDirectories(releases)).lease(Duration.ofSeconds(1)))
                .log(System.out::println)
                .step(Step.check("wait", context -> {
                    while (!Files.exists(go)) {
                        Thread.onSpinWait();
                    }
                }))
                .step(world.change("database"))
                .build();
    }

    static ReleasingProcess start(Path directory, String what) throws IOException {
        return start(List.of(), directory, what);
    }

    /** Behind other words, such as those of a shell that limits it. */
    static ReleasingProcess start(List<String> before, Path directory, String what) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-cp",
                classPath(),
                ReleasingProcess.class.getName(),
                directory.toString(),
                what));
        return new ReleasingProcess(
                new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    /** What this JVM runs from, as modules or not. */
    private static String classPath() {
        String modules = System.getProperty("jdk.module.path", "");
        String classes = System.getProperty("java.class.path", "");
        String patched =
                World.class.getProtectionDomain().getCodeSource().getLocation().getPath();
        return String.join(
                File.pathSeparator,
                modules,
                classes,
                patched,
                Path.of("target/test-classes").toAbsolutePath().toString());
    }

    /** The next line that the process prints; null if it has ended. */
    String line() throws IOException {
        return lines.readLine();
    }

    /** Reads on until the process says this. */
    void awaitLine(String part) throws IOException {
        for (String line = line(); line == null || !line.contains(part); line = line()) {
            if (line == null) {
                throw new IOException("the process ended without saying \"" + part + "\"");
            }
        }
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    Process process() {
        return process;
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
