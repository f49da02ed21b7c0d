package io.pratique.db;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
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
        for (Map.Entry<String, String> each : values.entrySet()) {
            put(each.getKey(), each.getValue());
        }
        announceAndCommit();
    }

    void remove(String key) throws SQLException {
        connection.setAutoCommit(false);
        put(key, null);
        announceAndCommit();
    }

    /** Takes part in a transaction of the caller's. */
    void put(String key, String value) throws SQLException {
        update("UPDATE %spratique_flag_store SET sequence = sequence + 1, epoch = COALESCE(epoch, ?)", id());
        update("""
                INSERT INTO %1$spratique_flag_history
                (version, id, flag_key, flag_value, changed_at, changed_by, reason)
                SELECT sequence, ?, ?, ?, CURRENT_TIMESTAMP, 'raw', 'test' FROM %1$spratique_flag_store""", id(), key, value);
        update("DELETE FROM %spratique_flag WHERE flag_key = ?", key);
        update("""
                INSERT INTO %1$spratique_flag (flag_key, flag_value, version, changed_at, changed_by, reason)
                SELECT flag_key, flag_value, version, changed_at, changed_by, reason
                FROM %1$spratique_flag_history WHERE version = (SELECT sequence FROM %1$spratique_flag_store)""");
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
