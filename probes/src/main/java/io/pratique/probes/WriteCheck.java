package io.pratique.probes;

import io.pratique.readiness.ProbeResult;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Whether a database takes writes: a replica, or a primary that has become one, answers everything else. */
final class WriteCheck {
    private static final String POSTGRES =
            "SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean";

    private static final ProbeResult READ_ONLY = ProbeResult.down("the database is read-only");

    private WriteCheck() {}

    /** Asks PostgreSQL, without writing. */
    static ProbeResult askPostgres(Connection connection) throws SQLException {
        String product = connection.getMetaData().getDatabaseProductName();
        if (!"PostgreSQL".equals(product)) {
            throw new IllegalStateException("writeCheck() of a JdbcProbe knows PostgreSQL only, but this is \""
                    + product + "\"; give writeCheck a statement that writes");
        }
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(POSTGRES)) {
            return rows.next() && rows.getBoolean(1) ? READ_ONLY : ProbeResult.up();
        }
    }

    /** Writes, and takes it back. */
    static ProbeResult write(Connection connection, String sql) throws SQLException {
        boolean alone = connection.getAutoCommit();
        if (alone) {
            connection.setAutoCommit(false);
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
            return ProbeResult.up();
        } catch (SQLException refused) {
            if (SqlFault.isReadOnly(refused)) {
                return READ_ONLY;
            }
            throw refused;
        } finally {
            connection.rollback();
            if (alone) {
                connection.setAutoCommit(true);
            }
        }
    }
}
