package io.pratique.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pratique.flags.spi.Attribution;
import io.pratique.flags.spi.FlagStore;
import io.pratique.redis.RedisFlagStore;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.embedded.RedisServer;

@Tag("B-4")
class FlagsCommandIT {

    private static EmbeddedPostgres postgres;
    private static RedisServer redis;
    private static String redisUrl;
    private static String postgresUrl;

    @TempDir
    Path directory;

    @BeforeAll
    static void start() throws IOException {
        postgres = EmbeddedPostgres.builder()
                .setPGStartupWait(Duration.ofMinutes(2))
                .start();
        postgresUrl = "postgresql://postgres@localhost:" + postgres.getPort() + "/postgres";
        int port = freePort();
        redis = RedisServer.newRedisServer()
                .port(port)
                .setting("bind 127.0.0.1")
                .build();
        redis.start();
        redisUrl = "redis://localhost:" + port;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @AfterAll
    static void stop() throws IOException {
        redis.stop();
        postgres.close();
    }

    private static List<String> cells(String line) {
        return Pattern.compile(" +").splitAsStream(line).toList();
    }

    private static Command flags(String verb, String... arguments) {
        return on(redisUrl, verb, arguments);
    }

    private static Command on(String store, String verb, String... arguments) {
        String[] all = new String[arguments.length + 4];
        all[0] = "flags";
        all[1] = verb;
        all[2] = "--store";
        all[3] = store;
        System.arraycopy(arguments, 0, all, 4, arguments.length);
        return Command.run(all);
    }

    @Test
    void aFlagIsTurnedOffAndOnAndClearedOnPostgres() {
        assertThat(on(postgresUrl, "off", "mail", "-r", "INC-1", "--actor", "ada")
                        .succeeds()
                        .lines()
                        .get(1))
                .matches("mail +off .* ada +INC-1");
        assertThat(on(postgresUrl, "get", "mail").succeeds().lines().get(1)).startsWith("mail  off");
        on(postgresUrl, "on", "mail", "-r", "INC-1 is over").succeeds();
        on(postgresUrl, "clear", "mail", "-r", "no longer needed").succeeds();
        assertThat(on(postgresUrl, "get", "mail").code()).isEqualTo(1);
        assertThat(on(postgresUrl, "history", "mail").succeeds().lines())
                .extracting(line -> cells(line).get(1))
                .containsExactly("VALUE", "(cleared)", "on", "off");
    }

    @Nested
    class AChange {

        @Test
        void needsAReason() {
            Command refused = flags("off", "cleanup");

            assertThat(refused.code()).isEqualTo(2);
            assertThat(refused.err()).contains("--reason");
        }

        @Test
        void mayEndByItself() {
            flags("on", "timed", "-r", "base").succeeds();

            assertThat(flags("off", "timed", "-r", "INC-2", "--for", "2h")
                            .succeeds()
                            .lines()
                            .get(1))
                    .matches("timed +off +20\\d\\d-.*Z +on .*");
            assertThat(flags("off", "timed", "-r", "INC-2", "--for", "soon").code())
                    .isEqualTo(2);
        }

        @Test
        void mayExpectAVersion() {
            flags("on", "versioned", "-r", "base").succeeds();
            Command refused = flags("off", "versioned", "-r", "INC-3", "--if-version", "0");

            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.err()).contains("another version");
            assertThat(flags("get", "versioned").lines().get(1)).startsWith("versioned  on");
        }

        @Test
        void ofAKeyThatIsNewAsksWhetherItIsSpeltSo() {
            assertThat(flags("off", "brand-new", "-r", "INC-4").succeeds().err())
                    .contains("brand-new", "spelt");
            assertThat(flags("off", "brand-new", "-r", "INC-4").succeeds().err())
                    .isEmpty();
        }

        @Test
        void thatASourceAboveHidesIsTold() throws Exception {
            Path file = Files.writeString(directory.resolve("flags.env"), "SHADOWED_ENABLED=true\n");
            Command hidden = flags("off", "shadowed", "-r", "INC-5", "--above", file.toString());

            assertThat(hidden.code()).isEqualTo(4);
            assertThat(hidden.err()).contains("shadowed=on", file.toString());
            Files.writeString(file, "SHADOWED_ENABLED=false\n");
            flags("off", "shadowed", "-r", "INC-5", "--above", file.toString()).succeeds();
        }
    }

    @Nested
    class ManyFlags {

