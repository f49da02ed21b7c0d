package io.pratique.release.checks;

import io.pratique.flags.spi.FlagText;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The table that a migration tool keeps its history in.
 *
 * @param schema null for that which the connection finds without a name
 * @param name of the table
 */
record HistoryTable(@Nullable String schema, String name) {

    private static final Pattern IDENTIFIER = Pattern.compile("\\w{1,128}");

    /** How PostgreSQL, MySQL, H2 and others say that there is no such table. */
    private static final Set<String> NO_TABLE = Set.of("42P01", "3F000", "42S02", "42S03", "42S04", "S0002", "90079");

    private static final int SECONDS = 30;

    /** A team that writes ten migrations each day needs 27 years for as many. */
    private static final int MOST = 100_000;

    /** Reads one row. */
    @FunctionalInterface
    interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    HistoryTable inSchema(String schema) {
        return new HistoryTable(required("schema", schema), name);
    }

    HistoryTable named(String name) {
        return new HistoryTable(schema, required("table", name));
    }

    private static String required(String what, String name) {
        if (name == null || !IDENTIFIER.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    what + " of a migration history must be letters, digits and underscores, " + "but is \""
                            + FlagText.printable(String.valueOf(name), 100) + "\"");
        }
        return name;
    }

    /** The whole history, or null if there is no such table. */
    <T> @Nullable List<T> read(Connection connection, String order, Reader<T> reader, String... columns)
            throws SQLException {
        String mark = connection.getMetaData().getIdentifierQuoteString().strip();
        String query =
                "SELECT " + Stream.of(columns).map(each -> mark + each + mark).collect(Collectors.joining(", "))
                        + " FROM " + (schema == null ? "" : mark + schema + mark + ".") + mark + name + mark
                        + " ORDER BY " + mark + order + mark;
        try (Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(SECONDS);
            try (ResultSet rows = statement.executeQuery(query)) {
                List<T> read = new ArrayList<>();
                while (rows.next()) {
                    read.add(reader.read(rows));
                    if (read.size() > MOST) {
                        throw new SQLException(
                                "table " + this + " has more than " + MOST + " rows; is it the history?");
                    }
                }
                return read;
            }
        } catch (SQLException e) {
            if (e.getSQLState() != null && NO_TABLE.contains(e.getSQLState())) {
                return null;
            }
            throw e;
        }
    }

    /** As people write it. */
    @Override
    public String toString() {
        return (schema == null ? "" : schema + ".") + name;
    }
}
