package io.pratique.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.pratique.release.Lease;
import io.pratique.release.PostgresReleaseLock;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A lock in PostgreSQL, as a plan's file and the command line name it. */
@Tag("S-5")
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "releases by shell scripts")
class ReleaseDatabaseIT {

    private static EmbeddedPostgres postgres;

    @TempDir
    Path directory;

    @BeforeAll
    static void start() throws IOException {
        postgres = EmbeddedPostgres.builder()
                .setPGStartupWait(Duration.ofMinutes(2))
                .start();
    }

    @AfterAll
    static void stop() throws IOException {
        postgres.close();
    }

    private static String url() {
        return "postgresql://postgres@localhost:" + postgres.getPort() + "/postgres";
    }

    private String plan(String url) throws IOException {
        Path file = Files.writeString(
                directory.resolve("release.json"),
                "{\"directory\": \"releases\", \"lock\": {\"postgres\": \"" + url
                        + "\", \"name\": \"worker\"}, \"steps\": ["
                        + "{\"name\": \"it\", \"kind\": \"check\", \"run\": [\"true\"]}]}");
        return file.toString();
    }

    @Test
    void isMadeWaitedForAndBroken() throws Exception {
        String plan = plan(url());
        assertThat(Command.run("release", "run", "--plan", plan, "--version", "v1")
                        .code())
                .isZero();

        PostgresReleaseLock lock = PostgresReleaseLock.over(postgres.getPostgresDatabase(), "worker");
        try (Lease other = lock.acquire("ada", "a test", Duration.ZERO)) {
            Command refused = Command.run("release", "run", "--plan", plan, "--version", "v2", "--wait", "0");
            assertThat(refused.code()).isEqualTo(3);
            assertThat(refused.err()).contains("ada holds the lock since");
            assertThat(Command.run("lock", "status", "--postgres", url(), "--name", "other")
                            .succeeds()
                            .out())
                    .contains("nobody holds the lock");
            String[] breaking = {"lock", "break", "--postgres", "jdbc:" + jdbc(), "--name", "worker", "-r", "gone"};
            assertThat(Command.run(breaking).succeeds().out()).startsWith("taken away: ada holds the lock since ");
            assertThat(other.isHeld()).isFalse();
        }
        assertThat(Command.run("lock", "break", "--plan", plan, "--reason", "again")
                        .succeeds()
                        .out())
                .contains("nobody holds the lock");
    }

    private static String jdbc() {
        return "postgresql://localhost:" + postgres.getPort() + "/postgres?user=postgres";
    }

    @Test
    void thatNobodyHasMadeYetIsHeldByNobody() throws Exception {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE fresh");
        }
        String url = url().replaceFirst("[^/]*$", "fresh");
        String plan = plan(url);

        assertThat(Command.run("release", "run", "--plan", plan, "--version", "v1", "--dry-run")
                        .succeeds()
                        .out())
                .contains("GO", "Nothing was changed.");
        assertThat(Command.run("release", "status", "--plan", plan).succeeds().out())
                .contains("lock: none");
        assertThat(Command.run("lock", "break", "--postgres", url, "--name", "worker", "-r", "it")
                        .succeeds()
                        .out())
                .contains("nobody holds the lock");
        Command.run("release", "run", "--plan", plan, "--version", "v1").succeeds();
    }

    @Test
    void thatIsOutOfReachIsNoLockThatIsHeld() throws Exception {
        String plan = plan("postgresql://postgres:hunter2@localhost:1/postgres");

        Command refused = Command.run("release", "run", "--plan", plan, "--version", "v1");

        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).doesNotContain("hunter2").doesNotContain("\tat ");
        assertThat(directory.resolve("releases/release.journal")).doesNotExist();
    }
}
