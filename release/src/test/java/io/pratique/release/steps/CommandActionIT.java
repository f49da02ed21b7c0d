package io.pratique.release.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pratique.release.ChangeState;
import io.pratique.release.Release;
import io.pratique.release.ReleaseOutcome;
import io.pratique.release.ReleaseReport;
import io.pratique.release.Step;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of programs that steps run. */
@Tag("S-2")
@Timeout(120)
class CommandActionIT {

    /** Starts two processes, of which one will not end when it is asked to, and writes down their numbers. */
    private static final String FAMILY =
            "(trap '' TERM; echo $BASHPID >> pids; while :; do sleep 0.1; done) & echo $$ >> pids; touch begun; wait";

    /** The same, where the one that will not end is no child of the program any more. */
    private static final String ORPHAN = "((trap '' TERM; echo $BASHPID >> pids; while :; do sleep 0.1; done) &);"
            + " echo $$ >> pids; touch begun; sleep 100";

    /** Writes down who of them is there while this runs. */
    private static final String LOOK =
            "touch undone; for pid in $(cat pids); do grep -q '^State:.[^Z]' /proc/$pid/status && echo $pid >> beside; done;"
                    + " true";

    @TempDir
    private Path directory;

    /** Where a step of a release may keep files, of the release with number one. */
    private Path files() {
        return directory.resolve("releases/files/1-v2");
    }

    private Release.Builder release() {
        return Release.named("v2").directory(directory.resolve("releases")).log(line -> {});
    }

    private ReleaseReport run(CommandAction action) throws Exception {
        return release().step(Step.check("command", action)).build().run();
    }

    private CommandAction bash(String script) {
        return CommandAction.of("bash", "-c", script).directory(directory);
    }

