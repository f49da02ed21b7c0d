package io.pratique.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pratique.health.HealthEndpoints;
import io.pratique.health.HealthServer;
import io.pratique.readiness.ProbeResult;
import io.pratique.readiness.ReadinessGate;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import redis.embedded.RedisServer;

/**
 * The jar, run in a shell as a person runs it, against a Redis that wants a password and a process that serves its
 * health: each command of docs/guide/cli.md, and what only a process can be told or tell.
 */
@Tag("C-5")
@Tag("B-4")
@EnabledOnOs(value = OS.LINUX, disabledReason = "needs bash, /dev/full and the C locale")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class JarIT {

    private static final Path PAGE = Path.of("..", "docs", "guide", "cli.md");
    private static final String PASSWORD = "correct horse@battery/staple$$";
    private static final String TOKEN = "a-token-for-operators";
    private static final Map<String, Integer> CODES =
            Map.of(" --above ", ExitCode.SHADOWED, " resume ", ReleaseExitCode.CONFIGURATION);

    @TempDir
    static Path directory;

    private static RedisServer redis;
    private static ReadinessGate gate;
    private static HealthServer health;
    private static int redisPort;

    @BeforeAll
    static void start() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            redisPort = socket.getLocalPort();
        }
        redis = RedisServer.newRedisServer()
                .port(redisPort)
                .setting("bind 127.0.0.1")
                .setting("requirepass \"" + PASSWORD + "\"")
                .build();
        redis.start();
        gate = ReadinessGate.builder().probe("database", ProbeResult::up).build();
        health = HealthServer.start(
                HealthEndpoints.builder("worker", gate).token(TOKEN).build(),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        await().until(() -> gate.shouldRun("any"));
        Files.writeString(directory.resolve("flags.env"), "OUTBOX_PROCESSING_ENABLED=true\n");
        Files.writeString(directory.resolve(".env"), "DATABASE_URL=postgresql://db/x\n");
        Files.writeString(directory.resolve("schema.json"), """
                {"schema": "core-api", "variables": [
                  {"name": "DATABASE_URL", "type": "url", "schemes": "postgresql", "required": true}]}
                """);
        Files.writeString(directory.resolve("release.json"), here(plan()));
        Files.writeString(directory.resolve("deployed.txt"), "none");
        script("backup", "cp deployed.txt \"$PRATIQUE_RELEASE_DIRECTORY\"");
        script("deploy", """
                version=$PRATIQUE_RELEASE_VERSION
                [ "$1" != --back ] || version=${PRATIQUE_RELEASE_PREVIOUS_VERSION:-none}
                echo "$version" > deployed.txt
                """);
        script("deployed", "[ \"$(cat deployed.txt)\" = \"$PRATIQUE_RELEASE_VERSION\" ]");
        script("tell", "echo \"$PRATIQUE_RELEASE_OUTCOME\" >> told.txt");
        try (OutputStream file = Files.newOutputStream(directory.resolve("app.jar"));
                JarOutputStream jar = new JarOutputStream(file)) {
            for (String name : List.of("CoreApiConfig", "AcmeRelease", "AcmeChat")) {
                jar.putNextEntry(new JarEntry("com/acme/" + name + ".class"));
                Files.copy(Path.of("target", "test-classes", "com", "acme", name + ".class"), jar);
            }
        }
    }

    @AfterAll
    static void stop() throws IOException {
        health.close();
        gate.close();
        redis.stop();
    }

    /** The page's only block of JSON. */
    private static String plan() throws IOException {
        String page = Files.readString(PAGE);
        int at = page.indexOf("```json\n") + 8;
        return page.substring(at, page.indexOf("```\n", at));
    }

    private static void script(String name, String text) throws IOException {
        Path file = Files.writeString(directory.resolve(name), "#!/bin/sh\n" + text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** The lines of the page's shell blocks that call the command, in their order. */
    private static List<String> commands() throws IOException {
        List<String> commands = new ArrayList<>();
        String page = Files.readString(PAGE);
        for (int at = page.indexOf("```sh\n"); at >= 0; at = page.indexOf("```sh\n", at + 1)) {
            page.substring(at + 6, page.indexOf("```\n", at + 6))
                    .lines()
                    .filter(line -> line.matches("(PRATIQUE_TOKEN=\\S+ )?pratique .*"))
                    .forEach(commands::add);
        }
        return commands;
    }

    /** With this machine's ports, files and names in place of the page's. */
    private static String here(String command) {
        return command.replace("localhost:8081", "localhost:" + health.port())
                .replace("/etc/worker/flags.env", "flags.env")
                .replace("<epoch>", "0b9cd0b6-2f0c-4a2b-8f5e-6d1f2a3b4c5d")
                .replace("PRATIQUE_TOKEN=...", "PRATIQUE_TOKEN=" + TOKEN);
    }

    private record Ended(int code, String output) {}

    private static Ended run(String command) throws Exception {
        Path output = directory.resolve("output.txt");
        int code = start(command, output).waitFor();
        return new Ended(code, Files.readString(output));
    }

    private static Path jar() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("target"))) {
            List<Path> jars = files.filter(file -> file.getFileName().toString().matches("pratique-cli-.*-all\\.jar"))
                    .toList();
            assertThat(jars)
                    .as("build anew, without what is left of other versions")
                    .hasSize(1);
            return jars.get(0).toAbsolutePath();
        }
    }

    private static Process start(String command, Path output) throws IOException {
        ProcessBuilder shell =
                new ProcessBuilder("bash", "-c", "pratique() { exec \"$JAVA\" -jar \"$JAR\" \"$@\"; }\n" + command);
        shell.environment().keySet().removeIf(name -> name.startsWith("PRATIQUE_") || name.contains("JAVA"));
        shell.environment()
                .put(
                        "JAVA",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString());
        shell.environment().put("JAR", jar().toString());
        shell.directory(directory.toFile()).redirectErrorStream(true).redirectOutput(output.toFile());
        shell.environment().put("PRATIQUE_STORE", "redis://127.0.0.1:" + redisPort);
        shell.environment().put("PRATIQUE_PASSWORD", PASSWORD);
        shell.environment().put("DATABASE_URL", "postgresql://db/x");
        shell.environment().put("CI", "true");
        return shell.start();
    }

    @Test
    void eachCommandDoesWhatThePageSays() throws Exception {
        List<String> commands = commands();
        assertThat(commands).hasSizeGreaterThan(15);
        assertThatItWorks("pratique flags on mail -r 'there is something to watch from the start'");
        Path seen = directory.resolve("watch.txt");
        Process watch = start("pratique flags watch", seen);
        try {
            await().atMost(1, TimeUnit.MINUTES)
                    .untilAsserted(() -> assertThat(seen).content().contains("mail=on"));
            for (String command : commands) {
                if (!command.endsWith(" watch")) {
                    assertThatItWorks(command);
                }
            }
            await().untilAsserted(
                            () -> assertThat(seen).content().contains("outbox-processing=off", "outbox-processing=on"));
            assertThat(directory.resolve("told.txt")).content().endsWith("DONE\nROLLED_BACK\n");
            assertThat(directory.resolve("deployed.txt")).hasContent("none\n");
        } finally {
            watch.destroy();
            assertThat(watch.waitFor()).isNotNegative();
        }
    }

    @Test
    void tellsWhomAClassNamesByWhatElseIsInItsJar() throws Exception {
        String acme = " --plan com.acme.AcmeRelease --classpath app.jar";
        assertThat(run("pratique release run --version v1" + acme).code()).isEqualTo(1);

        assertThat(run("pratique release report --deliver" + acme).output()).contains("chat: delivered");
        assertThat(run("pratique release report --close-incident 1-v1" + acme).output())
                .contains("chat: delivered");
        assertThat(directory.resolve("chat.txt")).hasContent("1-v1 is open\n1-v1 is closed\n");
    }

    private static void assertThatItWorks(String command) throws Exception {
        Ended ended = run(here(command));
        int expected = CODES.entrySet().stream()
                .filter(part -> command.contains(part.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(ExitCode.OK);
        assertThat(ended.code()).as(command + "\n" + ended.output()).isEqualTo(expected);
        assertThat(ended.output()).doesNotContain(PASSWORD).doesNotContain("\tat ");
    }

    @Nested
    class WhatIsPrinted {

        @Test
        void isUtf8WhateverTheLocale() throws Exception {
            assertThatItWorks("LC_ALL=C.UTF-8 pratique flags on flag-ü -r 'a key with an umlaut'");

            assertThat(run("LC_ALL=C pratique flags export").output()).contains("\"flag-ü\"");
        }

        @Test
        void isMissedWhereItCouldNotBeWritten() throws Exception {
            Ended ended = run("pratique flags export >/dev/full");

            assertThat(ended.code()).isEqualTo(ExitCode.UNREACHABLE);
            assertThat(ended.output()).contains("could not be written");
        }

        @Test
        void changesNothingAboutARelease() throws Exception {
            assertThatItWorks("pratique release run --plan release.json --version v1.2.3 >/dev/full");
            assertThat(run("pratique release status --directory releases >/dev/full")
                            .code())
                    .isEqualTo(ReleaseExitCode.CONFIGURATION);
            assertThatItWorks("pratique release rollback --plan release.json --reason 'only a test' | head -1");
        }

        @Test
        void isReadByNobodyWhenThePipeIsClosed() throws Exception {
            assertThatItWorks("pratique flags on mail -r 'there is something to watch from the start'");
            Process watch = start("pratique flags watch | head -1", directory.resolve("head.txt"));
            await().atMost(1, TimeUnit.MINUTES).until(() -> {
                assertThatItWorks("pratique flags off mail -r one");
                assertThatItWorks("pratique flags on mail -r two");
                return !watch.isAlive();
            });
        }
    }

    @Nested
    class WhatIsGiven {

        @Test
        void isNotWrittenInAnotherSpelling() throws Exception {
            Ended ended = run("LC_ALL=C pratique flags off flag-ü -r x");

            assertThat(ended.code()).isEqualTo(ExitCode.USAGE);
            assertThat(ended.output()).contains("C.UTF-8");
        }

        @Test
        void isNotReadFromAFileOfThatName() throws Exception {
            Files.writeString(directory.resolve("oncall"), "--actor=evil");
            run("pratique flags on mail -r @oncall");

            assertThat(run("pratique flags get mail").output())
                    .contains("@oncall")
                    .doesNotContain("evil");
        }

        @Test
        void isThePasswordAsItIs() throws Exception {
            String url = "redis://:"
                    + URLEncoder.encode(PASSWORD, StandardCharsets.UTF_8).replace("+", "%20") + "@127.0.0.1:"
                    + redisPort;

            assertThat(run("PRATIQUE_PASSWORD= PRATIQUE_STORE='" + url + "' pratique flags list")
                            .code())
                    .isZero();
            assertThat(run("PRATIQUE_PASSWORD=hunter2hunter2 pratique flags list")
                            .output())
                    .doesNotContain("hunter2")
                    .contains("password");
        }

        @Test
        void isATokenWithoutALineEnd() throws Exception {
            Ended ended = run(here("PRATIQUE_TOKEN=$'hunter2\\r' pratique health http://localhost:8081"));

            assertThat(ended.code()).isEqualTo(ExitCode.USAGE);
            assertThat(ended.output()).contains("PRATIQUE_TOKEN").doesNotContain("hunter2");
        }

        @Test
        void isWhatStandsAboveEachTime() throws Exception {
            assertThat(run("PRATIQUE_ABOVE=flags.env pratique flags off outbox-processing -r x")
                            .code())
                    .isEqualTo(ExitCode.SHADOWED);
        }
    }
}
