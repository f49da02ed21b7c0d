package io.pratique.examples.release;

import io.pratique.release.ChangeState;
import io.pratique.release.ReleaseRecord;
import io.pratique.release.StepContext;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.postgresql.PGConnection;

/**
 * The worker's table: migrated forward by the scripts of a build, and back by their counterparts and the rows that were
 * kept before. Each way is one transaction, so the table is old or new at any moment.
 *
 * <p>Scripts and history are laid out as Prisma Migrate does it, so that whoever looks finds what he knows. The rows are
 * kept with the driver's COPY because that needs nothing installed; a database of any size is kept with {@code pg_dump}.
 */
final class WorkerDatabase {

    private static final String ROWS = "outbox.csv";
    private static final String APPLIED = "migrations";

    private final WorkerSite site;
    private final DataSource database;

    WorkerDatabase(WorkerSite site) {
        this.site = site;
        this.database = site.database();
    }

    private interface Work {
        void in(Connection transaction) throws SQLException, IOException;
    }

    private void transaction(Work work) throws SQLException, IOException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            work.in(connection);
            connection.commit();
        }
    }

    /** Tables of a worker that has never been released, with rows to lose. */
    void create(String version) throws SQLException, IOException {
        transaction(connection -> {
            execute(connection, """
                    CREATE TABLE _prisma_migrations (
                        id text PRIMARY KEY,
                        checksum text NOT NULL,
                        migration_name text NOT NULL,
                        started_at timestamptz NOT NULL DEFAULT now(),
                        finished_at timestamptz,
                        rolled_back_at timestamptz);
                    CREATE TABLE release_fence (token bigint NOT NULL);
                    INSERT INTO release_fence VALUES (0);""");
            migrate(connection, version);
            execute(connection, "INSERT INTO outbox (payload) VALUES ('order:1'), ('order:2'), ('invoice:3')");
        });
    }

    /** Keeps the rows, and which migrations they have seen. */
    void backUp(StepContext context) throws SQLException, IOException {
        Path rows = context.directory().resolve(ROWS);
        transaction(connection -> {
            long copied;
            try (OutputStream out = Files.newOutputStream(rows)) {
                copied = connection
                        .unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyOut("COPY outbox TO STDOUT (FORMAT csv, HEADER)", out);
            }
            Files.write(context.directory().resolve(APPLIED), applied(connection));
            if (copied != count(connection) || Files.size(rows) == 0) {
                throw new IOException("backup \"" + rows + "\" does not hold all rows; is the disk full?");
            }
            context.tell(copied + " rows in " + rows);
        });
    }

    void migrate(StepContext context) throws SQLException, IOException {
        transaction(connection -> {
            requireNewest(connection, context);
            List<String> made = migrate(connection, context.version());
            context.tell(made.isEmpty() ? "nothing to migrate" : "applied " + String.join(", ", made));
        });
    }

    /** Back to the rows that were kept, if a migration was made since. What was written since is lost then. */
    void restore(StepContext context) throws SQLException, IOException {
        transaction(connection -> {
            requireNewest(connection, context);
            List<String> undone = new ArrayList<>(applied(connection));
            undone.removeAll(kept(context));
            Collections.reverse(undone);
            for (String migration : undone) {
                Path scripts = site.migrations(context.version()).resolve(migration);
                execute(connection, Files.readString(scripts.resolve("down.sql")));
                update(connection, "DELETE FROM _prisma_migrations WHERE migration_name = ?", migration);
            }
            if (!undone.isEmpty()) {
                execute(connection, "TRUNCATE outbox");
                context.tell(copyBack(connection, context) + " rows are back, without " + String.join(", ", undone));
            }
        });
    }

    private static long copyBack(Connection connection, StepContext context) throws SQLException, IOException {
        Path rows = context.directory().resolve(ROWS);
        String columns;
        try (BufferedReader reader = Files.newBufferedReader(rows)) {
            columns = reader.readLine();
        }
        try (Reader reader = Files.newBufferedReader(rows)) {
            return connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY outbox (" + columns + ") FROM STDIN (FORMAT csv, HEADER)", reader);
        }
    }

    /** Keeps the backups of the last three releases. */
    void discardOldBackups(StepContext context) throws IOException {
        for (ReleaseRecord old : context.releases().stream().skip(3).toList()) {
            Files.deleteIfExists(
                    site.releases().resolve("files").resolve(old.id()).resolve(ROWS));
        }
    }

    ChangeState state(StepContext context) throws SQLException, IOException {
        List<String> applied = applied();
        if (applied.equals(scripts(context.version()))) {
            return ChangeState.NEW;
        }
        return applied.equals(kept(context)) ? ChangeState.OLD : ChangeState.UNKNOWN;
    }

    /** Throws if what {@link #restore} needs is missing. */
    void requireRestorable(StepContext context) throws SQLException, IOException {
        List<Path> needed = new ArrayList<>(List.of(context.directory().resolve(ROWS)));
        List<String> undone = new ArrayList<>(applied());
        undone.removeAll(kept(context));
        undone.forEach(name ->
                needed.add(site.migrations(context.version()).resolve(name).resolve("down.sql")));
        for (Path file : needed) {
            if (!Files.isReadable(file)) {
                throw new IOException("\"" + file + "\" is missing, without which the table cannot be restored");
            }
        }
    }

    void requireRestored(StepContext context) throws SQLException, IOException {
        List<String> applied = applied();
        if (!applied.equals(kept(context))) {
            throw new IllegalStateException("the table has seen migrations " + applied + ", not " + kept(context));
        }
    }

    /** The migrations that the table has seen, in their order. */
    List<String> applied() throws SQLException {
        try (Connection connection = database.getConnection()) {
            return applied(connection);
        }
    }

    /** All rows, as PostgreSQL writes them. */
    List<String> rows() throws SQLException {
        try (Connection connection = database.getConnection()) {
            return texts(connection, "SELECT outbox::text FROM outbox ORDER BY id");
        }
    }

    private static List<String> applied(Connection connection) throws SQLException {
        return texts(connection, "SELECT migration_name FROM _prisma_migrations ORDER BY migration_name");
    }

    private static List<String> texts(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            List<String> texts = new ArrayList<>();
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
            return texts;
        }
    }

    private static List<String> kept(StepContext context) throws IOException {
        return Files.readAllLines(context.directory().resolve(APPLIED));
    }

    private List<String> scripts(String version) throws IOException {
        try (Stream<Path> scripts = Files.list(site.migrations(version))) {
            return scripts.map(script -> script.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    private List<String> migrate(Connection connection, String version) throws SQLException, IOException {
        List<String> pending = new ArrayList<>(scripts(version));
        pending.removeAll(applied(connection));
        for (String name : pending) {
            byte[] script =
                    Files.readAllBytes(site.migrations(version).resolve(name).resolve("migration.sql"));
            execute(connection, new String(script, StandardCharsets.UTF_8));
            update(
                    connection,
                    "INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at)"
                            + " VALUES (gen_random_uuid()::text, ?, ?, now())",
                    sha256(script),
                    name);
        }
        return pending;
    }

    /** Closes the window between asking for the lock and changing: an older release that wakes late changes nothing. */
    private static void requireNewest(Connection connection, StepContext context) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("UPDATE release_fence SET token = ? WHERE token <= ?")) {
            statement.setLong(1, context.token());
            statement.setLong(2, context.token());
            if (statement.executeUpdate() == 0) {
                throw new IllegalStateException("a newer release has been at the table; this one leaves it alone");
            }
        }
    }

    private static long count(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery("SELECT count(*) FROM outbox")) {
            count.next();
            return count.getLong(1);
        }
    }

    private static void execute(Connection connection, String script) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(script);
        }
    }

    private static void update(Connection connection, String sql, String... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }

    private static String sha256(byte[] script) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(script));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
