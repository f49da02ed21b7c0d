package io.pratique.db;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tables, as the versioned SQL files in the jar make them. The last statement of each file notes its version, so it
 * is all the same who runs it, this class or a migration tool. Later versions only add to earlier ones: newer tables
 * serve an older library.
 */
final class Schema {

    private static final Logger LOG = LoggerFactory.getLogger(JdbcFlagSource.class);

    private static final List<String> FILES = List.of("V1__pratique_flags.sql");

    private static final Pattern END_OF_STATEMENT = Pattern.compile(";\\R");

    /** Any number; the same for all who might create the tables of a database at once. */
    private static final long LOCK = 0x7072_6174_6971_7565L;

    private final JdbcSettings settings;
    private final Statements statements;

    Schema(JdbcSettings settings, Statements statements) {
        this.settings = settings;
        this.statements = statements;
    }

    /** Runs a task; if it misses a table, creates the tables and runs it again. */
    <T> T present(Connection connection, Database.Task<T> task) throws SQLException {
        try {
            return task.run(connection);
        } catch (SQLException thrown) {
            if (!settings.applies() || !Fault.isTableMissing(thrown)) {
                throw thrown;
            }
            // Other databases than PostgreSQL have no lock for this; at least one process does not race with itself.
            synchronized (Schema.class) {
                apply(connection, thrown);
            }
            return task.run(connection);
        }
    }

    private void apply(Connection connection, SQLException missing) throws SQLException {
        try {
            int applied = Database.inTransaction(connection, this::applyMissing);
            if (applied > 0) {
                LOG.atInfo()
                        .addKeyValue("source", settings.name())
                        .addKeyValue("version", FILES.size())
                        .log("Flag tables of source {} created, version {}", settings.name(), FILES.size());
            }
        } catch (SQLException refused) {
            // Where there is no lock, somebody else may have been faster: the task will tell.
            refused.addSuppressed(missing);
            if (installed(connection) == 0) {
                throw refused;
            }
        }
    }

    private int applyMissing(Connection connection) throws SQLException {
        if (Database.isPostgres(connection)) {
            lock(connection);
        }
        int installed = installed(connection);
        for (String file : FILES.subList(installed, FILES.size())) {
            run(connection, file);
        }
        return FILES.size() - installed;
    }

    /** Until the end of the transaction, so that one process creates the tables and the others find them. */
    private static void lock(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT pg_advisory_xact_lock(?)")) {
            statement.setLong(1, LOCK);
            statement.execute();
        }
    }

    /** The version that the tables have; 0 if there are none. Where the row was lost, the tables are all there. */
    private int installed(Connection connection) throws SQLException {
        Savepoint before = connection.getAutoCommit() ? null : connection.setSavepoint();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(statements.version)) {
            return rows.next() ? Math.min(rows.getInt(1), FILES.size()) : FILES.size();
        } catch (SQLException thrown) {
            if (!Fault.isTableMissing(thrown)) {
                throw thrown;
            }
            if (before != null) {
                connection.rollback(before);
            }
            return 0;
        }
    }

    private void run(Connection connection, String file) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String each : END_OF_STATEMENT.split(text(file), -1)) {
                if (!each.isBlank()) {
                    statement.execute(statements.qualified(each));
                }
            }
        }
    }

    private static String text(String file) {
        try (InputStream in = Schema.class.getResourceAsStream("/db/pratique/" + file)) {
            return new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
