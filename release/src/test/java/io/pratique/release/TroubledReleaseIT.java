package io.pratique.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Releases whose disk is full, whose process is paused, and that meet another one. */
class TroubledReleaseIT {

    @TempDir
    private Path directory;

    private World world;
    private Path releases;

    @BeforeEach
    void makeWorld() throws IOException {
        world = World.old(Files.createDirectories(directory.resolve("world")));
        releases = Files.createDirectories(directory.resolve("releases"));
    }

    /** The limit of a process on the size of files, since a full disk is not to be had without one's own. */
    @Test
    @Tag("S-2")
    void stopsBeforeTheChangeWhenTheDiskIsFull() throws Exception {
        List<String> limited = List.of("bash", "-c", "ulimit -f 72; exec \"$0\" \"$@\"");
        try (ReleasingProcess process = ReleasingProcess.start(limited, directory, "talk")) {
            String last = "";
            for (String line = process.line(); line != null; line = process.line()) {
                last = line;
            }

            assertThat(process.process().waitFor()).isEqualTo(ReleaseOutcome.INCONCLUSIVE.exitCode());
            assertThat(last).contains("the journal cannot be written");
        }
        assertThat(world.things()).isEqualTo(World.OLD);

        ReleaseReport resumed = ReleasingProcess.talking(world, releases).resume();

        assertThat(resumed.outcome()).isEqualTo(ReleaseOutcome.DONE);
        assertThat(world.thing("database")).isEqualTo("new");
    }

    @Test
    @Tag("S-5")
    void holderThatWasPausedChangesNothingWhenItWakes() throws Exception {
        FileReleaseLock lock = FileReleaseLock.in(releases).lease(Duration.ofSeconds(1));
        try (ReleasingProcess process = ReleasingProcess.start(directory, "wait")) {
            process.awaitLine("[STEP 1/2] wait");
            signal(process, "STOP");
            try (Lease mine = lock.acquire("bob", "release v3", Duration.ofMinutes(1))) {
                assertThat(mine.token()).isEqualTo(2);
                Files.createFile(directory.resolve("go"));
                signal(process, "CONT");

                assertThat(process.process().waitFor()).isEqualTo(ReleaseOutcome.INCONCLUSIVE.exitCode());
                assertThat(world.things()).isEqualTo(World.OLD);
                assertThat(mine.isHeld()).isTrue();
            }
        }
    }

    private static void signal(ReleasingProcess process, String signal) throws Exception {
        String pid = Long.toString(process.process().pid());
        assertThat(new ProcessBuilder("kill", "-" + signal, pid).start().waitFor())
                .isZero();
    }

    @Test
    @Tag("S-5")
    void holderThatWasKilledIsFoundDeadAtOnce() throws Exception {
        FileReleaseLock lock = FileReleaseLock.in(releases).lease(Duration.ofHours(1));
        try (ReleasingProcess process = ReleasingProcess.start(directory, "wait")) {
            process.awaitLine("[STEP 1/2] wait");
            process.kill();
        }
        assertThat(lock.state()).isNotNull().extracting(LockState::stale).isEqualTo(true);
        List<String> log = new ArrayList<>();
        assertThatThrownBy(Release.named("v3")
                        .directory(releases)
                        .lock(lock)
                        .log(log::add)
                        .step(Step.check("wait", context -> {}))
                        .build()::run)
                .isInstanceOf(UnfinishedReleaseException.class);
        // Nobody waits for the dead.
        assertThat(log).noneMatch(line -> line.startsWith("[WAIT]"));

        try (Lease mine = lock.acquire("bob", "release v3", Duration.ofSeconds(30))) {
            assertThat(mine.token()).isEqualTo(3);
        }
    }

    /** The operating system drops all locks that a process has on a file as soon as that process closes the file once. */
    @Test
    @Tag("S-5")
    void holderThatLooksAtItsOwnLockKeepsIt() throws Exception {
        FileReleaseLock lock = FileReleaseLock.in(releases);
        try (Lease held = lock.acquire("ada", "release v2", Duration.ZERO)) {
            assertThat(lock.state().stale()).isFalse();
            assertThatThrownBy(() -> FileReleaseLock.in(releases).acquire("bob", "release v3", Duration.ZERO))
                    .isInstanceOf(LockHeldException.class);

            try (ReleasingProcess other = ReleasingProcess.start(directory, "lock")) {
                other.awaitLine("refused: ada holds the lock");
            }
            assertThat(held.isHeld()).isTrue();
        }
        try (ReleasingProcess other = ReleasingProcess.start(directory, "lock")) {
            other.awaitLine("got token 2");
        }
    }

    @Test
    @Tag("S-5")
    void ofTwoAtOnceOneWaits() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch enough = new CountDownLatch(1);
        Release first = Release.named("v2")
                .directory(releases)
                .step(Step.check("wait", context -> {
                    begun.countDown();
                    enough.await();
                }))
                .step(world.change("database"))
                .build();
        Release second = Release.named("v3")
                .directory(releases)
                .step(Step.check("look", context -> world.require("database", ChangeState.NEW)))
                .build();

        CompletableFuture<ReleaseReport> one = CompletableFuture.supplyAsync(() -> run(first), World.THREADS);
        begun.await();
        CompletableFuture<ReleaseReport> two = CompletableFuture.supplyAsync(() -> run(second), World.THREADS);
        await().until(() -> FileReleaseLock.in(releases).state().waiting() == 1);
        enough.countDown();

        assertThat(one.get().outcome()).isEqualTo(ReleaseOutcome.DONE);
        assertThat(two.get().outcome()).isEqualTo(ReleaseOutcome.DONE);
    }

    private static ReleaseReport run(Release release) {
        try {
            return release.run();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
