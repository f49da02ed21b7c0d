package io.pratique.db;

import static org.awaitility.Awaitility.await;

import io.pratique.testkit.FreePort;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A real PostgreSQL server in processes of its own, always on the same port and the same data. */
final class PostgresServer implements AutoCloseable {

    private static PostgresServer shared;

    private final Path data;
    private final int port;
    private final Map<String, String> settings = new TreeMap<>();
    private EmbeddedPostgres server;
    private ProcessHandle postmaster;

    PostgresServer(Path data) {
        this.data = data;
        this.port = FreePort.next();
    }

    /** One for all tests that do it no harm; it ends with the JVM. */
    static synchronized PostgresServer shared() {
        if (shared == null) {
            try {
                shared = new PostgresServer(Files.createTempDirectory("pratique-postgres"));
                shared.start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return shared;
    }

    PostgresServer set(String setting, String value) {
        settings.put(setting, value);
        return this;
    }

    void start() throws IOException {
        EmbeddedPostgres.Builder builder =
                EmbeddedPostgres.builder().setPort(port).setDataDirectory(data).setCleanDataDirectory(false);
        // A server that recovers on a loaded machine takes longer than the ten seconds it is given otherwise.
        builder.setPGStartupWait(Duration.ofMinutes(2));
        // The embedding has it otherwise, and a server that is killed would lose what it has confirmed.
        builder.setServerConfig("synchronous_commit", "on");
        settings.forEach(builder::setServerConfig);
        server = builder.start();
        String pid = Files.readAllLines(data.resolve("postmaster.pid")).get(0);
        postmaster = ProcessHandle.of(Long.parseLong(pid.strip())).orElseThrow();
    }

    /** Has the server ask a role for its password, which it does of nobody otherwise. */
    void requirePasswordOf(String role) throws IOException, SQLException {
        Path rules = data.resolve("pg_hba.conf");
        Files.writeString(rules, "host all " + role + " all scram-sha-256\n" + Files.readString(rules));
        execute("SELECT pg_reload_conf()");
    }

    /** In order; clients are thrown out. */
    void stop() throws IOException {
        server.close();
        await().until(() -> !postmaster.isAlive());
    }

    /** As kill -9 does: the postmaster and all that it has started. */
    void kill() throws IOException {
        processes().forEach(ProcessHandle::destroyForcibly);
        await().until(() -> !postmaster.isAlive());
        server.close();
        Files.deleteIfExists(data.resolve("postmaster.pid"));
    }

    private Stream<ProcessHandle> processes() {
        try (Stream<ProcessHandle> children = postmaster.descendants()) {
            return Stream.concat(Stream.of(postmaster), children).toList().stream();
        }
    }

    /** Hangs, as by kill -STOP: connections are still accepted, by the operating system. */
    void suspend() throws IOException {
        signal("-STOP");
    }

    void resume() throws IOException {
        signal("-CONT");
    }

    private void signal(String signal) throws IOException {
        String[] command = Stream.concat(
                        Stream.of("kill", signal), processes().map(process -> String.valueOf(process.pid())))
                .toArray(String[]::new);
        Process kill = new ProcessBuilder(command).start();
        await().until(() -> !kill.isAlive());
    }

    /** Puts the data of the stopped server aside. */
    void copyDataTo(Path copy) throws IOException {
        copy(data, copy);
    }

    /** Goes back to data put aside earlier; the server must be stopped. */
    void restoreDataFrom(Path copy) throws IOException {
        deleteData();
        copy(copy, data);
    }

    void deleteData() throws IOException {
        try (Stream<Path> all = Files.walk(data)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Files.copy(each, to.resolve(from.relativize(each)), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    int port() {
        return port;
    }

    static String url(int port) {
        return "jdbc:postgresql://localhost:" + port + "/postgres";
    }

    String url() {
        return url(port);
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(url(), "postgres", "postgres");
    }

    void execute(String... statements) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    long count(String query) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @Override
    public void close() throws IOException {
        if (postmaster != null && postmaster.isAlive()) {
            resume();
            stop();
        }
    }
}
