package io.pratique.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may release, among those of several hosts. */
@Tag("S-5")
class PostgresReleaseLockIT extends ReleaseLockContract {

    private static EmbeddedPostgres server;

    private final String name = UUID.randomUUID().toString();
    private final AtomicLong nanos = new AtomicLong(System.nanoTime());
    private DataSource database;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() throws IOException {
        server = EmbeddedPostgres.builder()
                .setPGStartupWait(Duration.ofMinutes(2))
                .start();
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @BeforeEach
    void makeTables() throws IOException {
        database = server.getPostgresDatabase();
        lock().createTables();
        lock().createTables();
    }

    @Override
    PostgresReleaseLock lock() {
        return PostgresReleaseLock.over(database, name);
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void brokenOneLeavesATrace() throws Exception {
        try (Lease held = lock().acquire("ada", "release v2", Duration.ZERO)) {
            assertThat(held.isHeld()).isTrue();
            lock().breakLock("bob", "ada is on leave");
        }
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet trace = statement.executeQuery("SELECT broken_by, reason, holder, token"
                        + " FROM pratique_release_lock_break WHERE name = '" + name + "'")) {
            assertThat(trace.next()).isTrue();
            assertThat(trace.getString("broken_by")).isEqualTo("bob");
            assertThat(trace.getString("reason")).isEqualTo("ada is on leave");
            assertThat(trace.getString("holder")).isEqualTo("ada");
            assertThat(trace.getLong("token")).isEqualTo(1);
            assertThat(trace.next()).isFalse();
        }
    }

    /** As if the lease's time had gone by on the server. */
    private void letRunOut() throws SQLException {
        execute("UPDATE pratique_release_lock SET held_until = clock_timestamp() - interval '1 second' WHERE name = '"
                + name + "'");
    }

    @Test
    void holderThatWasSilentForALeaseHasLostIt() throws Exception {
        try (Lease held = lock().acquire("ada", "release v2", Duration.ZERO)) {
            letRunOut();
            assertThat(lock().state().stale()).isTrue();

            try (Lease next = lock().acquire("bob", "release v3", Duration.ZERO)) {
                assertThat(next.token()).isEqualTo(2);
                assertThat(held.isHeld()).isFalse();
                assertThat(next.isHeld()).isTrue();
            }
        }
    }

    /** A clock of the server that stands still must not keep it. */
    @Test
    void holderThatWakesAfterItsLeaseKnowsWithoutTheServer() throws Exception {
        PostgresReleaseLock pausing = new PostgresReleaseLock(database, name, Duration.ofHours(1), nanos::get);
        try (Lease held = pausing.acquire("ada", "release v2", Duration.ZERO)) {
            assertThat(held.isHeld()).isTrue();
            nanos.addAndGet(Duration.ofHours(1).toNanos());
            assertThat(held.isHeld()).isFalse();
        }
    }

    @Test
    void deadOneInLineBlocksNobody() throws Exception {
        execute("INSERT INTO pratique_release_line (name, ticket, waits_until) VALUES ('" + name
                + "', gen_random_uuid(), clock_timestamp() - interval '1 second')");

        try (Lease held = lock().acquire("ada", "release v2", Duration.ZERO)) {
            assertThat(held.token()).isEqualTo(1);
        }
    }

    @Test
    void changeInItsOwnTransactionIsMadeByTheHolderOnly() throws Exception {
        Lease held = lock().acquire("ada", "release v2", Duration.ZERO);
        try (Connection change = database.getConnection()) {
            assertThatThrownBy(() -> lock().requireHeld(change, held.token())).hasMessageContaining("setAutoCommit");
            change.setAutoCommit(false);
            lock().requireHeld(change, held.token());
            change.rollback();

            lock().breakLock("bob", "ada is on leave");

            assertThatThrownBy(() -> lock().requireHeld(change, held.token()))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("not held by token 1");
            change.rollback();
        }
        held.close();
    }

    /** Whoever takes over waits until the change has ended, one way or the other. */
    @Test
    void changeUnderWayKeepsTheLockFromBeingBroken() throws Exception {
        try (Lease held = lock().acquire("ada", "release v2", Duration.ZERO);
                Connection change = database.getConnection()) {
            change.setAutoCommit(false);
            lock().requireHeld(change, held.token());

            CompletableFuture<LockState> breaking = CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return lock().breakLock("bob", "why");
                        } catch (IOException e) {
                            throw new IllegalStateException(e);
                        }
                    },
                    World.THREADS);
            await().until(() -> isAnyoneBlocked());
            assertThat(breaking).isNotDone();
            change.commit();

            assertThat(breaking.get()).isNotNull();
        }
    }

    private boolean isAnyoneBlocked() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                var found = statement.executeQuery("SELECT count(*) FROM pg_locks WHERE NOT granted")) {
            found.next();
            return found.getInt(1) > 0;
        }
    }

    @Test
    @Tag("S-2")
    void releaseRunsUnderIt() throws Exception {
        World world = World.old(Files.createDirectories(directory.resolve("world")));

        ReleaseReport report = world.release("v2", directory.resolve("releases"))
                .lock(lock())
                .build()
                .run();

        assertThat(report.outcome()).isEqualTo(ReleaseOutcome.DONE);
        assertThat(lock().state()).isNull();
    }
}
