package io.pratique.probes;

import io.pratique.readiness.ProbeResult;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A row of a table. Of the row nothing is asked for but that it is there. */
final class SecretRow implements SecretPlace {

    private final ConnectionLine line;
    private final String table;
    private final String column;
    private final String name;

    private SecretRow(ConnectionLine line, String table, String column, String name) {
        this.line = line;
        this.table = table;
        this.column = column;
        this.name = name;
    }

    static SecretRow of(DataSource dataSource, String table, String column, String name) {
        String[] parts =
                Arguments.notBlank("The table of a SecretsProbe", table).split("\\.", 2);
        return new SecretRow(
                ConnectionLine.over(Arguments.required("The data source of a SecretsProbe", dataSource)),
                Arrays.stream(parts)
                        .map(part -> Arguments.identifier("The table of a SecretsProbe", part))
                        .collect(Collectors.joining(".")),
                Arguments.identifier("The column of a SecretsProbe", column),
                Arguments.notBlank("The row of a SecretsProbe", name));
    }

    /** A pool that gives no connection says nothing of the row, and whether its database is away is for others to ask. */
    @Override
    public ProbeResult look(Duration timeout) throws Exception {
        Duration step = timeout.dividedBy(2);
        ProbeResult found = line.ask(this::find, step);
        return found == null
                ? ProbeResult.saturated("no connection from the pool within " + Timeouts.shown(step))
                : found;
    }

    private ProbeResult find(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT 1 FROM " + table + " WHERE " + column + " = ?")) {
            statement.setMaxRows(1);
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? ProbeResult.up() : ProbeResult.down("no row \"" + name + "\" in " + table);
            }
        }
    }

    /** Of the standard's class 42: what is asked for is not there, or may not be read. */
    @Override
    public @Nullable ProbeResult classify(Throwable failure) {
        SQLException refused = Causes.first(failure, SQLException.class);
        String state = refused == null ? "" : String.valueOf(refused.getSQLState());
        return state.startsWith("42")
                ? ProbeResult.down("table " + table + " is missing or may not be read (SQLState " + state + ")")
                : SqlFault.classify(failure);
    }

    @Override
    public String toString() {
        return "table " + table + ", row \"" + name + "\"";
    }
}
