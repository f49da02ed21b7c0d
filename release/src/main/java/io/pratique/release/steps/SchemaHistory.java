package io.pratique.release.steps;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The newest entry of the history that a migration tool keeps in a database. */
final class SchemaHistory implements Callable<Map<String, @Nullable Object>> {

    private static final List<Table> TABLES = List.of(
            new Table(
                    "flyway_schema_history",
                    "SELECT version, description, script, success, installed_on FROM flyway_schema_history"
                            + " ORDER BY installed_rank DESC"),
            new Table(
                    "_prisma_migrations",
                    "SELECT migration_name, started_at, finished_at, rolled_back_at FROM _prisma_migrations"
                            + " ORDER BY started_at DESC"));

    /** A table, and how its newest row is asked for. */
    private record Table(String name, String query) {}

    private static final int SECONDS = 10;

    private final DataSource database;

    SchemaHistory(DataSource database) {
        this.database = database;
    }

    @Override
    public Map<String, @Nullable Object> call() throws SQLException {
        try (Connection connection = database.getConnection()) {
            for (Table table : TABLES) {
                if (isThere(connection, table.name())) {
                    return newest(connection, table);
                }
            }
        }
        throw new IllegalStateException("the schema has no table of "
                + TABLES.stream().map(Table::name).toList() + "; is it the right schema, and was it ever migrated?");
    }

    private static boolean isThere(Connection connection, String table) throws SQLException {
        try (ResultSet tables = connection
                .getMetaData()
                .getTables(connection.getCatalog(), connection.getSchema(), null, new String[] {"TABLE"})) {
            while (tables.next()) {
                if (table.equals(tables.getString("TABLE_NAME"))) {
                    return true;
                }
            }
            return false;
        }
    }

    private Map<String, @Nullable Object> newest(Connection connection, Table table) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setMaxRows(1);
            statement.setQueryTimeout(SECONDS);
            try (ResultSet rows = statement.executeQuery(table.query())) {
                Map<String, @Nullable Object> entry = new LinkedHashMap<>();
                entry.put("table", table.name());
                ResultSetMetaData columns = rows.getMetaData();
                boolean found = rows.next();
                for (int i = 1; found && i <= columns.getColumnCount(); i++) {
                    Object value = rows.getObject(i);
                    boolean plain = value == null || value instanceof Boolean;
                    entry.put(columns.getColumnLabel(i).toLowerCase(Locale.ROOT), plain ? value : value.toString());
                }
                return entry;
            }
        }
    }
}
