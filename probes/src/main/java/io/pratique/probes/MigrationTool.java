package io.pratique.probes;

import io.pratique.probes.Migration.State;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How each tool writes its history, and when a migration that is needed is there. */
enum MigrationTool {
    /** Quotes its names on every database, so that they are in small letters even where that is not the custom. */
    FLYWAY("flyway_schema_history", true, "version, description, type, script, success", "installed_rank") {

        @Override
        Migration read(ResultSet row) throws SQLException {
            String version = row.getString(1);
            String type = row.getString(3).toUpperCase(Locale.ROOT);
            boolean gone = type.startsWith("UNDO") || type.equals("DELETE");
            State state = !row.getBoolean(5) ? State.FAILED : gone ? State.UNDONE : State.APPLIED;
            return version == null
                    ? new Migration(row.getString(4), row.getString(2), state)
                    : new Migration(version, version, state);
        }

        @Override
        String requireMinimum(String subject, String minimum) {
            if (minimum == null || !VERSION.matcher(minimum).matches()) {
                throw Arguments.refused(
                        subject,
                        "must be a version of Flyway, numbers with dots between",
                        minimum,
                        "write it as \"42.1\"");
            }
            return minimum;
        }

        /** What is below the highest version may have come as one baseline. Repeatable migrations have a script for key. */
        @Override
        boolean satisfies(Migration applied, String minimum) {
            return VERSION.matcher(applied.key()).matches() && compare(applied.key(), minimum) >= 0;
        }
    },

    /** Leaves its names to the custom of the database, and writes them in capitals where that makes a difference. */
    LIQUIBASE("DATABASECHANGELOG", false, "ID, AUTHOR, FILENAME, EXECTYPE", "ORDEREXECUTED") {

        @Override
        Migration read(ResultSet row) throws SQLException {
            String id = row.getString(1);
            State state = switch (row.getString(4)) {
                case "FAILED" -> State.FAILED;
                case "SKIPPED" -> State.UNDONE;
                default -> State.APPLIED;
            };
            return new Migration(row.getString(3) + "::" + id + "::" + row.getString(2), id, state);
        }
    },

    /** A migration that was rolled back and then mended has a row of each. */
    PRISMA("_prisma_migrations", true, "migration_name, finished_at, rolled_back_at", "started_at") {

        @Override
        Migration read(ResultSet row) throws SQLException {
            String name = row.getString(1);
            State state = row.getObject(3) != null
                    ? State.UNDONE
                    : row.getObject(2) == null ? State.UNFINISHED : State.APPLIED;
            return new Migration(name, name, state);
        }
    };

    /** Never gives a part back: Java would remember each on the stack. */
    private static final Pattern VERSION = Pattern.compile("\\d+(?:[._]\\d+)*+");

    private final String table;
    private final boolean quoted;
    private final String columns;
    private final String order;

    MigrationTool(String table, boolean quoted, String columns, String order) {
        this.table = table;
        this.quoted = quoted;
        this.columns = columns;
        this.order = order;
    }

    String table() {
        return table;
    }

    /** The whole history, oldest first. */
    String query(@Nullable String schema, String table, String quote) {
        String mark = quoted ? quote.strip() : "";
        String from = (schema == null ? "" : mark + schema + mark + ".") + mark + table + mark;
        return "SELECT " + mark + columns.replace(", ", mark + ", " + mark) + mark + " FROM " + from + " ORDER BY "
                + mark + order + mark;
    }

    /** The row that a query for the history is at. */
    abstract Migration read(ResultSet row) throws SQLException;

    /** Refuses what cannot be the name of a migration. */
    String requireMinimum(String subject, String minimum) {
        return Arguments.notBlank(subject, minimum);
    }

    /** Whether a migration that has been applied is the one that is needed, or later. */
    boolean satisfies(Migration applied, String minimum) {
        return applied.name().equals(minimum) || applied.key().equals(minimum);
    }

    /** Part by part as numbers; parts that one of them lacks are 0. */
    static int compare(String left, String right) {
        String[] lefts = left.split("[._]", -1);
        String[] rights = right.split("[._]", -1);
        for (int i = 0; i < Math.max(lefts.length, rights.length); i++) {
            int difference = part(lefts, i).compareTo(part(rights, i));
            if (difference != 0) {
                return difference;
            }
        }
        return 0;
    }

    private static BigInteger part(String[] parts, int index) {
        return index < parts.length ? new BigInteger(parts[index]) : BigInteger.ZERO;
    }
}