    private boolean isAnyAlive() throws IOException {
        try (Stream<String> pids = Files.lines(directory.resolve("pids"))) {
            return pids.map(Long::valueOf)
                    .anyMatch(pid ->
                            ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
        }
    }

    @Test
    void programKnowsTheReleaseItIsPartOf() throws Exception {
        assertThat(run(bash("env | grep ^PRATIQUE | sort > told")).outcome()).isEqualTo(ReleaseOutcome.DONE);

        assertThat(Files.readAllLines(directory.resolve("told")))
                .containsExactly(
                        "PRATIQUE_RELEASE_DIRECTORY=" + files(),
                        "PRATIQUE_RELEASE_ID=1-v2",
                        "PRATIQUE_RELEASE_TOKEN=1",
                        "PRATIQUE_RELEASE_VERSION=v2");
    }

    @Test
    void programThatRunsLastKnowsWhatBecameOfTheRelease() throws Exception {
        release()
                .step(Step.check("fails", context -> {
                    throw new IllegalStateException("no");
                }))
                .step(Step.notify("tell", bash("echo \"$PRATIQUE_RELEASE_OUTCOME $PRATIQUE_RELEASE_REASON\" > told")))
                .build()
                .run();

        assertThat(Files.readString(directory.resolve("told"))).startsWith("NOTHING_CHANGED step \"fails\" failed");
    }

    @Test
    void argumentsReachTheProgramAsTheyAre() throws Exception {
        CommandAction action = CommandAction.of(
                        "bash", "-c", "printf '%s\\n' \"$@\" > told", "x", "$HOME; *", "two words")
                .environment("GREETING", "hello")
                .directory(directory);

        assertThat(run(action).outcome()).isEqualTo(ReleaseOutcome.DONE);
        assertThat(Files.readAllLines(directory.resolve("told"))).containsExactly("$HOME; *", "two words");
    }

    @Test
    void failureTellsTheExitCodeAndTheLastLines() throws Exception {
        ReleaseReport report = run(bash("seq 1 100000; printf 'bad \\033[31mthing\\n' >&2; exit 7"));

        assertThat(report.outcome()).isEqualTo(ReleaseOutcome.NOTHING_CHANGED);
        assertThat(report.reason())
                .contains("\"bash\" ended with exit code 7")
                .contains("99999 | 100000 | bad \\u001B[31mthing")
                .doesNotContain("| 9000 |");
    }

    @Test
    void programThatIsMissingIsNamedWithThePath() throws Exception {
        assertThat(run(CommandAction.of("no-such-program")).reason())
                .contains("program \"no-such-program\" is not there")
                .contains("PATH");
    }

    @Test
    void programReadsNothing() throws Exception {
        assertThat(run(CommandAction.of("cat")).outcome()).isEqualTo(ReleaseOutcome.DONE);
    }

    @Test
    void whatGoesOnInTheBackgroundIsNotWaitedFor() throws Exception {
        assertThat(run(bash("sleep 60 & echo $! > pids")).outcome()).isEqualTo(ReleaseOutcome.DONE);

        assertThat(isAnyAlive()).isTrue();
        ProcessHandle.of(Long.parseLong(
                        Files.readString(directory.resolve("pids")).strip()))
                .ifPresent(ProcessHandle::destroyForcibly);
    }

    @Test
    void exitCodesOfAProbeTellTheState() throws Exception {
        assertThat(probed("exit 0")).isEqualTo(ChangeState.NEW);
        assertThat(probed("exit 1")).isEqualTo(ChangeState.OLD);
        assertThat(probed("exit 2")).isEqualTo(ChangeState.UNKNOWN);
        assertThat(probed("kill -9 $$")).isEqualTo(ChangeState.UNKNOWN);
    }

    /** Asked from within a step, where there is a context. */
    private ChangeState probed(String script) throws Exception {
        ChangeState[] state = new ChangeState[1];
        Release.named("v" + script.length() + script.charAt(5))
                .directory(directory.resolve("releases"))
                .log(line -> {})
                .step(Step.check(
                        "ask", context -> state[0] = bash(script).probe().probe(context)))
                .build()
                .run();
        return state[0];
    }

    @Test
    void nothingOfItGoesOnWhenItsTimeIsOver() throws Exception {
        ReleaseReport report = release()
                .step(Step.check("slow", bash(FAMILY).grace(Duration.ofMillis(500)))
                        .timeout(Duration.ofSeconds(8)))
                .build()
                .run();

        assertThat(report.reason()).contains("took longer than PT8S");
        assertThat(directory.resolve("begun")).exists();
        assertThat(isAnyAlive()).isFalse();
    }

    @Test
    void whatIsNoChildOfItAnyMoreDoesNotGoOnBesideTheUndo() throws Exception {
        ReleaseReport report = changing(ORPHAN, Duration.ofSeconds(3)).run();

        assertThat(report.outcome()).isEqualTo(ReleaseOutcome.ROLLED_BACK);
        assertThat(directory.resolve("undone")).exists();
        assertThat(directory.resolve("beside")).doesNotExist();
    }

    private Release changing(String script, Duration timeout) {
        return release()
                .step(Step.change("slow", bash(script).grace(Duration.ofSeconds(2)))
                        .compensation(bash(LOOK))
                        .verification(bash("true"))
                        .probe(bash("exit 2").probe())
                        .timeout(timeout))
                .build();
    }

    @Test
    void whoRollsBackRightAfterAKillWaitsForWhatIsStillThere() throws Exception {
        killedInTheMiddle();

        ReleaseReport report = changing(FAMILY, Duration.ofMinutes(1)).rollBack("it was killed");

        assertThat(report.outcome()).isEqualTo(ReleaseOutcome.ROLLED_BACK);
        assertThat(directory.resolve("undone")).exists();
        assertThat(directory.resolve("beside")).doesNotExist();
        assertThat(files()).isEmptyDirectory();
    }

    @Test
    void nothingOfItOutlivesAReleasingProcessThatIsKilled() throws Exception {
        killedInTheMiddle();

        await().atMost(Duration.ofSeconds(30)).until(() -> !isAnyAlive());
    }

    private void killedInTheMiddle() throws Exception {
        Process releasing = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classPath(),
                        Releasing.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile())
                .start();
        try {
            await().atMost(Duration.ofMinutes(1)).until(() -> Files.exists(directory.resolve("begun")));
            assertThat(isAnyAlive()).isTrue();
        } finally {
            releasing.destroyForcibly().waitFor();
        }
    }

    /** A process to be killed. */
    static final class Releasing {

        private Releasing() {}

        public static void main(String[] args) throws Exception {
            CommandActionIT test = new CommandActionIT();
            test.directory = Path.of(args[0]);
            test.changing(FAMILY, Duration.ofMinutes(1)).run();
        }
    }

    /** What this JVM runs from, as modules or not. */
    private static String classPath() {
        return String.join(
                File.pathSeparator,
                System.getProperty("jdk.module.path", ""),
                System.getProperty("java.class.path", ""),
                CommandAction.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath(),
                Path.of("target/test-classes").toAbsolutePath().toString());
    }

    @Test
    void settingsThatAreNoneAreRefused() {
        CommandAction action = CommandAction.of("true");

        assertThatThrownBy(() -> CommandAction.of(" ")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CommandAction.of("echo", "a\0b")).hasMessageContaining("without NUL");
        assertThatThrownBy(() -> CommandAction.of("echo", (String) null)).hasMessageContaining("is null");
        assertThatThrownBy(() -> action.environment("PRATIQUE_RELEASE_TOKEN", "1"))
                .hasMessageContaining("PRATIQUE_RELEASE_");
        assertThatThrownBy(() -> action.environment("A=B", "1")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> action.environment("SECRET", "hush\0"))
                .hasMessageContaining("SECRET")
                .hasMessageNotContaining("hush");
        assertThatThrownBy(() -> action.grace(Duration.ofHours(1))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> action.directory(null)).isInstanceOf(IllegalArgumentException.class);
    }
}
