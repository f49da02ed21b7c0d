package io.pratique.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pratique.release.FileReleaseLock;
import io.pratique.release.InconclusiveException;
import io.pratique.release.Lease;
import io.pratique.release.LockState;
import io.pratique.release.Release;
import io.pratique.release.ReleaseLock;
import io.pratique.release.Step;
import io.pratique.release.incidents.Incidents;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "releases by shell scripts")
class ReleaseCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    private ShellWorld world;

    @BeforeEach
    void build() throws Exception {
        world = ShellWorld.in(Files.createDirectories(directory.resolve("ada's world")));
    }

    private Command release(String verb, String... more) {
        return run("release", verb, more);
    }

    private Command run(String group, String verb, String... more) {
        List<String> words =
                new ArrayList<>(List.of(group, verb, "--plan", world.plan().toString()));
        words.addAll(List.of(more));
        return Command.run(words.toArray(String[]::new));
    }

    private Command released(String version) {
        Command run = release("run", "--version", version);
        assertThat(run.code()).as(run.out() + run.err()).isZero();
        return run;
    }

    private static JsonNode json(Command command) throws Exception {
        return JSON.readTree(command.out());
    }

    /** Runs the command that a command names to go on with, as a shell takes it apart. */
    private static Command next(Command ended) throws Exception {
        String last = ended.lines().get(ended.lines().size() - 1);
        Process shell = new ProcessBuilder(
                        "sh",
                        "-c",
                        "pratique() { printf '%s\\n' \"$@\"; }\n" + last.substring(last.indexOf("; next: ") + 8))
                .start();
        String words = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).as(last).isZero();
        return Command.run(words.lines().toArray(String[]::new));
    }

    @Nested
    class ARun {

        @Test
        @Tag("D-1")
        void tellsEachStepAndAtLastTheOutcomeWhatChangedAndTheNextCommand() throws Exception {
            Command run = released("v1");

            assertThat(world.things()).isEqualTo("v1 v1");
            assertThat(run.lines().get(0)).isEqualTo("[STEP 1/6] environment ...");
            assertThat(run.lines().get(1)).matches("\\[STEP 1/6] environment done in \\d+\\.\\d{3} s.*");
            assertThat(run.lines().get(run.lines().size() - 1))
                    .startsWith(
                            "DONE (exit code 0), changed: database, backend; next: pratique release status --plan '");
            assertThat(next(run).succeeds().out()).contains("version: v1");
        }

        @Test
        @Tag("D-1")
        void givesOneJsonObjectOnTheOutputAndTheStepsBesideIt() throws Exception {
            Command run = release("run", "--version", "v1", "--format", "json");

            assertThat(json(run).path("outcome").asText()).isEqualTo("DONE");
            assertThat(json(run).path("exitCode").asInt()).isZero();
            assertThat(json(run).path("changed")).extracting(JsonNode::asText).containsExactly("database", "backend");
            assertThat(Path.of(json(run).path("journal").asText())).isRegularFile();
            assertThat(run.err()).contains("[STEP 3/6] database ...");
        }

        @Test
        @Tag("S-10")
        void ofTheCurrentVersionDoesNothing() throws Exception {
            released("v1");
            Map<String, String> before = world.files();

            Command again = released("v1");

            assertThat(again.out()).doesNotContain("[STEP").contains("DONE (exit code 0), nothing is changed");
            assertThat(world.files()).isEqualTo(before);
        }

        @Test
        @Tag("S-10")
        void afterARollbackConverges() throws Exception {
            released("v1");
            released("v2");
            Command back = release("rollback", "--reason", "customers complain").succeeds();
            assertThat(back.out()).contains("ROLLED_BACK (exit code 0), nothing is changed");
            assertThat(world.things()).isEqualTo("v1 v1");

            released("v2");

            assertThat(world.things()).isEqualTo("v2 v2");
            assertThat(Files.readString(world.directory().resolve("told")).lines())
                    .containsExactly("DONE", "DONE", "ROLLED_BACK", "DONE");
        }

        @Test
        @Tag("S-2")
        void thatFailsIsUndoneAndTellsWhy() throws Exception {
            released("v1");
            world.tell("fail-migrated");

            Command run = release("run", "--version", "v2");

            assertThat(run.code()).isEqualTo(1);
            assertThat(world.things()).isEqualTo("v1 v1");
            assertThat(run.lines().get(run.lines().size() - 1))
                    .startsWith("ROLLED_BACK (exit code 1), nothing is changed; next: pratique release report 2-v2 ");
            assertThat(next(run).succeeds().out())
                    .contains("# Release v2: ROLLED_BACK", "| failed step | migrated |", "| database | compensation |");
        }

        @Test
        @Tag("S-2")
        void thatFailsBeforeTheFirstChangeChangesNothing() throws Exception {
            world.tell("fail-environment");

            Command run = release("run", "--version", "v1");

            assertThat(run.code()).isEqualTo(4);
            assertThat(world.things()).isEqualTo("none none");
            assertThat(next(run).code()).isEqualTo(4);
        }

        @Test
        @Tag("S-2")
        void thatCannotBeUndoneSaysWhatIsChangedStillAndIsUndoneLater() throws Exception {
            world.tell("fail-backend");
            world.tell("stuck-databaseback");

            Command run = release("run", "--version", "v1");

            assertThat(run.code()).isEqualTo(5);
            assertThat(run.out()).contains("ROLLBACK_FAILED (exit code 5), changed: database; next: ");
            Command refused = release("run", "--version", "v2");
            assertThat(refused.code()).isEqualTo(6);
            assertThat(refused.err()).contains("v1 was begun and is neither done nor undone");
            assertThat(refused.out())
                    .contains("UNFINISHED (exit code 6), what is changed is not known", "pratique release resume");
            world.tellNoMore("stuck-databaseback");
            assertThat(next(run).succeeds().out()).contains("ROLLED_BACK");
            assertThat(world.things()).isEqualTo("none none");
        }

        @Test
        @Tag("S-2")
        void endsWithItsOwnCodeAlsoIfTheJournalOfAnotherWasChanged() throws Exception {
            released("v1");
            released("v2");
            Path old = world.releases().resolve("past/1-v1.journal");
            Files.writeString(old, Files.readString(old).replaceFirst("INTENT", "INTEND"));

            Command done = release("run", "--version", "v3");
            world.tell("fail-backend");
            Command undone = release("run", "--version", "v4");

            assertThat(done.code()).as(done.err()).isZero();
            assertThat(done.out()).contains("DONE (exit code 0), what is changed is not known");
            assertThat(done.err()).contains("1-v1.journal");
            assertThat(undone.code()).as(undone.err()).isEqualTo(1);
            assertThat(undone.out()).contains("ROLLED_BACK (exit code 1), nothing is changed");
        }

        @Test
        @Tag("S-5")
        void endsWhileAnotherHasTheLock() throws Exception {
            try (Lease other = FileReleaseLock.in(world.releases()).acquire("ada", "a test", Duration.ZERO)) {
                assertThat(other.isHeld()).isTrue();

                Command run = release("run", "--version", "v1", "--wait", "0");

                assertThat(run.code()).isEqualTo(3);
                assertThat(run.err()).contains("ada holds the lock since");
                assertThat(next(run).succeeds().out()).contains("ada holds the lock since");
                assertThat(json(release("run", "--version", "v1", "--wait", "0", "--format", "json"))
                                .path("outcome")
                                .asText())
                        .isEqualTo("LOCK_HELD");
            }
            assertThat(world.things()).isEqualTo("none none");
        }

        @Test
        @Tag("S-10")
        void thatIsDryTellsAndChangesNothing() throws Exception {
            Map<String, String> before = world.files();

            Command go = release("run", "--version", "v1", "--dry-run").succeeds();
            world.tell("fail-environment");
            Command noGo = release("run", "--version", "v1", "--dry-run", "--format", "json");

            assertThat(go.out()).contains("[STEP 3/6] database: change", "# Release v1: GO", "Nothing was changed.");
            assertThat(noGo.code()).isEqualTo(4);
            assertThat(json(noGo).path("readiness").path("verdict").asText()).isEqualTo("NO-GO");
            assertThat(json(noGo).path("plan").path("steps")).hasSize(6);
            world.tellNoMore("fail-environment");
            assertThat(world.files()).isEqualTo(before);
        }

        @Test
        @Tag("S-10")
        void thatIsDryTellsWhatIsInTheWay() throws Exception {
            released("v1");
            assertThat(release("run", "--version", "v1", "--dry-run").succeeds().out())
                    .contains("v1 is the current version already");
            world.tell("fail-backend");
            world.tell("stuck-databaseback");
            assertThat(release("run", "--version", "v2").code()).isEqualTo(5);

            Command dry = release("run", "--version", "v3", "--dry-run");

            assertThat(dry.code()).isEqualTo(6);
            assertThat(dry.out()).contains("2-v2 was begun and is neither done nor undone");
        }
    }

    @Nested
    @Tag("V-2")
    class ACheck {

        @Test
        void saysGoInMarkdownOrJson() throws Exception {
            assertThat(release("check", "--version", "v1").succeeds().out())
                    .startsWith("# Release v1: GO\n")
                    .contains("| environment | PASSED |");
            assertThat(json(release("check", "--version", "v1", "--format", "json")
                                    .succeeds())
                            .path("verdict")
                            .asText())
                    .isEqualTo("GO");
        }

        @Test
        void saysNoGo() throws Exception {
            world.tell("fail-environment");

            Command check = release("check", "--version", "v1");

            assertThat(check.code()).isEqualTo(4);
            assertThat(check.out()).startsWith("# Release v1: NO-GO\n");
            assertThat(world.releases()).doesNotExist();
        }

        @Test
        void thatCannotTellIsNeither() {
            Command check = Command.run(
                    "release",
                    "check",
                    "--plan",
                    InDoubt.class.getName(),
                    "--version",
                    "v1",
                    "--directory",
                    directory.toString());

            assertThat(check.code()).as(check.err()).isEqualTo(6);
            assertThat(check.out()).contains("| who-knows | INCONCLUSIVE |");
        }
    }

    @Nested
    class AStatus {

        @Test
        @Tag("S-5")
        void tellsTheVersionTheLastReleasesAndTheLockWithoutAPlan() throws Exception {
            for (String version : List.of("v1", "v2", "v3", "v4")) {
                released(version);
            }
            Command status = Command.run(
                            "release", "status", "--directory", world.releases().toString())
                    .succeeds();

            assertThat(status.lines()).startsWith("version: v4", "under way: none", "lock: none", "last releases:");
            assertThat(status.lines().subList(4, 7))
                    .satisfiesExactly(
                            line -> assertThat(line).startsWith("  4-v4: DONE, begun "),
                            line -> assertThat(line).startsWith("  3-v3: DONE, begun "),
                            line -> assertThat(line).startsWith("  2-v2: DONE, begun "));
            try (Lease held = FileReleaseLock.in(world.releases()).acquire("ada", "a test", Duration.ZERO)) {
                JsonNode json = json(release("status", "--format", "json"));
                assertThat(json.path("lock").path("token").asLong()).isEqualTo(held.token());
                assertThat(json.path("version").asText()).isEqualTo("v4");
                assertThat(json.path("underWay").isNull()).isTrue();
            }
        }

        @Test
        @Tag("S-2")
        void tellsHowFarAReleaseHasCome() throws Exception {
            world.tell("fail-backend");
            world.tell("stuck-databaseback");
            assertThat(release("run", "--version", "v1").code()).isEqualTo(5);

            Command status = release("status").succeeds();

            assertThat(status.out())
                    .contains("under way: 1-v1: ROLLBACK_FAILED, undone since step \"backend\" failed")
                    .contains("  goes on: no; resume it or roll it back");
        }

        @Test
        @Tag("S-7")
        void writesTheMetricsToo() throws Exception {
            released("v1");
            Path file = directory.resolve("releases.prom");

            release("status", "--textfile", file.toString(), "--service", "worker")
                    .succeeds();

            assertThat(file).content().contains("service=\"worker\"");
            Command refused = release("status", "--pushgateway", "http://localhost:1");
            assertThat(refused.code()).isEqualTo(2);
            Command unread = release("status", "--pushgateway", "ht tp://u:hunter2@localhost");
            assertThat(unread.code()).isEqualTo(2);
            assertThat(unread.err()).contains("--pushgateway", "must be a URL").doesNotContain("hunter2");
        }

        @Test
        void ofNothingIsEmpty() {
            assertThat(Command.run(
                                    "release",
                                    "status",
                                    "--directory",
                                    directory.resolve("no").toString())
                            .succeeds()
                            .out())
                    .contains("version: none");
            assertThat(directory.resolve("no")).doesNotExist();
        }
    }

    @Nested
    class AReport {

        @Test
        void isOfTheNewestReleaseOrOfTheOneThatIsNamed() throws Exception {
            released("v1");
            released("v2");

            assertThat(release("report").succeeds().out()).startsWith("# Release v2: DONE");
            JsonNode first = json(release("report", "1-v1", "--format", "json").succeeds());
            assertThat(first.path("version").asText()).isEqualTo("v1");
            assertThat(first.path("steps")).hasSize(8);
            Command none = release("report", "3-v3");
            assertThat(none.code()).isEqualTo(2);
            assertThat(none.err()).contains("\"3-v3\"", "[2-v2, 1-v1]");
        }
    }

    @Nested
    @Tag("S-6")
    class AnIncident {

        @Test
        void isListedUntilSomebodyClosesIt() throws Exception {
            Files.writeString(
                    world.plan(),
                    Files.readString(world.plan()).replaceFirst("\\{", "{\"incidents\": {\"service\": \"worker\"}, "));
            world.tell("fail-migrated");
            Command run = release("run", "--version", "v1");
            assertThat(run.out()).contains("[STEP 7/7] incident done");

            assertThat(release("status").out()).contains("incidents:", "  1-v1: ROLLED_BACK, to be closed until ");
            Command closed = release("report", "--close-incident", "1-v1", "--by", "ada", "--note", "a typing error");
            assertThat(closed.succeeds().out()).contains("1-v1: ROLLED_BACK, closed by ada");
            assertThat(json(release("status", "--format", "json")).path("incidents"))
                    .isEmpty();
            assertThat(release("report", "--close-incident", "1-v1").code()).isEqualTo(2);
            Command delivery = release("report", "--deliver");
            assertThat(delivery.code()).isEqualTo(2);
            assertThat(delivery.err()).contains("--deliver tells nobody", "a file under \"incidents\"");
        }
    }

    @Nested
    @Tag("S-5")
    class ALock {

        @Test
        void isBrokenWithAReasonAndTellsWhoHadIt() throws Exception {
            try (Lease other = FileReleaseLock.in(world.releases()).acquire("ada", "a test", Duration.ZERO)) {
                Command broken = run("lock", "break", "--reason", "the host is gone", "--by", "bob")
                        .succeeds();

                assertThat(broken.out()).startsWith("taken away: ada holds the lock since ");
                assertThat(other.isHeld()).isFalse();
            }
            assertThat(run("lock", "break", "--reason", "again").succeeds().out())
                    .contains("nobody holds the lock");
            assertThat(json(run("lock", "status", "--format", "json"))
                            .path("lock")
                            .isNull())
                    .isTrue();
        }

        @Test
        void isNotBrokenWithoutAReason() {
            assertThat(run("lock", "break").code()).isEqualTo(2);
            assertThat(run("lock", "break", "--reason", " ").code()).isEqualTo(2);
        }

        @Test
        void isInOnePlaceOnly() {
            Command both = run("lock", "status", "--postgres", "postgresql://u:hunter2@h/d", "--name", "worker");

            assertThat(both.code()).isEqualTo(2);
            assertThat(both.err()).contains("--postgres").doesNotContain("hunter2");
        }
    }

    /** As a program has its plan. */
    public static final class InAClass {

        private InAClass() {}

        public static Release.Builder plan(String version) {
            return Release.named(version)
                    .step(Step.check("version", context -> context.tell("it is " + context.version())));
        }
    }

    /** With receivers that are not known here. */
    public static final class InAClassWithoutItsSecret {

        private InAClassWithoutItsSecret() {}

        public static Release.Builder plan(String version) {
            return InAClass.plan(version);
        }

        public static Incidents incidents(Path releases) {
            if (System.getenv("PRATIQUE_TEST_CHAT_URL") == null) {
                throw new IllegalStateException("CHAT_URL is not set");
            }
            return Incidents.in(releases);
        }
    }

    /** With a check that cannot tell. */
    public static final class InDoubt {

        private InDoubt() {}

        public static Release.Builder plan(String version) {
            return Release.named(version).step(Step.check("who-knows", context -> {
                throw new InconclusiveException("nobody answers");
            }));
        }
    }

    /** That is broken in a way that no exception tells. */
    public static final class WithABrokenLock {

        private WithABrokenLock() {}

        public static Release.Builder plan(String version) {
            return InAClass.plan(version).lock(new ReleaseLock() {
                @Override
                public Lease acquire(String holder, String reason, Duration wait) {
                    throw new AssertionError("nobody thought of this");
                }

                @Override
                public LockState state() {
                    return null;
                }

                @Override
                public LockState breakLock(String by, String reason) {
                    return null;
                }
            });
        }
    }

    /** With one plan too many. */
    public static final class InTwoMethods {

        private InTwoMethods() {}

        public static Release.Builder one(String version) {
            return Release.named(version);
        }

        public static Release.Builder other(String version) {
            return Release.named(version);
        }
    }

    @Nested
    class APlanInAClass {

        private Command ofClass(Class<?> type, String verb, String... more) {
            List<String> words = new ArrayList<>(List.of("release", verb, "--plan", type.getName()));
            words.addAll(List.of(more));
            return Command.run(words.toArray(String[]::new));
        }

        @Test
        void isRunInTheDirectoryThatTheCommandSays() throws Exception {
            String releases = directory.resolve("releases of a class").toString();

            Command run = ofClass(InAClass.class, "run", "--version", "v1", "--directory", releases);

            assertThat(run.succeeds().out()).contains("[STEP 1/1] version done", "it is v1");
            assertThat(next(run).succeeds().out()).contains("version: v1");
            assertThat(ofClass(InAClass.class, "rollback", "--reason", "no", "--directory", releases)
                            .succeeds()
                            .out())
                    .contains("NOTHING_CHANGED (exit code 0)");
        }

        @Test
        void thatIsBrokenInAnyWayIsNotTakenForOneThatWasUndone() {
            Command run = ofClass(WithABrokenLock.class, "run", "--version", "v1", "--directory", directory.toString());

            assertThat(run.code()).as(run.err()).isEqualTo(6);
            assertThat(run.err()).contains("nobody thought of this").doesNotContain("\tat ");
        }

        @Test
        void isFollowedAlsoIfNobodyKnowsWhomToTell() {
            String releases = directory.resolve("releases of a class").toString();

            Command run = ofClass(InAClassWithoutItsSecret.class, "run", "--version", "v1", "--directory", releases);

            assertThat(run.succeeds().out()).contains("DONE (exit code 0)");
            assertThat(ofClass(InAClassWithoutItsSecret.class, "status", "--directory", releases)
                            .succeeds()
                            .out())
                    .contains("version: v1");
            Command deliver = ofClass(InAClassWithoutItsSecret.class, "report", "--deliver", "--directory", releases);
            assertThat(deliver.code()).isEqualTo(2);
            assertThat(deliver.err()).contains("gives no Incidents", "CHAT_URL is not set");
        }

        @Test
        void saysWhichFileIsInTheWay() throws Exception {
            Path file = Files.createFile(directory.resolve("in the way"));
            Command run = ofClass(InAClass.class, "run", "--version", "v1", "--directory", file.toString());
            assertThat(run.code()).isEqualTo(2);
            assertThat(run.err()).contains("\"" + file + "\" is in the way; move it away");

            Path folder = Files.createDirectories(directory.resolve("releases/release.journal"));
            Command other = ofClass(InAClass.class, "status", "--directory", String.valueOf(folder.getParent()));
            assertThat(other.code()).isEqualTo(2);
            assertThat(other.err())
                    .contains("The journal \"" + folder + "\" cannot be read: java.io.IOException: Is a directory");
        }

        @Test
        void showsNothingThatATerminalObeysOrThatIsNotSeen() throws Exception {
            Path odd = directory.resolve("\u001b[31mred\u200d\u0085");
            String[] there = {"--directory", odd.toString()};

            Command run = ofClass(InAClass.class, "run", "--version", "v1", there[0], there[1]);
            assertThat(run.succeeds().out()).doesNotContain("\u001b", "\u200d", "\u0085");
            assertThat(run.out().strip()).endsWith("/\\033\\13331mred\\342\\200\\215\\302\\205'");
            assertThat(ofClass(InAClass.class, "plan", "--version", "v1", there[0], there[1])
                            .succeeds()
                            .out())
                    .contains("\\u001B[31mred\\u200D\\u0085");

            Command status = ofClass(InAClass.class, "status", "--format", "json", there[0], there[1]);
            assertThat(status.succeeds().out()).doesNotContain("\u001b", "\u200d", "\u0085");
            assertThat(json(status).path("directory").asText()).isEqualTo(odd.toString());
        }

        @Test
        void isRefusedWithoutADirectoryOrIfItIsNotOne() {
            assertThat(ofClass(InAClass.class, "run", "--version", "v1").err()).contains("give --directory");
            assertThat(ofClass(InTwoMethods.class, "plan", "--version", "v1").err())
                    .contains("has 2 methods for its plan", "Release.Builder");
            assertThat(ofClass(String.class, "plan", "--version", "v1").code()).isEqualTo(2);
            assertThat(Command.run("release", "plan", "--plan", "no.such.Plan", "--version", "v1")
                            .err())
                    .contains("the plan \"no.such.Plan\" is no file", "--classpath");
            assertThat(ofClass(InAClass.class, "plan", "--version", "not a version", "--directory", "x")
                            .err())
                    .contains("not a version");
        }
    }

    @Test
    void helpTellsTheExitCodesOfReleasesWhereTheyHold() {
        assertThat(Command.run("--help").succeeds().out())
                .containsSubsequence("Releases by a plan", "Tells who has the right to release");
        for (String[] words : List.of(
                new String[] {"release", "--help"},
                new String[] {"release", "run", "--help"},
                new String[] {"release", "status", "--help"},
                new String[] {"lock", "break", "--help"})) {
            assertThat(Command.run(words).succeeds().out())
                    .contains("130  told to stop")
                    .doesNotContain("hides it");
        }
        assertThat(Command.run("release", "run", "--help").out()).contains("--version=V", "--dry-run", "--wait");
        assertThat(Command.run("flags", "off", "--help").out()).doesNotContain("130");
    }

    @Test
    void whatIsMissingIsSaid() {
        assertThat(Command.run("release", "run", "--version", "v1").err()).contains("give --plan");
        assertThat(Command.run("release", "status").err()).contains("give --directory or --plan");
        assertThat(release("run").code()).isEqualTo(2);
        assertThat(release("resume").err()).contains("there is no release to resume");
        assertThat(release("rollback", "--reason", "no").code()).isEqualTo(2);
        assertThat(release("rollback").code()).isEqualTo(2);
    }
}
