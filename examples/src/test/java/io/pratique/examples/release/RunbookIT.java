package io.pratique.examples.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.pratique.cli.Pratique;
import io.pratique.examples.release.Runbook.Command;
import io.pratique.examples.release.Runbook.Export;
import io.pratique.examples.release.Runbook.Given;
import io.pratique.release.FileReleaseLock;
import io.pratique.release.Lease;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs each command of the runbooks, by a shell, on the example. */
@Tag("S-9")
class RunbookIT {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    Path temp;

    private RunningSite running;
    private WorkerSite site;
    private @Nullable Lease lease;
    private String exports = "";

    @BeforeEach
    void start() throws Exception {
        running = RunningSite.start();
        site = running.site();
        release("v1");
        Path pratique = Files.writeString(
                temp.resolve("pratique"),
                "#!/bin/sh\nexec '"
                        + Path.of(System.getProperty("java.home"), "bin", "java") + "' -XX:TieredStopAtLevel=1 -cp '"
                        + System.getProperty("java.class.path") + "' " + Pratique.class.getName() + " \"$@\"\n");
        Files.setPosixFilePermissions(pratique, PosixFilePermissions.fromString("rwx------"));
    }

    @AfterEach
    void stop() throws Exception {
        free();
        running.close();
    }

    @Test
    @Tag("S-5")
    @Tag("S-10")
    void deployment() throws Exception {
        follow("deployment.md");

        assertThat(running.state().isOf("v4", "3_attempts")).isTrue();
    }

    @Test
    @Tag("S-4")
    void rollback() throws Exception {
        release("v2");

        follow("rollback.md");

        assertThat(running.state().isOf("v4", "3_attempts")).isTrue();
        assertThat(marker()).doesNotExist();
    }

    private void follow(String page) throws Exception {
        Runbook runbook = Runbook.read(ROOT.resolve("docs").resolve("runbooks").resolve(page));
        assertThat(runbook.commands()).hasSizeGreaterThan(15);
        assertThat(runbook.mentions())
                .allSatisfy(mention -> assertThat(runbook.commands())
                        .as(mention)
                        .anySatisfy(command -> assertThat(command.line()).startsWith(mention)));
        for (Runbook.Entry entry : runbook.entries()) {
            if (entry instanceof Given given) {
                arrange(given.what());
            } else if (entry instanceof Export export) {
                exports += export.line() + "\n";
            } else if (entry instanceof Command command) {
                run(command);
            }
        }
    }

    private void arrange(String given) throws Exception {
        switch (given) {
            case "somebody else releases", "somebody else releases, and cannot be reached" ->
                lease = FileReleaseLock.in(site.releases()).acquire("ada", "release v7", Duration.ZERO);
            case "the lock is free again" -> free();
            case "the release of v4 was killed with kill -9" -> kill("v4");
            case "the release of v5 was killed with kill -9" -> kill("v5");
            case "v6 was released, and the build of the version before it deleted" -> {
                release("v6");
                Files.move(builds().resolve("v4"), temp.resolve("v4"));
            }
            case "the build is back" -> {
                assertThat(marker()).content().contains("v6", "wrong prices");
                Files.move(temp.resolve("v4"), builds().resolve("v4"));
            }
            default -> throw new IllegalArgumentException("the test does not know how to arrange: " + given);
        }
    }

    private void free() {
        if (lease != null) {
            lease.close();
            lease = null;
        }
    }

    private void release(String version) throws Exception {
        PratiqueProcess release = new PratiqueProcess(site, "run", "--version", version);
        assertThat(release.exitCode()).as(release::said).isZero();
    }

    private void kill(String version) throws Exception {
        PratiqueProcess release = new PratiqueProcess(site, "run", "--version", version);
        release.awaitLine("] backend, verification done");
        release.kill();
    }

    private Path builds() {
        return site.home().resolve("builds");
    }

    private Path marker() {
        return site.releases().resolve("ROLLBACK-FAILED");
    }

    private void run(Command command) throws IOException, InterruptedException {
        Path output = temp.resolve("output");
        ProcessBuilder shell = new ProcessBuilder(List.of("bash", "-c", exports + command.line()))
                .directory(ROOT.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        shell.environment().put("PATH", temp + File.pathSeparator + System.getenv("PATH"));
        shell.environment().put("CI", "true");
        shell.environment().put(WorkerSite.VARIABLE, site.home().toString());
        shell.environment().put("PRATIQUE_STORE", site.databaseUrl());
        Process process = shell.start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).as(command.line()).isTrue();
        assertThat(process.exitValue())
                .as(() -> command.line() + "\n" + read(output))
                .isEqualTo(command.exitCode());
    }

    private static String read(Path output) {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
