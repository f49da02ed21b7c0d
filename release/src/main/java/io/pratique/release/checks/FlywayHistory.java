package io.pratique.release.checks;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What Flyway's table says in the end: rows of the same migration replace each other, and some take others away. */
final class FlywayHistory {

    private final boolean exists;
    private final NavigableMap<FlywayVersion, Row> versioned = new TreeMap<>();
    private final Map<String, Row> repeatables = new TreeMap<>();
    private final List<String> failedUndo = new ArrayList<>();
    private @Nullable FlywayVersion baseline;

    /** One row. The type is that of Flyway, in capitals; the checksum is null for what has none, such as classes. */
    record Row(
            @Nullable FlywayVersion version,
            String description,
            String type,
            String script,
            @Nullable Integer checksum,
            boolean success) {

        static Row read(ResultSet row) throws SQLException {
            String version = row.getString(1);
            if (version != null && !version.matches(FlywayVersion.PATTERN)) {
                throw new SQLException(
                        "the history has version " + MigrationFindings.shown(version) + ", which is none of Flyway");
            }
            int checksum = row.getInt(5);
            return new Row(
                    version == null ? null : FlywayVersion.of(version),
                    String.valueOf(row.getString(2)),
                    String.valueOf(row.getString(3)).toUpperCase(Locale.ROOT),
                    String.valueOf(row.getString(4)),
                    row.wasNull() ? null : checksum,
                    row.getBoolean(6));
        }

        /** Whether there must be a file of it; others come from classes, or as the beginning of all. */
        boolean isSql() {
            return type.equals("SQL") || type.equals("SQL_BASELINE");
        }

        boolean baseline() {
            return type.endsWith("BASELINE");
        }
    }

    private FlywayHistory(boolean exists) {
        this.exists = exists;
    }

    static FlywayHistory read(Connection connection, HistoryTable table) throws SQLException {
        List<Row> rows = table.read(
                connection,
                "installed_rank",
                Row::read,
                "version",
                "description",
                "type",
                "script",
                "checksum",
                "success");
        FlywayHistory history = new FlywayHistory(rows != null);
        if (rows != null) {
            rows.forEach(history::add);
        }
        return history;
    }

    private void add(Row row) {
        boolean undone = row.type().startsWith("UNDO");
        if (undone && !row.success()) {
            failedUndo.add(row.script());
        } else if (undone || row.type().equals("DELETE")) {
            remove(row);
        } else if (row.version() != null) {
            addVersioned(row, row.version());
        } else if (!row.type().equals("SCHEMA")) {
            repeatables.put(row.description(), row);
        }
    }

    private void remove(Row row) {
        if (row.version() == null) {
            repeatables.remove(row.description());
        } else {
            versioned.remove(row.version());
        }
    }

    private void addVersioned(Row row, FlywayVersion version) {
        if (row.baseline() && row.success() && (baseline == null || version.compareTo(baseline) > 0)) {
            baseline = version;
        }
        if (!row.type().equals("BASELINE")) {
            versioned.put(version, row);
        }
    }

    boolean exists() {
        return exists;
    }

    /** By version; baselines only where they are files. */
    NavigableMap<FlywayVersion, Row> versioned() {
        return versioned;
    }

    /** By description. */
    Map<String, Row> repeatables() {
        return repeatables;
    }

    List<String> failedUndo() {
        return failedUndo;
    }

    @Nullable FlywayVersion baseline() {
        return baseline;
    }

    /** The highest version that is there, whole or in part; null if none is. */
    @Nullable FlywayVersion newest() {
        FlywayVersion last = versioned.isEmpty() ? null : versioned.lastKey();
        return last == null || (baseline != null && baseline.compareTo(last) > 0) ? baseline : last;
    }
}
