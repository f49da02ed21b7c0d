package io.pratique.release.checks;

import io.pratique.flags.spi.FlagText;
import io.pratique.release.StepAction;
import io.pratique.release.StepContext;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether a database has the tables and columns that a version needs; others may be there. Names are compared
 * without regard to capitals. Immutable.
 */
public final class SchemaCheck implements StepAction {

    private final DataSource database;
    private final @Nullable String schema;
    private final Map<String, Set<String>> tables;

    private SchemaCheck(DataSource database, @Nullable String schema, Map<String, Set<String>> tables) {
        this.database = database;
        this.schema = schema;
        this.tables = tables;
    }

    /**
     * A check of a database's schema, that of its connections unless told otherwise.
     *
     * @param database not closed by this
     * @return a check that expects nothing
     * @throws IllegalArgumentException if it is null
     */
    public static SchemaCheck of(DataSource database) {
        if (database == null) {
            throw new IllegalArgumentException("database of a check must be given, but is null");
        }
        return new SchemaCheck(database, null, Map.of());
    }

    /**
     * The same check of another schema.
     *
     * @param schema as the database has it
     * @return a new check
     */
    public SchemaCheck schema(String schema) {
        return new SchemaCheck(database, schema, tables);
    }

    /**
     * The same check that expects one table more.
     *
     * @param table its name
     * @param columns those that it must have; none to look for the table alone
     * @return a new check
     * @throws IllegalArgumentException if the table's name is null or blank
     */
    public SchemaCheck table(String table, String... columns) {
        if (table == null || table.isBlank()) {
            throw new IllegalArgumentException("name of an expected table must not be blank, but is \"" + table + "\"");
        }
        Map<String, Set<String>> more = new LinkedHashMap<>(tables);
        more.put(table, Set.copyOf(List.of(columns)));
        return new SchemaCheck(database, schema, more);
    }

    /** Throws with all that is missing. */
    @Override
    public void run(StepContext context) throws SQLException {
        List<String> missing = new ArrayList<>();
        try (Connection connection = database.getConnection()) {
            Map<String, Set<String>> found = found(connection);
            tables.forEach((table, columns) -> {
                Set<String> there = found.get(lower(table));
                if (there == null) {
                    missing.add("table " + FlagText.printable(table, 100));
                } else {
                    columns.stream()
                            .filter(column -> !there.contains(lower(column)))
                            .sorted()
                            .forEach(column -> missing.add("column " + FlagText.printable(table, 100) + "."
                                    + FlagText.printable(column, 100)));
                }
            });
        }
        if (!missing.isEmpty()) {
            throw new IllegalStateException("the database lacks " + String.join(", ", missing)
                    + "; was it migrated, and is it the right schema?");
        }
        context.tell(tables.size() + " tables are as expected");
    }

    private Map<String, Set<String>> found(Connection connection) throws SQLException {
        String looked = schema == null ? connection.getSchema() : schema;
        Map<String, Set<String>> found = new LinkedHashMap<>();
        try (ResultSet columns = connection.getMetaData().getColumns(connection.getCatalog(), looked, null, null)) {
            while (columns.next()) {
                found.computeIfAbsent(lower(columns.getString("TABLE_NAME")), table -> new TreeSet<>())
                        .add(lower(columns.getString("COLUMN_NAME")));
            }
        }
        return found;
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
