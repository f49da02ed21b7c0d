package io.pratique.benchmarks.shared;

import io.pratique.db.JdbcFlagSource;
import io.pratique.db.JdbcFlagStore;
import io.pratique.flags.spi.FlagSource;
import io.pratique.flags.spi.FlagStore;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.SynchronousQueue;
import java.util.stream.Stream;
import org.postgresql.PGConnection;

/** PostgreSQL as it comes, but for the number of its connections. */
final class PostgresServer implements Server {

    private final Path data = Files.createTempDirectory("pratique-benchmark-postgres");
    private final EmbeddedPostgres server;
    private final ProcessHandle postmaster;

    PostgresServer() throws IOException {
        this.server = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setServerConfig("max_connections", "2000")
                .start();
        long pid = Long.parseLong(
                Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip());
        this.postmaster = ProcessHandle.of(pid).orElseThrow();
    }

    private static String url(int port) {
        return "jdbc:postgresql://localhost:" + port + "/postgres";
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(url(port()), "postgres", "");
    }

    @Override
    public String title() {
        try (Connection connection = connect()) {
            return "PostgreSQL " + connection.getMetaData().getDatabaseProductVersion();
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL did not tell its version", e);
        }
    }

    @Override
    public int port() {
        return server.getPort();
    }

    @Override
    public FlagSource openSource(int port) {
        return JdbcFlagSource.connect(url(port), "postgres", "");
    }

    @Override
    public FlagStore openStore() {
        return JdbcFlagStore.connect(url(port()), "postgres", "");
    }

    @Override
    public BareTrip openBareTrip() throws SQLException {
        return new Trip(connect(), connect());
    }

    @Override
    public Duration cpu() {
        return Stream.concat(Stream.of(postmaster), postmaster.descendants())
                .flatMap(process -> process.info().totalCpuDuration().stream())
                .reduce(Duration.ZERO, Duration::plus);
    }

    @Override
    public long connections() throws SQLException {
        return number("select count(*) from pg_stat_activity where backend_type = 'client backend'"
                + " and pid <> pg_backend_pid()");
    }

    @Override
    public OptionalLong rowsRead() throws SQLException {
        return OptionalLong.of(number("select (select sum(seq_tup_read) from pg_stat_user_tables)"
                + " + (select sum(idx_tup_read) from pg_stat_user_indexes)"));
    }

    private long number(String query) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** As autovacuum does within a minute, so that no query is planned for a table of unknown content. */
    @Override
    public void settle() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("vacuum analyze");
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    /** An update and a NOTIFY in one transaction; the listener reads the row that was updated. */
    private static final class Trip implements BareTrip {

        private final Connection writing;
        private final Connection listening;
        private final SynchronousQueue<Long> heard = new SynchronousQueue<>();
        private final Thread listener = new Thread(this::listen, "bare-listener");

        Trip(Connection writing, Connection listening) throws SQLException {
            this.writing = writing;
            this.listening = listening;
            try (Statement statement = writing.createStatement()) {
                statement.execute("create table if not exists bare (n bigint)");
                statement.execute("delete from bare");
                statement.execute("insert into bare values (0)");
            }
            writing.setAutoCommit(false);
            try (Statement statement = listening.createStatement()) {
                statement.execute("listen bare");
            }
            listener.setDaemon(true);
            listener.start();
        }

        private void listen() {
            try (Statement statement = listening.createStatement()) {
                PGConnection notified = listening.unwrap(PGConnection.class);
                while (true) {
                    if (notified.getNotifications(0).length > 0) {
                        try (ResultSet rows = statement.executeQuery("select n from bare")) {
                            rows.next();
                            heard.put(System.nanoTime());
                        }
                    }
                }
            } catch (SQLException | InterruptedException closed) {
                // The benchmark is over.
            }
        }

        @Override
        public long nanos() throws Exception {
            long start = System.nanoTime();
            try (Statement statement = writing.createStatement()) {
                statement.execute("update bare set n = n + 1");
                statement.execute("notify bare");
                writing.commit();
            }
            return heard.take() - start;
        }

        @Override
        public void close() throws SQLException {
            listener.interrupt();
            listening.close();
            writing.close();
        }
    }
}