        @Test
        void areExportedAndImportedElsewhere() {
            String there = redisUrl + "?timeout=2s";
            Path file = directory.resolve("flags.json");
            Command.run("flags", "off", "--store", there, "--namespace", "exported", "-r", "x", "a")
                    .succeeds();
            Command.run("flags", "on", "--store", there, "--namespace", "exported", "-r", "x", "b")
                    .succeeds();
            Command.run("flags", "off", "--store", there, "--namespace", "exported", "-r", "x", "--for", "1h", "b")
                    .succeeds();
            Command.run("flags", "export", "--store", there, "--namespace", "exported", "--out", file.toString())
                    .succeeds();
            Command.run("flags", "on", "--store", there, "--namespace", "imported", "-r", "x", "gone")
                    .succeeds();

            assertThat(Command.run(
                                    "flags",
                                    "import",
                                    "--store",
                                    there,
                                    "--namespace",
                                    "imported",
                                    "-r",
                                    "moved",
                                    "--replace",
                                    file.toString())
                            .succeeds()
                            .out())
                    .startsWith("4 changes");
            assertThat(Command.run("flags", "list", "--store", there, "--namespace", "imported")
                            .lines())
                    .extracting(line -> cells(line).subList(0, 2))
                    .containsExactly(List.of("FLAG", "VALUE"), List.of("a", "off"), List.of("b", "off"));
        }

        @Test
        void areImportedAllOrNone() throws Exception {
            Path file = Files.writeString(
                    directory.resolve("flags.json"),
                    "[{\"key\": \"half\", \"value\": \"on\"}, {\"key\": \"bad\", \"value\": \"offf\"}]");

            Command refused = flags("import", file.toString(), "-r", "x");

            assertThat(refused.code()).isEqualTo(2);
            assertThat(refused.err()).contains("\"offf\"");
            assertThat(flags("get", "half").code()).isEqualTo(1);
        }

        @Test
        void thatAreNoneAreRefused() throws Exception {
            for (String content : List.of(
                    "{",
                    "{}",
                    "[{}]",
                    "[] []",
                    "[{'key':'a','value':'on','expiresAt':'soon'}]",
                    "[{'key':'a','value':'on','expiresAt':1795000000}]",
                    "[{'key':'a','value':'on','expires_at':'2030-01-01T00:00:00Z'}]",
                    "[{'key':'a','value':'on','expiresAt':'2030-01-01T00:00:00Z','covered':true}]",
                    "[{'key':'a','value':{'password':'hunter2'}}]",
                    "{'api_key':'hunter2'}",
                    "[{'key':'a','key':'b','value':'on'}]",
                    "[{'key':'a','value':'on'},{'key':'a','value':'off'}]")) {
                Path file = Files.writeString(directory.resolve("flags.json"), content.replace('\'', '"'));
                Command refused = flags("import", file.toString(), "-r", "x");
                assertThat(refused.code()).as(content).isEqualTo(2);
                assertThat(refused.err())
                        .as(content)
                        .startsWith("pratique: ")
                        .hasLineCount(1)
                        .doesNotContain("hunter2");
            }
        }
    }

    /** One that ends is two changes, and still one flag. */
    @Test
    void aFlagWithoutAValueIsToldByItsNumber() throws Exception {
        Path file = Files.writeString(
                directory.resolve("flags.json"),
                "[{\"key\":\"a\",\"value\":\"on\",\"expiresAt\":\"2099-01-01T00:00:00Z\"},{\"key\":\"b\"}]");

        assertThat(flags("import", file.toString(), "-r", "x").err()).contains("number 2 has not");
    }

    @Nested
    class AFile {

        @Test
        void thatCannotBeReadIsNamed() throws Exception {
            Path latin = Files.write(directory.resolve("latin.json"), new byte[] {'[', (byte) 0xE9, ']'});
            for (Path file : List.of(directory.resolve("none.json"), directory, latin)) {
                Command failed = flags("import", file.toString(), "-r", "x");
                assertThat(failed.code()).as(failed.err()).isEqualTo(3);
                assertThat(failed.err()).contains("The file of flags \"" + file + "\" ");
            }
        }

        @Test
        void thatCannotBeWrittenIsNamed() {
            Path file = directory.resolve("none").resolve("flags.json");
            Command failed = flags("export", "--out", file.toString());

            assertThat(failed.code()).isEqualTo(3);
            assertThat(failed.err()).contains("\"" + file + "\"", "--out");
        }
    }

    @Nested
    class ASourceAbove {

        @Test
        void thatDoesNotAnswerLeavesItUnknown() throws Exception {
            for (String above :
                    List.of(directory.resolve("typo.env").toString(), "redis://:hunter2@localhost:" + freePort())) {
                Command unknown = flags("off", "maybe", "-r", "INC-8", "--above", above);

                assertThat(unknown.code()).as(unknown.err()).isEqualTo(4);
                assertThat(unknown.err())
                        .contains("the change was made", "not known")
                        .doesNotContain("hunter2");
                assertThat(flags("get", "maybe").lines().get(1)).startsWith("maybe  off");
            }
        }

