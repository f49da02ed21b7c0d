package io.pratique.examples.release;

import io.pratique.release.ChangeState;
import io.pratique.release.StepContext;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/**
 * The worker's backend: a process that outlives the release that has started it.
 *
 * <p>It is found by its arguments. A file with its number would be wrong after a release that was killed between starting
 * it and writing the file.
 */
final class WorkerBackend {

    private static final long GLANCE = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int MAX_GLANCES = 400;

    private final WorkerSite site;

    WorkerBackend(WorkerSite site) {
        this.site = site;
    }

    /** One version instead of what runs, or nothing. Returns as soon as the process is started. */
    void replace(@Nullable String version) throws IOException, InterruptedException {
        for (ProcessHandle process : processes()) {
            stop(process);
        }
        if (version != null) {
            start(version);
        }
    }

    /**
     * Looks by itself: the JVM takes seconds to find out that a process has ended which it has not started, and never does
     * where nobody buries the dead, as in many containers. The dead have no arguments.
     */
    private void stop(ProcessHandle process) throws InterruptedException {
        process.destroy();
        for (int glance = 0; isBackend(process); glance++) {
            if (glance == MAX_GLANCES) {
                process.destroyForcibly();
            }
            pause();
        }
    }

    private static void pause() throws InterruptedException {
        LockSupport.parkNanos(GLANCE);
        if (Thread.interrupted()) {
            throw new InterruptedException("the release was told to stop");
        }
    }

    /** In a session of its own, so that a Ctrl-C meant for the release does not end it. */
    private void start(String version) throws IOException {
        new ProcessBuilder(
                        "setsid",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        String.join(File.pathSeparator, home(BackendProcess.class), home(Driver.class)),
                        BackendProcess.class.getName(),
                        site.home().toString(),
                        version)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(Redirect.appendTo(site.log().toFile()))
                .redirectErrorStream(true)
                .start();
    }

    /** The directory or jar of a class. */
    private static String home(Class<?> type) {
        return Path.of(URI.create(
                        type.getProtectionDomain().getCodeSource().getLocation().toString()))
                .toString();
    }

    private List<ProcessHandle> processes() {
        return ProcessHandle.allProcesses().filter(this::isBackend).toList();
    }

    private boolean isBackend(ProcessHandle process) {
        List<String> arguments = arguments(process);
        return arguments.contains(BackendProcess.class.getName())
                && arguments.contains(site.home().toString());
    }

    private static List<String> arguments(ProcessHandle process) {
        return Arrays.asList(process.info().arguments().orElse(new String[0]));
    }

    /** The versions that run: one, none, or, if somebody has started another by hand, several. */
    List<String> versions() {
        return processes().stream()
                .map(WorkerBackend::arguments)
                .map(arguments -> arguments.get(arguments.size() - 1))
                .toList();
    }

    ChangeState state(StepContext context) {
        List<String> running = versions();
        if (running.equals(List.of(context.version()))) {
            return ChangeState.NEW;
        }
        return running.equals(only(context.previousVersion())) ? ChangeState.OLD : ChangeState.UNKNOWN;
    }

    private static List<String> only(@Nullable String version) {
        return version == null ? List.of() : List.of(version);
    }

    /** Throws unless just this version runs, and answers before long, however well it is. */
    void requireAnswers(@Nullable String version) throws InterruptedException {
        List<String> running = versions();
        for (int glance = 0; glance < MAX_GLANCES; glance++) {
            if (running.equals(only(version)) && (version == null || answers())) {
                return;
            }
            pause();
            running = versions();
        }
        throw new IllegalStateException("not just version \"" + version + "\" of the backend runs and answers, but "
                + running + "; its log is \"" + site.log() + "\"");
    }

    private boolean answers() throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(site.backend("/health"))
                .timeout(Duration.ofSeconds(5))
                .build();
        try {
            HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.discarding());
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Throws if the version is not there any more. */
    void requireBuilt(@Nullable String version) throws IOException {
        if (version != null && !Files.isReadable(site.query(version))) {
            throw new IOException("the backend of version \"" + version + "\" is gone; build it again");
        }
    }

    /** Keeps what the backend has said until now. */
    void keepLog(StepContext context) throws IOException {
        if (Files.exists(site.log())) {
            Files.write(context.directory().resolve("backend.log"), Files.readAllBytes(site.log()));
        }
    }
}
