package io.pratique.release.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pratique.release.ReadinessReport.Check;
import io.pratique.release.ReadinessReport.Result;
import io.pratique.release.Release;
import io.pratique.release.Step;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.migration.BaseJavaMigration;
import org.flywaydb.core.api.migration.Context;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a directory and a history tell together: those of a real Flyway, and a table as Prisma documents its own. */
@Tag("V-1")
class MigrationCheckIT {

    private static EmbeddedPostgres server;
    private static int databases;

    @TempDir
    private Path directory;

    private DataSource database;
    private Path migrations;

    @BeforeAll
    static void start() throws Exception {
        server = EmbeddedPostgres.builder()
                .setPGStartupWait(Duration.ofMinutes(2))
                .start();
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @BeforeEach
    void begin() throws Exception {
        String name = "migrated" + ++databases;
        execute(server.getPostgresDatabase(), "CREATE DATABASE " + name);
        database = server.getDatabase("postgres", name);
        migrations = Files.createDirectory(directory.resolve("migrations"));
    }

    private static void execute(DataSource database, String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private Path file(String name, String text) throws IOException {
        Path file = migrations.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private Check check(MigrationCheck check) throws Exception {
        return Release.named("v2")
                .directory(directory.resolve("releases"))
                .log(line -> {})
                .step(Step.check("migrations", check))
                .build()
                .check()
                .checks()
                .get(0);
    }

    private void assertPassed(MigrationCheck check, String... words) throws Exception {
        Check passed = check(check);
        assertThat(passed.result()).as(passed.detail()).isEqualTo(Result.PASSED);
        for (String word : words) {
            assertThat(passed.detail()).contains(word);
        }
    }

    private void assertFailed(MigrationCheck check, String... words) throws Exception {
        Check failed = check(check);
        assertThat(failed.detail()).contains(words);
        assertThat(failed.result()).isEqualTo(Result.FAILED);
    }

    @Nested
    class OfFlyway {

        private MigrationCheck flyway() {
            return MigrationCheck.flyway(database, migrations);
        }

        private FluentConfiguration tool() {
            return Flyway.configure().dataSource(database).locations("filesystem:" + migrations);
        }

        private void migrate() {
            tool().load().migrate();
        }

        private Set<String> pending() {
            return Stream.of(tool().load().info().pending())
                    .map(MigrationInfo::getScript)
                    .collect(Collectors.toCollection(TreeSet::new));
        }

        @Test
        void migrationsThatNobodyAppliedArePending() throws Exception {
            file("V1__jobs.sql", "CREATE TABLE jobs (id bigint);");
            file("more/V1_2__state.sql", "ALTER TABLE jobs ADD state text;");
            file("R__view.sql", "CREATE OR REPLACE VIEW seen AS SELECT id FROM jobs;");
            file("U1__jobs.sql", "DROP TABLE jobs;");

            assertPassed(
                    flyway(), "there is no table flyway_schema_history; 0 applied, 3 pending: ", "V1_2__state.sql");
            assertFailed(flyway().noPending(), "3 faults", "\"V1__jobs.sql\" is pending");
            migrate();
            assertPassed(flyway().noPending(), "3 applied, 0 pending");
        }

        @Test
        void checksumsAreThoseOfFlywayWhateverTheLineEndsAndMarks() throws Exception {
            file("V1__unix.sql", "SELECT 1;\n\n-- Grüße\nSELECT 2;\n");
            file("V2__windows.sql", "SELECT 1;\r\n\r\nSELECT 2;\r\n");
            file("V3__mark.sql", "\uFEFFSELECT 1;\n");
            file("V4__no_end.sql", "SELECT 1;\nSELECT 2;");
            file("V5__old_macs.sql", "SELECT 1;\rSELECT 2;\r\n\rSELECT 3;");
            file("V6__mark_within.sql", "SELECT 1;\n-- \uFEFF here\n");
            file("V7__long.sql", "-- ü€\n".repeat(60_000) + "SELECT 1;");
            file("R__windows.sql", "SELECT 1;\r\n");
            file("V8__two_marks.sql", "\uFEFF-- \uFEFF\nSELECT 1;\n");
            migrate();

            assertPassed(flyway().noPending(), "9 applied, 0 pending");
        }

        @Test
        void filesWithNothingButAMarkHaveTheirChecksumToo() throws Exception {
            file("V1__none.sql", "");
            file("V2__mark.sql", "\uFEFF");
            file("V3__end.sql", "\n");
            migrate();

            assertPassed(flyway().noPending(), "3 applied");
        }

        @Test
        void otherLineEndsAreNoChangeAndOtherTextIs() throws Exception {
            Path file = file("V1__jobs.sql", "CREATE TABLE jobs (id bigint);\n");
            migrate();
            Files.writeString(file, "\uFEFFCREATE TABLE jobs (id bigint);\r\n");
            assertPassed(flyway());
            Files.writeString(file, "CREATE TABLE jobs (id  bigint);\n");

            assertFailed(
                    flyway(), "1 faults: \"V1__jobs.sql\" was changed after it was applied", "flyway_schema_history");
        }

        @Test
        void whatWasAppliedNeedsItsFile() throws Exception {
            file("V1__one.sql", "SELECT 1;");
            Path two = file("V2__two.sql", "SELECT 1;");
            Path view = file("R__view.sql", "SELECT 1;");
            migrate();
            Files.delete(two);
            Files.delete(view);

            assertFailed(
                    flyway(),
                    "2 faults",
                    "\"V2__two.sql\" was applied, but has no file",
                    "\"R__view.sql\" was applied, but has no file");
        }

        @Test
        void whatWasRepairedAwayIsNotAskedFor() throws Exception {
            file("V1__one.sql", "SELECT 1;");
            Path two = file("V2__two.sql", "SELECT 1;");
            file("V3__three.sql", "SELECT 1;");
            Path view = file("R__view.sql", "SELECT 1;");
            migrate();
            Files.delete(two);
            Files.delete(view);
            tool().load().repair();

            assertPassed(flyway().noPending(), "2 applied");
        }

        @Test
        void aFileOlderThanTheNewestIsToldUnlessThatIsWanted() throws Exception {
            file("V1__one.sql", "SELECT 1;");
            file("V10__ten.sql", "SELECT 1;");
            migrate();
            file("V2__two.sql", "SELECT 1;");

            assertFailed(flyway(), "\"V2__two.sql\" is older than the newest that was applied, and never was");
            assertPassed(flyway().outOfOrder(), "2 applied, 1 pending: \"V2__two.sql\"");
            assertFailed(flyway().outOfOrder().noPending(), "\"V2__two.sql\" is pending");
            tool().outOfOrder(true).load().migrate();
            assertPassed(flyway().noPending(), "3 applied");
        }

        @Test
        void twoFilesOfOneMigrationAreNamed() throws Exception {
            file("V1.0__a.sql", "SELECT 1;");
            file("more/V1__b.sql", "SELECT 1;");
            file("R__view.sql", "SELECT 1;");
            file("more/R__view.sql", "SELECT 1;");

            assertFailed(flyway(), "2 faults", "\"V1.0__a.sql\" and \"V1__b.sql\" are one and the same");
        }

        @Test
        void oneThatFailedIsNamed() throws Exception {
            file("V1__one.sql", "SELECT 1;");
            file("V2__index.sql", "SELECT 1;");
            migrate();
            // PostgreSQL takes the row back with the rest of the transaction; other databases keep it so.
            execute(database, "UPDATE flyway_schema_history SET success = false WHERE version = '2'");

            assertFailed(flyway(), "1 faults: \"V2__index.sql\" has failed or has not finished");
            tool().load().repair();
            assertPassed(flyway(), "1 applied, 1 pending");
        }

        @Test
        void aRepeatableThatWasChangedIsPending() throws Exception {
            Path view = file("R__all_views.sql", "SELECT 1;");
            Path filled = file("R__filled.sql", "SELECT '${name}';");
            tool().placeholders(Map.of("name", "ada")).load().migrate();

            assertPassed(flyway().noPending(), "2 applied", "\"R__filled.sql\" has placeholders and was not compared");
            Files.writeString(view, "SELECT 2;");
            Files.writeString(filled, "SELECT 'more ${name}';");
            assertPassed(flyway(), "1 applied, 1 pending: \"R__all_views.sql\"");
        }

        @Test
        void whatABaselineCoversIsNeitherPendingNorMissing() throws Exception {
            file("V1__one.sql", "SELECT 1;");
            file("V2__two.sql", "SELECT 1;");
            file("V2.1__more.sql", "SELECT 1;");
            tool().baselineVersion("2").load().baseline();

            assertThat(pending()).containsExactly("V2.1__more.sql");
            assertPassed(flyway(), "0 applied, 1 pending: \"V2.1__more.sql\"");
            migrate();
            assertPassed(flyway().noPending(), "1 applied");
        }

        @Test
        void classesNeedNoFile() throws Exception {
            file("V1__one.sql", "SELECT 1;");
            tool().javaMigrations(new V2__Rows()).load().migrate();

            assertPassed(flyway().noPending(), "2 applied, 0 pending");
        }

        @Test
        void anotherTableInAnotherSchemaIsReadIfTold() throws Exception {
            file("V1__one.sql", "SELECT 1;");
            tool().defaultSchema("Other").table("History").load().migrate();

            assertPassed(flyway(), "there is no table", "1 pending");
            assertPassed(flyway().schema("Other").table("History").noPending(), "1 applied, 0 pending");
        }

        @Test
        void namesThatFlywayPassesOverAreTold() throws Exception {
            file("V1__one.sql", "SELECT 1;");
            file("V2_two.sql", "SELECT 1;");
            file("V3.SQL", "SELECT 1;");
            file("V4__four.SQL", "SELECT 1;");
            file("v5__five.sql", "SELECT 1;");
            file("V01_002__six.sql.conf", "executeInTransaction=true");
            file("Views.sql", "SELECT 1;");

            Set<String> pending = pending();
            Check check = check(flyway());
            assertThat(check.detail()).contains(pending.size() + " pending", "Flyway passes over");
            assertThat(check.detail())
                    .contains(pending.stream().map(name -> "\"" + name + "\"").toList());
        }

        @Test
        void manyFaultsAreCountedAndTheFirstNamed() throws Exception {
            for (int i = 1; i <= 9; i++) {
                file("V" + i + "__n.sql", "SELECT 1;");
            }
            migrate();
            for (int i = 1; i <= 9; i++) {
                file("V" + i + "__n.sql", "SELECT 2;");
            }

            assertFailed(flyway(), "9 faults", "\"V1__n.sql\"", "\"V3__n.sql\"", "and 6 more");
        }

        @Test
        void aDirectoryThatIsMissingIsNamed() throws Exception {
            assertFailed(
                    MigrationCheck.flyway(database, migrations.resolve("none")),
                    "directory of migrations \"" + migrations.resolve("none"),
                    "is missing");
        }

        @Test
        void whatCannotBeReadIsNamed() throws Exception {
            Path loop = Files.createSymbolicLink(migrations.resolve("loop"), migrations);
            assertFailed(flyway(), "directory of migrations \"", "cannot be read: ", "FileSystemLoop");
            Files.delete(loop);
            Path huge = file("V1__huge.sql", "");
            try (RandomAccessFile file = new RandomAccessFile(huge.toFile(), "rw")) {
                file.setLength((1L << 30) + 1);
            }

            assertFailed(flyway(), "V1__huge.sql\" cannot be read: ", "more than 1073741824 bytes");
        }

        @Test
        void anotherTableThatIsNoHistoryIsAFault() throws Exception {
            execute(database, "CREATE TABLE jobs (id bigint)");

            assertFailed(flyway().table("jobs"), "PSQLException", "version");
            assertThatThrownBy(() -> flyway().table("a\"b")).hasMessageContaining("letters, digits and underscores");
            assertThatThrownBy(() -> MigrationCheck.flyway(database, null))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** A migration in Java, which Flyway names by its class. */
    @SuppressWarnings("checkstyle:TypeName")
    static final class V2__Rows extends BaseJavaMigration {
        @Override
        public MigrationVersion getVersion() {
            return MigrationVersion.fromVersion("2");
        }

        @Override
        public void migrate(Context context) {
            // It is enough that it was there.
        }
    }

    @Nested
    class OfPrisma {

        private static final String TABLE = """
                CREATE TABLE "_prisma_migrations" (id VARCHAR(36) PRIMARY KEY NOT NULL DEFAULT gen_random_uuid(),
                    checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ, migration_name VARCHAR(255) NOT NULL,
                    logs TEXT, rolled_back_at TIMESTAMPTZ, started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
                    applied_steps_count INTEGER NOT NULL DEFAULT 0)""";

        private MigrationCheck prisma() {
            return MigrationCheck.prisma(database, migrations);
        }

        private void script(String name, String text) throws IOException {
            file(name + "/migration.sql", text);
        }

        /** A row as Prisma writes it; its checksum is PostgreSQL's own SHA-256 of the text. */
        private void row(String name, String text, String finished, String rolledBack) throws SQLException {
            execute(
                    database,
                    "INSERT INTO \"_prisma_migrations\" (migration_name, checksum, finished_at, rolled_back_at) VALUES ('"
                            + name + "', encode(sha256('" + hex(text) + "'::bytea), 'hex'), " + finished + ", "
                            + rolledBack + ")");
        }

        private static String hex(String text) {
            return "\\x" + HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
        }

        @Test
        void migrationsThatNobodyAppliedArePending() throws Exception {
            script("20260101000000_init", "SELECT 1;\n");
            file("migration_lock.toml", "provider = \"postgresql\"\n");

            assertPassed(
                    prisma(), "there is no table _prisma_migrations; 0 applied, 1 pending: \"20260101000000_init\"");
            execute(database, TABLE);
            assertFailed(prisma().noPending(), "\"20260101000000_init\" is pending");
            row("20260101000000_init", "SELECT 1;\n", "now()", "NULL");
            assertPassed(prisma().noPending(), "1 applied, 0 pending");
        }

        @Test
        void otherLineEndsAreNoChangeAndOtherTextIs() throws Exception {
            execute(database, TABLE);
            script("1_unix", "SELECT 1;\nSELECT 2;\n");
            row("1_unix", "SELECT 1;\r\nSELECT 2;\r\n", "now()", "NULL");
            script("2_windows", "SELECT 1;\r\nSELECT 2;\r");
            row("2_windows", "SELECT 1;\nSELECT 2;\r", "now()", "NULL");
            assertPassed(prisma().noPending(), "2 applied");
            script("2_windows", "SELECT 1;\n\nSELECT 2;");

            assertFailed(prisma(), "1 faults: \"2_windows\" was changed after it was applied");
        }

        @Test
        void oneThatHasNotFinishedIsNamed() throws Exception {
            execute(database, TABLE);
            script("1_init", "SELECT 1;");
            row("1_init", "SELECT 1;", "NULL", "NULL");

            assertFailed(prisma(), "\"1_init\" has failed or has not finished");
        }

        @Test
        void oneThatWasRolledBackIsPendingUntilItIsAppliedAgain() throws Exception {
            execute(database, TABLE);
            script("1_init", "SELECT 2;");
            row("1_init", "SELECT 1;", "NULL", "now()");
            assertPassed(prisma(), "0 applied, 1 pending");
            row("1_init", "SELECT 2;", "now()", "NULL");

            assertPassed(prisma().noPending(), "1 applied, 0 pending");
        }

        @Test
        void allThatIsWrongIsTold() throws Exception {
            execute(database, TABLE);
            row("2_gone", "SELECT 1;", "now()", "NULL");
            script("1_late", "SELECT 1;");
            Files.createDirectory(migrations.resolve("3_empty"));

            assertFailed(
                    prisma(),
                    "3 faults",
                    "\"2_gone\" was applied, but has no file",
                    "\"1_late\" is older than the newest that was applied",
                    "\"3_empty\" holds no migration.sql");
        }
    }
}
