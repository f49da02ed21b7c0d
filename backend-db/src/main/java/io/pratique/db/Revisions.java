package io.pratique.db;

import io.pratique.flags.spi.Attribution;
import io.pratique.flags.spi.FlagRevision;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/** Changes as the tables hold them. */
final class Revisions {

    static final int ALL = 0;

    private Revisions() {}

    /**
     * What a statement finds.
     *
     * @param limit at most how many, or {@link #ALL}
     */
    static List<FlagRevision> query(Connection connection, String sql, int limit, Object... parameters)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setMaxRows(limit);
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            return read(statement);
        }
    }

    private static List<FlagRevision> read(PreparedStatement statement) throws SQLException {
        List<FlagRevision> found = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                OffsetDateTime end = rows.getObject("expires_at", OffsetDateTime.class);
                Instant changedAt =
                        rows.getObject("changed_at", OffsetDateTime.class).toInstant();
                found.add(new FlagRevision(
                        rows.getString("flag_key"),
                        rows.getLong("version"),
                        rows.getString("flag_value"),
                        end == null ? null : end.toInstant(),
                        rows.getString("covered"),
                        changedAt,
                        Attribution.of(rows.getString("changed_by"), rows.getString("reason"))));
            }
        }
        return found;
    }
}
