package io.pratique.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.pratique.release.ChangeState;
import io.pratique.release.Release;
import io.pratique.release.Step;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The command as processes that are told to end, killed, and run beside each other. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "signals, setsid, and commands that end with the one that ran them")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ReleaseProcessIT {

    @TempDir
    Path directory;

    private ShellWorld world;

    @BeforeEach
    void build() throws Exception {
        world = ShellWorld.in(directory);
    }

    private ReleaseProcess release(String verb, String... more) throws Exception {
        String[] words = new String[more.length + 4];
        words[0] = "release";
        words[1] = verb;
        words[2] = "--plan";
        words[3] = "release.json";
        System.arraycopy(more, 0, words, 4, more.length);
        return ReleaseProcess.start(world, words);
    }

    private void endsWith(int code, String last, String verb, String... more) throws Exception {
        try (ReleaseProcess process = release(verb, more)) {
            assertThat(process.code()).as(process.said()).isEqualTo(code);
            assertThat(process.lastLine()).contains(last);
        }
    }

    private void isHalfMade(String thing) {
        await().atMost(Duration.ofMinutes(1)).until(() -> world.thing(thing).equals("half"));
    }

    @Test
    @Tag("S-2")
    void whatGoesWrongBesideItIsToldInALine() throws Exception {
        Files.createFile(Files.createDirectories(world.releases()).resolve("past"));

        try (ReleaseProcess run = release("run", "--version", "v1")) {
            assertThat(run.code()).as(run.said()).isZero();
            assertThat(run.said())
                    .contains("The journal of a release stays where it is", "FileAlreadyExistsException")
                    .doesNotContain("\tat ");
        }
    }

    @Nested
    @Tag("S-2")
    class ASignal {

        @Test
        void inTheMiddleOfAStepHasAllUndoneAndTheLockReleased() throws Exception {
            endsWith(0, "DONE", "run", "--version", "v1");
            world.tell("hold-backend");
            try (ReleaseProcess run = release("run", "--version", "v2")) {
                isHalfMade("backend");

                run.signal("TERM");

                assertThat(run.code()).as(run.said()).isEqualTo(130);
                assertThat(run.lastLine())
                        .isEqualTo("INTERRUPTED (exit code 130), nothing is changed; next: pratique release run"
                                + " --version v2 --plan release.json");
            }
            assertThat(world.things()).isEqualTo("v1 v1");
            assertThat(Files.readString(world.directory().resolve("told"))).isEqualTo("DONE\nINTERRUPTED\n");
            world.tellNoMore("hold-backend");
            endsWith(0, "DONE", "run", "--version", "v2", "--wait", "0");
        }

        @Test
        void ofATerminalReachesAllAndASecondOneBreaksNothing() throws Exception {
            endsWith(0, "DONE", "run", "--version", "v1");
            world.tell("hold-backend");
            world.tell("hold-databaseback");
            try (ReleaseProcess run = release("run", "--version", "v2", "--format", "json")) {
                isHalfMade("backend");

                run.signalAll("INT");
                run.awaitLine("database, compensation ...");
                isHalfMade("database");
                run.signalAll("INT");
                run.signalAll("TERM");
                assertThat(run.process().isAlive()).isTrue();
                world.tellNoMore("hold-databaseback");

                assertThat(run.code()).as(run.said()).isEqualTo(130);
                assertThat(run.said()).contains("\"exitCode\" : 130");
            }
            assertThat(world.things()).isEqualTo("v1 v1");
        }

        @Test
        void whileItWaitsForTheLockEndsTheWaiting() throws Exception {
            world.tell("hold-environment");
            try (ReleaseProcess first = release("run", "--version", "v1", "--holder", "ada")) {
                first.awaitLine("[STEP 1/6] environment ...");
                try (ReleaseProcess second = release("run", "--version", "v2", "--holder", "bob")) {
                    await().atMost(Duration.ofMinutes(1))
                            .untilAsserted(() -> assertThat(status()).contains("1 waiting"));

                    second.signal("TERM");

                    assertThat(second.code()).as(second.said()).isEqualTo(130);
                }
                world.tellNoMore("hold-environment");
                assertThat(first.code()).isZero();
            }
            assertThat(world.things()).isEqualTo("v1 v1");
        }

        private String status() {
            return Command.run("lock", "status", "--directory", world.releases().toString())
                    .out();
        }

        @Test
        void duringACheckEndsIt() throws Exception {
            world.tell("hold-environment");
            try (ReleaseProcess check = release("check", "--version", "v1")) {
                check.awaitLine("[STEP 1/6] environment ...");

                check.signal("TERM");

                assertThat(check.code()).as(check.said()).isEqualTo(130);
            }
        }
    }

    /** That ends its process, as no plan should. */
    public static final class ThatExits {

        private ThatExits() {}

        public static Release.Builder plan(String version) {
            if (version.equals("v0")) {
                System.exit(0);
            }
            return Release.named(version)
                    .step(Step.change("exit", context -> System.exit(0))
                            .compensation(context -> {})
                            .verification(context -> {})
                            .probe(context -> ChangeState.UNKNOWN));
        }
    }

    @Nested
    @Tag("S-2")
    class APlanThatExits {

        private void endsWith(int code, String version) throws Exception {
            String[] words = {
                "release", "run", "--plan", ThatExits.class.getName(), "--directory", "releases", "--version", version
            };
            try (ReleaseProcess run = ReleaseProcess.start(world, words)) {
                assertThat(run.code()).as(run.said()).isEqualTo(code);
                assertThat(run.lastLine()).contains("System.exit");
            }
        }

        @Test
        void endsBeforeAnythingIsBegun() throws Exception {
            endsWith(2, "v0");
            assertThat(world.releases()).doesNotExist();
        }

        @Test
        void withinAStepIsLeftAsByAKill() throws Exception {
            endsWith(6, "v1");
            assertThat(world.releases().resolve("release.journal")).exists();
        }
    }

    @Nested
    @Tag("S-2")
    class AKill {

        @Test
        void betweenTwoChangesIsResumed() throws Exception {
            world.tell("hold-migrated");
            try (ReleaseProcess run = release("run", "--version", "v1")) {
                run.awaitLine("migrated ...");
                run.process().destroyForcibly();
                assertThat(run.code()).isNotZero();
            }
            world.tellNoMore("hold-migrated");

            endsWith(6, "UNFINISHED (exit code 6)", "run", "--version", "v2");
            endsWith(0, "changed: database, backend; next:", "resume");

            assertThat(world.things()).isEqualTo("v1 v1");
        }

        @Test
        void withinAChangeLeavesADoubtThatIsRolledBack() throws Exception {
            endsWith(0, "DONE", "run", "--version", "v1");
            world.tell("hold-backend");
            try (ReleaseProcess run = release("run", "--version", "v2")) {
                isHalfMade("backend");
                run.process().destroyForcibly();
                assertThat(run.code()).isNotZero();
            }
            world.tellNoMore("hold-backend");

            endsWith(
                    6,
                    "INCONCLUSIVE (exit code 6), changed: database, backend; next: pratique release rollback --reason '",
                    "resume");
            endsWith(0, "ROLLED_BACK (exit code 0), nothing is changed", "rollback", "--reason", "in doubt");

            assertThat(world.things()).isEqualTo("v1 v1");
        }
    }

    @Nested
    @Tag("S-5")
    class TwoAtOnce {

        @Test
        void runOneAfterTheOther() throws Exception {
            world.tell("hold-migrated");
            try (ReleaseProcess first = release("run", "--version", "v1", "--holder", "ada")) {
                first.awaitLine("migrated ...");
                try (ReleaseProcess second = release("run", "--version", "v2", "--wait", "1m")) {
                    endsWith(3, "LOCK_HELD (exit code 3)", "run", "--version", "v3", "--wait", "0");
                    world.tellNoMore("hold-migrated");

                    assertThat(first.code()).as(first.said()).isZero();
                    assertThat(second.code()).as(second.said()).isZero();
                }
            }
            assertThat(world.things()).isEqualTo("v2 v2");
        }
    }

    @Nested
    @Tag("S-6")
    class AReceiver {

        @Test
        void thatIsAwayIsToldLater() throws Exception {
            Files.writeString(
                    world.plan(),
                    Files.readString(world.plan())
                            .replaceFirst("\\{", "{\"incidents\": {\"webhook\": \"INCIDENTS_URL\"}, "));
            world.tell("fail-migrated");
            String[] run = {"release", "run", "--plan", "release.json", "--version", "v1"};
            String[] deliver = {"release", "report", "--deliver", "--plan", "release.json"};
            AtomicBoolean away = new AtomicBoolean(true);
            Queue<String> told = new ConcurrentLinkedQueue<>();
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> {
                String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                if (!away.get()) {
                    told.add(body);
                    exchange.sendResponseHeaders(204, -1);
                }
                exchange.close();
            });
            server.start();
            Map<String, String> environment = Map.of(
                    "INCIDENTS_URL", "http://localhost:" + server.getAddress().getPort() + "/hunter2");
            try {
                try (ReleaseProcess failed = ReleaseProcess.start(world, environment, run)) {
                    assertThat(failed.code()).as(failed.said()).isEqualTo(1);
                    assertThat(failed.said()).doesNotContain("hunter2");
                }
                away.set(false);
                try (ReleaseProcess delivery = ReleaseProcess.start(world, environment, deliver)) {
                    assertThat(delivery.code()).as(delivery.said()).isZero();
                }
                assertThat(told).singleElement().asString().contains("1-v1").doesNotContain("closing");
                String[] close = {
                    "release", "report", "--close-incident", "1-v1", "--by", "ada", "--plan", "release.json"
                };
                try (ReleaseProcess closing = ReleaseProcess.start(world, environment, close)) {
                    assertThat(closing.code()).as(closing.said()).isZero();
                    assertThat(closing.said()).contains("closed by ada", "webhook: delivered");
                }
            } finally {
                server.stop(0);
            }
            assertThat(told).hasSize(2).last().asString().contains("\"closing\"", "ada");
        }
    }
}
