package io.pratique.release.incidents;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A process that delivers what is queued. */
final class DeliveringProcess {

    private DeliveringProcess() {}

    /** The process's program: takes the releases' directory, the server's URL, and how long that may take. */
    public static void main(String[] args) throws Exception {
        List<Incident> unused = Incidents.in(Path.of(args[0]))
                .receiver("hook", JsonWebhook.of(() -> args[1] + "/hook"))
                .timeout(Duration.parse(args[2]))
                .deliver();
        System.exit(0);
    }

    static Process start(Path releases, URI url, Duration timeout) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-cp",
                classPath(),
                DeliveringProcess.class.getName(),
                releases.toString(),
                url.toString(),
                timeout.toString());
        return new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** What this JVM runs from, as modules or not. */
    private static String classPath() {
        return String.join(
                File.pathSeparator,
                System.getProperty("jdk.module.path", ""),
                System.getProperty("java.class.path", ""),
                Incidents.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath(),
                Path.of("target/test-classes").toAbsolutePath().toString());
    }
}
