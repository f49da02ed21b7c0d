package io.pratique.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pratique.testkit.TcpProxy;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What befalls a server and the way to it. Nobody who checks a flag notices, and what was killed stays killed. */
@Tag("B-2")
@Tag("F-8")
@Timeout(120)
class FaultIT {

    @TempDir
    private static Path data;

    private static PostgresServer server;

    private OutageRig rig;

    @BeforeAll
    static void startServer() throws IOException, SQLException {
        server = new PostgresServer(data.resolve("data")).set("max_connections", "20");
        server.start();
        server.requirePasswordOf("app");
    }

    @AfterAll
    static void stopServer() throws IOException {
        server.close();
    }

    @BeforeEach
    void open() throws Exception {
        rig = new OutageRig(server);
    }

    @AfterEach
    void close() throws SQLException {
        rig.close();
    }

    private void throwOut(String role) throws SQLException {
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '" + role + "'");
    }

    @Nested
    class OfTheServer {

        @Test
        void killed() throws Exception {
            server.kill();
            rig.awaitError("PostgreSQL at localhost", "user app");

            server.start();
            rig.change();

            rig.assertHealed();
        }

        @Test
        void restarted() throws Exception {
            server.stop();
            rig.awaitError("PostgreSQL at localhost");

            server.start();
            rig.change();

            rig.assertHealed();
        }

        /** It accepts connections, and never answers. */
        @Test
        void suspended() throws Exception {
            server.suspend();
            rig.awaitError("PostgreSQL at localhost");

            server.resume();
            rig.change();

            rig.assertHealed();
        }

        @Test
        void outOfConnections() throws Exception {
            server.execute(Guide.toRead("crowd", rig.schema));
            rig.network.refuse();
            await().until(() -> server.count("SELECT count(*) FROM pg_stat_activity WHERE usename = 'app'") == 0);
            List<Connection> crowd = new ArrayList<>();
            try {
                fill(crowd);
                rig.network.pass();
                rig.awaitError("max_connections");
            } finally {
                for (Connection each : crowd) {
                    each.close();
                }
            }

            rig.change();

            rig.assertHealed();
        }

        /** Superusers have a few connections of their own. */
        private void fill(List<Connection> crowd) {
            assertThatThrownBy(() -> {
                        while (crowd.size() < 20) {
                            crowd.add(DriverManager.getConnection(server.url(), "crowd", "secret"));
                        }
                    })
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            full -> assertThat(full.getSQLState()).isEqualTo("53300"));
        }
    }

    @Nested
    class OfTheNetwork {

        @Test
        void refusing() {
            assertHealsAfter(TcpProxy::refuse);
        }

        /** As if a firewall had begun to drop everything. */
        @Test
        void silent() {
            assertHealsAfter(TcpProxy::hang);
        }

        private void assertHealsAfter(Consumer<TcpProxy> fault) {
            fault.accept(rig.network);
            rig.awaitError("PostgreSQL at localhost");
            rig.change();
            assertThat(rig.client.isEnabled(OutageRig.OTHER)).isTrue();

            rig.network.pass();

            rig.assertHealed();
        }

        /** Slower than the network timeout is an outage; slow is none. */
        @Test
        void slow() {
            rig.network.delay(Duration.ofMillis(50));
            rig.change();

            rig.assertHealed();
        }

        @Test
        void cutAgainAndAgain() {
            for (int i = 0; i < 5; i++) {
                rig.network.cut();
                rig.change();
                rig.assertHealed();
            }
        }
    }

    @Nested
    class OfTheSetUp {

        @Test
        void passwordIsChanged() throws Exception {
            server.execute("ALTER ROLE app PASSWORD 'other'");
            throwOut("app");
            try {
                String error = rig.awaitError("user app", "password authentication failed", "check user and password");
                assertThat(error).doesNotContain("secret");
            } finally {
                server.execute("ALTER ROLE app PASSWORD 'secret'");
            }
            rig.change();

            rig.assertHealed();
        }

        @Test
        void rightIsRevoked() throws Exception {
            server.execute("REVOKE SELECT ON " + rig.schema + ".pratique_flag_history FROM app");
            rig.awaitError("permission denied", "docs/guide/postgresql.md");
            rig.change();

            server.execute(Guide.toRead("app", rig.schema));

            rig.assertHealed();
        }

        @Test
        void tableIsMissing() throws Exception {
            server.execute("ALTER TABLE " + rig.schema + ".pratique_flag_history RENAME TO elsewhere");
            rig.awaitError("does not exist", "V1__pratique_flags.sql");

            server.execute("ALTER TABLE " + rig.schema + ".elsewhere RENAME TO pratique_flag_history");
            rig.change();

            rig.assertHealed();
        }

        @Test
        void tableIsAltered() throws Exception {
            server.execute("ALTER TABLE " + rig.schema + ".pratique_flag RENAME COLUMN covered TO hidden");
            rig.awaitError("does not exist", "compare the tables");

            server.execute("ALTER TABLE " + rig.schema + ".pratique_flag RENAME COLUMN hidden TO covered");
            rig.change();

            rig.assertHealed();
        }

        /** As an operator may lock it who goes to alter it, and then goes to lunch. */
        @Test
        void tableIsLocked() throws Exception {
            try (Connection lunch = server.connect()) {
                lunch.setAutoCommit(false);
                lunch.createStatement().execute("LOCK TABLE " + rig.schema + ".pratique_flag");
                rig.awaitError("PostgreSQL at localhost");
            }
            rig.change();

            rig.assertHealed();
        }
    }
}
