package io.pratique.db;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.Map;
import java.util.UUID;

/** Writes as another program or an operator would, by the tables alone. Takes texts that no store takes. */
final class RawFlags {

    private final Connection connection;
    private final String schema;

    RawFlags(Connection connection, String schema) {
        this.connection = connection;
        this.schema = schema;
    }

    void write(Map<String, String> values) throws SQLException {
        connection.setAutoCommit(false);
        put(values);
        announceAndCommit();
    }

    void remove(String key) throws SQLException {
        write(Collections.singletonMap(key, null));
    }

    /** Takes part in a transaction of the caller's. */
    void put(Map<String, String> values) throws SQLException {
        update(
                "UPDATE %spratique_flag_store SET sequence = sequence + ?, epoch = COALESCE(epoch, ?)",
                values.size(), id());
        long base = sequence() - values.size();
        record(values, base);
        update(
                "DELETE FROM %1$spratique_flag WHERE flag_key IN"
                        + " (SELECT flag_key FROM %1$spratique_flag_history WHERE version > ?)",
                base);
        update("""
                INSERT INTO %1$spratique_flag (flag_key, flag_value, version, changed_at, changed_by, reason)
                SELECT flag_key, flag_value, version, changed_at, changed_by, reason
                FROM %1$spratique_flag_history WHERE version > ?""", base);
    }

    private long sequence() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT sequence FROM %spratique_flag_store".formatted(schema))) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private void record(Map<String, String> values, long base) throws SQLException {
        try (PreparedStatement history = connection.prepareStatement("""
                INSERT INTO %spratique_flag_history
                (version, id, flag_key, flag_value, changed_at, changed_by, reason)
                VALUES (?, ?, ?, ?, CURRENT_TIMESTAMP, 'raw', 'test')""".formatted(schema))) {
            long version = base;
            for (Map.Entry<String, String> each : values.entrySet()) {
                version++;
                history.setLong(1, version);
                history.setString(2, id());
                history.setString(3, each.getKey());
                history.setString(4, each.getValue());
                history.addBatch();
            }
            history.executeBatch();
        }
    }

    private static String id() {
        return UUID.randomUUID().toString();
    }

    private void announceAndCommit() throws SQLException {
        if (Database.isPostgres(connection)) {
            Database.announce(connection, FlagWriter.CHANNEL);
        }
        connection.commit();
    }

    private void update(String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.formatted(schema))) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            statement.executeUpdate();
        }
    }
}
