package io.pratique.examples.worker;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A real PostgreSQL server that this process starts, stops and starts again on the same port and the same data. */
final class EmbeddedDatabase implements AutoCloseable {

    private static final long GLANCE = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int MAX_GLANCES = 500;

    private final Path data;
    private final int port;
    private @Nullable EmbeddedPostgres server;

    EmbeddedDatabase(Path data, int port) {
        this.data = data;
        this.port = port;
    }

    void start() throws IOException {
        server = EmbeddedPostgres.builder()
                .setPort(port)
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setPGStartupWait(Duration.ofMinutes(2))
                .start();
    }

    void stop() throws IOException {
        if (server != null) {
            server.close();
            server = null;
            awaitGone();
        }
    }

    /** Where the JVM's shutdown has begun to stop the server already, closing it returns before it is gone. */
    private void awaitGone() {
        for (int glances = 0; Files.exists(data.resolve("postmaster.pid")) && glances < MAX_GLANCES; glances++) {
            LockSupport.parkNanos(GLANCE);
        }
    }

    String url() {
        return "jdbc:" + url(port);
    }

    static String url(int port) {
        return "postgresql://localhost:" + port + "/postgres?user=postgres";
    }

    /** A pool of the application's, as any worker has one. It outlives outages of the server. */
    HikariDataSource pool() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url());
        config.setPoolName("worker");
        config.setMaximumPoolSize(8);
        config.setConnectionTimeout(1_000);
        config.setValidationTimeout(500);
        return new HikariDataSource(config);
    }

    static void createTables(HikariDataSource pool) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("""
                    create table if not exists outbox (
                        id bigint generated always as identity primary key,
                        payload text not null,
                        published_at timestamptz)""");
            statement.execute("""
                    create table if not exists delivery (
                        id bigint generated always as identity primary key,
                        channel text not null,
                        delivered_at timestamptz not null default now())""");
        }
    }

    @Override
    public void close() throws IOException {
        stop();
    }
}
