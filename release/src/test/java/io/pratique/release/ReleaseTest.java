package io.pratique.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a release, by what its steps do. */
@Tag("S-2")
class ReleaseTest {

    @TempDir
    private Path directory;

    private final List<String> log = new ArrayList<>();
    private Path releases;
    private World world;

    @BeforeEach
    void makeWorld() throws Exception {
        world = World.old(Files.createDirectories(directory.resolve("world")));
        releases = directory.resolve("releases");
    }

    private Release.Builder release(String version) {
        return Release.named(version).directory(releases).log(log::add).patience(Duration.ofMillis(100));
    }

    private LockState lock() throws IOException {
        return FileReleaseLock.in(releases).state();
    }

    /** The lock's files are removed a moment after it is free. */
    private static void awaitNobodyLingers() {
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("pratique-release-lingers")));
    }

    private static void fail(String why) {
        throw new IllegalStateException(why);
    }

    @Nested
    class ThatGoesWell {

        @Test
        @Tag("D-1")
        void changesAllAndTellsOfEachStep() throws Exception {
            ReleaseReport report =
                    world.release("v2", releases).log(log::add).build().run();

            assertThat(report.outcome()).isEqualTo(ReleaseOutcome.DONE);
            assertThat(report.outcome().exitCode()).isZero();
            assertThat(world.things()).isEqualTo(World.NEW);
            assertThat(log).first().asString().isEqualTo("[STEP 1/9] environment ...");
            assertThat(log).anyMatch(line -> line.matches("\\[STEP 2/9] backup done in [\\d.]+ s"));
            assertThat(log).anyMatch(line -> line.matches("\\[STEP 9/9] team done in [\\d.]+ s: told of DONE"));
            assertThat(log).last().asString().isEqualTo("Release v2: DONE; nothing is left to do");
            assertThat(report.journal()).isRegularFile();
        }

        @Test
        @Tag("S-10")
        void isNotDoneTwice() throws Exception {
            world.release("v2", releases).build().run();
            world.restore(World.OLD);

            ReleaseReport again = world.release("v2", releases).build().run();

            assertThat(again.outcome()).isEqualTo(ReleaseOutcome.DONE);
            assertThat(again.reason()).isEqualTo("it is the current version already");
            assertThat(world.things()).isEqualTo(World.OLD);
        }

        @Test
        @Tag("S-10")
        void mayBeUndoneAndDoneAgain() throws Exception {
            world.release("v1", releases).build().run();
            world.restore(World.OLD);
            world.release("v2", releases).build().run();

            ReleaseReport undone = world.release("v2", releases).build().rollBack("p95 is up");

            assertThat(undone.outcome()).isEqualTo(ReleaseOutcome.ROLLED_BACK);
            assertThat(undone.reason()).isEqualTo("p95 is up");
            assertThat(world.things()).isEqualTo(World.OLD);
            assertThat(world.release("v2", releases).build().run().outcome()).isEqualTo(ReleaseOutcome.DONE);
            assertThat(world.things()).isEqualTo(World.NEW);
        }

        @Test
        @Tag("S-6")
        void andIsUndoneLaterTellsOfBoth() throws Exception {
            List<String> told = new ArrayList<>();
            Release release = release("v2")
                    .step(world.change("database"))
                    .step(Step.notify("team", context -> told.add(String.valueOf(context.outcome()))))
                    .build();

            release.run();
            release.rollBack("p95 is up");

            assertThat(told).containsExactly("DONE", "ROLLED_BACK");
        }

        /** Somebody has removed what he took for a lock that hangs. */
        @Test
        @Tag("S-10")
        void isFollowedByTheNextOneWhateverTheTokensSay() throws Exception {
            for (String version : List.of("v1", "v2", "v3")) {
                world.restore(World.OLD);
                assertThat(world.release(version, releases).build().run().outcome())
                        .isEqualTo(ReleaseOutcome.DONE);
                Files.delete(releases.resolve("lock.json"));
            }
            world.restore(World.OLD);

            assertThat(world.release("v2", releases).build().run().reason()).isNull();
            assertThat(releases.resolve("past")).isDirectoryContaining("glob:**4-v2.journal");
        }

        @Test
        void goesOnWhenNobodyCanBeToldOfIt() throws Exception {
            ReleaseReport report = world.release("v2", releases)
                    .log(line -> fail("the log is closed"))
                    .build()
                    .run();

            assertThat(report.outcome()).isEqualTo(ReleaseOutcome.DONE);
        }

        @Test
        void tellsItsStepsOfTheVersionBefore() throws Exception {
            List<String> previous = new ArrayList<>();
            for (String version : List.of("v1", "v2")) {
                release(version)
                        .step(Step.check("look", context -> previous.add(String.valueOf(context.previousVersion()))))
                        .build()
                        .run();
            }

            assertThat(previous).containsExactly("null", "v1");
        }
    }

    @Nested
    class ThatFails {

        @Test
        @Tag("V-1")
        void beforeTheFirstChangeChangesNothing() throws Exception {
            ReleaseReport report = release("v2")
                    .step(Step.check("guard", context -> fail("NODE_ENV is not production")))
                    .step(world.change("database"))
                    .step(Step.notify("team", context -> context.tell("x")))
                    .build()
                    .run();

            assertThat(report.outcome()).isEqualTo(ReleaseOutcome.NOTHING_CHANGED);
            assertThat(report.outcome().exitCode()).isEqualTo(4);
            assertThat(report.reason()).contains("\"guard\"", "NODE_ENV is not production");
            assertThat(world.things()).isEqualTo(World.OLD);
            assertThat(log).anyMatch(line -> line.startsWith("[STEP 3/3] team done"));
        }

        @Test
        @Tag("B2-1")
        void withItsBackupChangesNothing() throws Exception {
            ReleaseReport report = release("v2")
                    .step(Step.protect("backup", context -> fail("the disk is full")))
                    .step(world.change("database"))
                    .build()
                    .run();

            assertThat(report.outcome()).isEqualTo(ReleaseOutcome.NOTHING_CHANGED);
            assertThat(world.things()).isEqualTo(World.OLD);
        }

        @Test
        void isUndoneNewestFirst() throws Exception {
            List<String> undone = new ArrayList<>();
            Release.Builder builder = release("v2");
            for (String thing : World.THINGS) {
                builder.step(world.change(thing).compensation(context -> {
                    undone.add(thing);
                    world.change(thing, "old");
                }));
            }

            ReleaseReport report = builder.step(Step.check("health", context -> fail("503")))
                    .build()
                    .run();

            assertThat(report.outcome()).isEqualTo(ReleaseOutcome.ROLLED_BACK);
            assertThat(report.outcome().exitCode()).isEqualTo(1);
            assertThat(undone).containsExactly("frontend", "backend", "database");
            assertThat(world.things()).isEqualTo(World.OLD);
        }

        @Test
        void inAVerificationIsUndone() throws Exception {
            ReleaseReport report = release("v2")
                    .step(world.change("database").verification(context -> fail("no such column")))
                    .build()
                    .run();

            assertThat(report.outcome()).isEqualTo(ReleaseOutcome.ROLLED_BACK);
            assertThat(world.thing("database")).isEqualTo("old");
        }

        /** The change may have been made in part. */
        @Test
        void withinAChangeUndoesThatToo() throws Exception {
            Step half = Step.change("database", context -> {
                        Files.writeString(world.directory().resolve("database"), "half");
                        fail("connection lost");
                    })
                    .compensation(context -> world.change("database", "old"))
                    .verification(context -> {})
                    .probe(context -> world.state("database"));

            assertThat(release("v2").step(half).build().run().outcome()).isEqualTo(ReleaseOutcome.ROLLED_BACK);
            assertThat(world.thing("database")).isEqualTo("old");
        }

        @Test
        void beforeAChangeWasMadeDoesNotUndoIt() throws Exception {
            Step refused = Step.change("database", context -> fail("refused"))
                    .compensation(context -> fail("must not be asked"))
                    .verification(context -> {})
                    .probe(context -> world.state("database"));

            assertThat(release("v2").step(refused).build().run().outcome()).isEqualTo(ReleaseOutcome.ROLLED_BACK);
        }

        @Test
        @Tag("S-4")
        void andCannotBeUndoneGoesOnAndIsUndoneLater() throws Exception {
            Release.Builder failing = release("v2")
                    .step(world.change("database"))
                    .step(world.change("backend").compensation(context -> fail("no route to host")))
                    .step(world.change("frontend"))
                    .step(Step.check("health", context -> fail("503")));

            ReleaseReport report = failing.build().run();

            assertThat(report.outcome()).isEqualTo(ReleaseOutcome.ROLLBACK_FAILED);
            assertThat(report.outcome().exitCode()).isEqualTo(5);
            assertThat(world.thing("database")).isEqualTo("old");
            assertThat(world.thing("backend")).isEqualTo("new");
            assertThatThrownBy(() -> world.release("v3", releases).build().run())
                    .isInstanceOf(UnfinishedReleaseException.class)
                    .hasMessageContaining("v2");

            ReleaseReport later = release("v2")
                    .step(world.change("database"))
                    .step(world.change("backend"))
                    .step(world.change("frontend"))
                    .step(Step.check("health", context -> {}))
                    .build()
                    .rollBack("the host is back");

            assertThat(later.outcome()).isEqualTo(ReleaseOutcome.ROLLED_BACK);
            assertThat(world.things()).isEqualTo(World.OLD);
            assertThat(world.release("v3", releases).build().run().outcome()).isEqualTo(ReleaseOutcome.DONE);
        }

        @Test
        @Tag("S-6")
        void inACleanupOrANotificationIsDoneAllTheSame() throws Exception {
            ReleaseReport report = release("v2")
                    .step(world.change("database"))
                    .step(Step.cleanup("scratch", context -> fail("busy")))
                    .step(Step.notify("team", context -> fail("no route to host")))
                    .build()
                    .run();

            assertThat(report.outcome()).isEqualTo(ReleaseOutcome.DONE);
            assertThat(log).anyMatch(line -> line.contains("\"team\" failed, which changes nothing"));
        }
    }

    @Nested
    class ThatTakesLong {

        @Test
        void isInterruptedAndUndone() throws Exception {
            Step slow = world.change("backend");
            CountDownLatch never = new CountDownLatch(1);

            ReleaseReport report = release("v2")
                    .step(world.change("database"))
                    .step(Step.check("wait", context -> never.await()).timeout(Duration.ofMillis(50)))
                    .step(slow)
                    .build()
                    .run();

            assertThat(report.outcome()).isEqualTo(ReleaseOutcome.ROLLED_BACK);
            assertThat(report.reason()).contains("took longer than PT0.05S");
            assertThat(world.things()).isEqualTo(World.OLD);
        }

        @Test
        void andDoesNotEndLeavesAllAsItIs() throws Exception {
            CountDownLatch enough = new CountDownLatch(1);
            Release release = release("v2")
                    .step(world.change("database"))
                    .step(Step.check("deaf", context -> awaitWhateverHappens(enough))
                            .timeout(Duration.ofMillis(50)))
                    .build();

            ReleaseReport report = release.run();

            assertThat(report.outcome()).isEqualTo(ReleaseOutcome.INCONCLUSIVE);
            assertThat(lock()).as("nobody else may release while it goes on").isNotNull();
            enough.countDown();
            await().until(() -> lock() == null);
            awaitNobodyLingers();
            assertThat(report.outcome().exitCode()).isEqualTo(6);
            assertThat(report.reason()).contains("\"deaf\"", "although it was interrupted");
            assertThat(world.thing("database")).isEqualTo("new");
        }

        @Test
        void andDoesNotStopWhenItIsToldToLeavesAllAsItIs() throws Exception {
            CountDownLatch enough = new CountDownLatch(1);
            AtomicReference<Release> running = new AtomicReference<>();
            running.set(release("v2")
                    .step(world.change("database"))
                    .step(Step.check("deaf", context -> {
                        running.get().stop();
                        awaitWhateverHappens(enough);
                    }))
                    .build());

            ReleaseReport report = running.get().run();

            assertThat(report.outcome()).isEqualTo(ReleaseOutcome.INCONCLUSIVE);
            assertThat(report.reason()).contains("\"deaf\" was told to stop, and goes on");
            assertThat(world.thing("database")).isEqualTo("new");
            enough.countDown();
            await().until(() -> lock() == null);
            awaitNobodyLingers();
        }

        @Test
        void andCleansUpWhenItIsToldToStopIsNotInterruptedInThat() throws Exception {
            AtomicReference<Release> running = new AtomicReference<>();
            List<Boolean> interrupts = new ArrayList<>();
            running.set(release("v2")
                    .step(world.change("database"))
                    .step(Step.check("clean", context -> {
                        for (int i = 0; i < 3; i++) {
                            running.get().stop();
                            interrupts.add(Thread.interrupted());
                        }
                    }))
                    .step(world.change("backend"))
                    .build());

            assertThat(running.get().run().outcome()).isEqualTo(ReleaseOutcome.INTERRUPTED);

            assertThat(interrupts).containsExactly(true, false, false);
        }

        @Test
        void andGoesOnKeepsTheLockAlsoIfAnotherDoesLater() throws Exception {
            CountDownLatch one = new CountDownLatch(1);
            CountDownLatch two = new CountDownLatch(1);
            Release release = release("v2")
                    .step(Step.cleanup("one", context -> awaitWhateverHappens(one))
                            .timeout(Duration.ofMillis(50)))
                    .step(Step.cleanup("two", context -> awaitWhateverHappens(two))
                            .timeout(Duration.ofMillis(50)))
                    .build();

            assertThat(release.run().outcome()).isEqualTo(ReleaseOutcome.DONE);

            two.countDown();
            await().until(() -> Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().equals("pratique-step-two")));
            assertThat(lock()).isNotNull();
            one.countDown();
            await().until(() -> lock() == null);
            awaitNobodyLingers();
        }

        private static void awaitWhateverHappens(CountDownLatch end) {
            while (end.getCount() > 0) {
                try {
                    end.await();
                } catch (InterruptedException e) {
                    // That is what this is about.
                }
            }
        }

        @Test
        void isUndoneWhenItIsToldToStop() throws Exception {
            CountDownLatch never = new CountDownLatch(1);
            CountDownLatch begun = new CountDownLatch(1);
            Release release = release("v2")
                    .step(world.change("database"))
                    .step(Step.check("wait", context -> {
                        begun.countDown();
                        never.await();
                    }))
                    .build();
            Thread stopper = new Thread(() -> {
                try {
                    begun.await();
                } catch (InterruptedException e) {
                    return;
                }
                release.stop();
            });
            stopper.start();

            ReleaseReport report = release.run();

            assertThat(report.outcome()).isEqualTo(ReleaseOutcome.INTERRUPTED);
            assertThat(report.outcome().exitCode()).isEqualTo(130);
            assertThat(world.things()).isEqualTo(World.OLD);
            stopper.join();
        }

        /** As the one that was told to stop is perhaps a thread of a pool. */
        @Test
        void isToldToStopWithoutAnInterruptThatIsLeft() throws Exception {
            AtomicReference<Release> running = new AtomicReference<>();
            ReleaseLock lock = new StoppingLock(
                    FileReleaseLock.in(releases), () -> running.get().stop());
            running.set(release("v2").lock(lock).step(world.change("database")).build());

            assertThat(running.get().run().outcome()).isEqualTo(ReleaseOutcome.INTERRUPTED);

            assertThat(Thread.interrupted()).isFalse();
            assertThat(world.things()).isEqualTo(World.OLD);
        }

        /** Has a release told to stop right after it has got the lock. */
        private record StoppingLock(ReleaseLock lock, Runnable stop) implements ReleaseLock {

            @Override
            public Lease acquire(String holder, String reason, Duration wait) throws IOException, InterruptedException {
                Lease lease = lock.acquire(holder, reason, wait);
                stop.run();
                return lease;
            }

            @Override
            public LockState state() throws IOException {
                return lock.state();
            }

            @Override
            public LockState breakLock(String by, String reason) throws IOException {
                return lock.breakLock(by, reason);
            }
        }

        @Test
        void isUndoneWhenItIsToldToStopInLine() throws Exception {
            try (Lease held = FileReleaseLock.in(releases).acquire("ada", "release v1", Duration.ZERO)) {
                Release release = release("v2").step(world.change("database")).build();
                CompletableFuture<ReleaseReport> running = CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return release.run();
                            } catch (IOException | InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                        },
                        World.THREADS);
                await().until(() -> lock().waiting() == 1);

                release.stop();

                assertThat(running.get().outcome()).isEqualTo(ReleaseOutcome.INTERRUPTED);
                assertThat(log).first().asString().startsWith("[WAIT] ada holds the lock since");
                assertThat(held.isHeld()).isTrue();
            }
        }

        @Test
        @Tag("S-6")
        void inItsLastStepIsDoneAllTheSame() throws Exception {
            CountDownLatch enough = new CountDownLatch(1);
            ReleaseReport report = release("v2")
                    .step(world.change("database"))
                    .step(Step.notify("deaf", context -> awaitWhateverHappens(enough))
                            .timeout(Duration.ofMillis(50)))
                    .build()
                    .run();
            enough.countDown();
            await().until(() -> lock() == null);
            awaitNobodyLingers();

            assertThat(report.outcome()).isEqualTo(ReleaseOutcome.DONE);
            assertThat(log).anyMatch(line -> line.contains("\"deaf\" failed, which changes nothing"));
        }

        /** As a shutdown hook or an executor does. */
        @Test
        void isUndoneWhenWhoWaitsForItIsInterrupted() throws Exception {
            CountDownLatch never = new CountDownLatch(1);
            Thread waiting = Thread.currentThread();
            ReleaseReport report = release("v2")
                    .step(world.change("database"))
                    .step(Step.check("wait", context -> {
                        waiting.interrupt();
                        never.await();
                    }))
                    .build()
                    .run();

            assertThat(Thread.interrupted()).isTrue();
            assertThat(lock()).isNull();
            assertThat(report.outcome()).isEqualTo(ReleaseOutcome.INTERRUPTED);
            assertThat(world.things()).isEqualTo(World.OLD);
        }
    }

    @Nested
    class Plan {

        @Test
        void ofAChangeThatCannotBeUndoneIsRefused() {
            Step change = Step.change("migrate", context -> {});

            assertThatThrownBy(() -> release("v2").step(change))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("step \"migrate\" needs a compensation, but it is null");
            assertThatThrownBy(() -> release("v2").step(change.compensation(context -> {})))
                    .hasMessageContaining("verification");
            assertThatThrownBy(() -> release("v2")
                            .step(change.compensation(context -> {}).verification(context -> {})))
                    .hasMessageContaining("probe");
        }

        @Test
        void ofTwoStepsOfOneNameIsRefused() {
            assertThatThrownBy(() -> release("v2")
                            .step(Step.check("look", context -> {}))
                            .step(Step.notify("look", context -> {})))
                    .hasMessageContaining("two steps")
                    .hasMessageContaining("\"look\"");
        }

        @Test
        @Tag("B2-1")
        void ofAProtectionThatComesTooLateIsRefused() {
            assertThatThrownBy(() ->
                            release("v2").step(world.change("database")).step(Step.protect("backup", context -> {})))
                    .hasMessageContaining("\"backup\"", "before the first change");
        }

        @Test
        void ofAStepAfterTheLastOnesIsRefused() {
            assertThatThrownBy(() -> release("v2")
                            .step(Step.cleanup("scratch", context -> {}))
                            .step(Step.check("look", context -> {})))
                    .hasMessageContaining("\"look\"", "runs last");
        }

        @Test
        void ofNothingIsRefused() {
            assertThatThrownBy(() -> release("v2").build()).hasMessageContaining("no steps");
            assertThatThrownBy(() -> Release.named("v2")
                            .step(Step.check("look", context -> {}))
                            .build())
                    .hasMessageContaining("directory");
            assertThatThrownBy(() -> Release.named("../v2")).hasMessageContaining("\"../v2\"");
            assertThatThrownBy(() -> Step.check("Look", context -> {})).hasMessageContaining("\"Look\"");
            Step step = Step.check("look", context -> {});
            assertThatThrownBy(() -> step.timeout(ChronoUnit.FOREVER.getDuration()))
                    .hasMessageContaining("from PT0.001S");
            assertThatThrownBy(() -> release("v2").patience(Duration.ofNanos(1)))
                    .hasMessageContaining("\"PT0.000000001S\"");
        }
    }
}