        @Test
        void thatDoesNotAnswerMayHideWhatALowerOneSays() throws Exception {
            Path lower = Files.writeString(directory.resolve("lower.env"), "HIGH_ENABLED=false\n");
            String upper = directory.resolve("typo.env").toString();

            assertThat(flags("off", "high", "-r", "x", "--above", upper, "--above", lower.toString())
                            .code())
                    .isEqualTo(4);
        }

        @Test
        void thatCannotBeReadMayHideItToo() throws Exception {
            Path file = Files.writeString(directory.resolve("flags.env"), "ODD_ENABLED=maybe\n");
            Command unknown = flags("off", "odd", "-r", "x", "--above", file.toString());

            assertThat(unknown.code()).isEqualTo(4);
            assertThat(unknown.err()).contains("not known", "maybe");
        }

        @Test
        void thatCannotBeUnderstoodIsRefusedBeforeAnythingIsDone() throws Exception {
            Path file = Files.writeString(directory.resolve("flags.env"), "");
            Command refused =
                    flags("off", "untouched", "-r", "x", "--above", file.toString(), "--above", "mysql://hunter2@h/d");

            assertThat(refused.code()).isEqualTo(2);
            assertThat(refused.err()).doesNotContain("hunter2");
            assertThat(flags("get", "untouched").code()).isEqualTo(1);
        }
    }

    @Test
    @Tag("B-7")
    void aLossIsAccepted() {
        assertThat(Command.run(
                                "flags",
                                "accept",
                                "--store",
                                redisUrl,
                                "--namespace",
                                "accepted",
                                "-r",
                                "restored from a backup",
                                "lost-epoch")
                        .succeeds()
                        .out())
                .contains("\"lost-epoch\" is given up");
    }

    @Test
    void changesAreWatched() throws Exception {
        StringWriter lines = new StringWriter();
        try (FlagStore writer = RedisFlagStore.connect(redisUrl);
                FlagStore watched = RedisFlagStore.connect(redisUrl);
                Watching watching = new Watching(watched, new PrintWriter(lines))) {
            assertThat(watching).isNotNull();
            writer.set("watched", "off", Attribution.of("ada", "INC-6"));

            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(lines.toString()).contains("watched=off"));
        }
    }

    @Nested
    class AStore {

        @Test
        void thatIsAwayIsTold() throws Exception {
            for (String url :
                    List.of("redis://localhost:" + freePort(), "postgresql://u@localhost:" + freePort() + "/db")) {
                Command failed = on(url, "list");
                assertThat(failed.code()).as(failed.err()).isEqualTo(3);
                assertThat(failed.err())
                        .startsWith("pratique: ")
                        .contains("localhost")
                        .doesNotContain("\tat ");
            }
        }

        @Test
        void thatIsNoneIsRefused() {
            assertThat(on("mysql://user:hunter2@host/db", "list").err()).contains("\"mysql\"");
        }

        /** Pasted passwords, with what a URL cannot hold. */
        @ParameterizedTest
        @Tag("C-4")
        @ValueSource(
                strings = {
                    "mysql://user:hunter2@host/db",
                    "redis://:hunter2%zz@localhost",
                    "redis://:hunter2/x@localhost",
                    "redis://:hunter2#x@localhost",
                    "redis-sentinel://:hunter2%@localhost#master",
                    "postgresql://u:hunter2%zz@localhost/db",
                    "postgresql://u:hunter2/x@localhost:1/db",
                    "jdbc:postgresql://u:hunter2@localhost:1/db",
                    "jdbc:postgresql://u:hunter2/x@localhost:1/db"
                })
        void thatCannotBeTakenApartIsNotShown(String url) {
            Command refused = on(url, "list");

            assertThat(refused.code()).as(refused.err()).isEqualTo(2);
            assertThat(refused.err()).startsWith("pratique: ").doesNotContain("hunter2");
            assertThat(flags("off", "a", "-r", "x", "--above", url).err()).doesNotContain("hunter2");
        }

        @Test
        @Tag("C-4")
        void inTheWrongPlaceIsNotShown() {
            for (String argument : List.of("redis://:hunter2@localhost", "redis://:hunter 2@localhost", "hunter2")) {
                Command refused = Command.run("flags", "list", "--password", argument);

                assertThat(refused.code()).isEqualTo(2);
                assertThat(refused.err()).contains("--password", "--help").doesNotContain("hunter");
            }
        }

        @Test
        void thatIsNotGivenIsAskedFor() {
            assertThat(Command.run("flags", "list").err()).contains("PRATIQUE_STORE");
        }

        @Test
        void isToldAsJson() {
            flags("off", "json", "-r", "INC-7", "--actor", "ada").succeeds();

            assertThat(flags("get", "json", "--format", "json").succeeds().out())
                    .contains("\"key\" : \"json\"", "\"actor\" : \"ada\"");
        }
    }
}
