package io.pratique.db;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The four tables of a schema, as whoever runs a server treats them: to wipe, to copy, to bring back. */
final class FlagTables {

    private static final List<String> NAMES =
            List.of("pratique_flag", "pratique_flag_history", "pratique_flag_accepted", "pratique_flag_store");

    private static final AtomicInteger COPIES = new AtomicInteger();

    private final Connections connections;
    private final String prefix;

    /** Where to get a connection. */
    interface Connections {
        Connection open() throws SQLException;
    }

    /** What the tables held at one time. */
    interface Copy {
        void restore() throws SQLException;
    }

    /** A schema's name and a dot come before the names, or nothing. */
    FlagTables(Connections connections, String prefix) {
        this.connections = connections;
        this.prefix = prefix;
    }

    void execute(List<String> statements) throws SQLException {
        try (Connection connection = connections.open();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (String each : statements) {
                statement.execute(each);
            }
            connection.commit();
        }
    }

    private List<String> each(List<String> names, String statement) {
        return names.stream().map(name -> statement.formatted(prefix + name)).toList();
    }

    /** A statement over one of them. */
    String qualified(String statement, String name) {
        return statement.formatted(prefix + name);
    }

    /** As a database that was set up anew. */
    void drop() throws SQLException {
        execute(each(NAMES, "DROP TABLE %s"));
    }

    /** Copies them, for a way back to what they hold now. */
    Copy backUp() throws SQLException {
        return backUp(NAMES);
    }

    /** Copies some of them. */
    Copy backUp(List<String> names) throws SQLException {
        String copy = "_" + COPIES.incrementAndGet();
        execute(each(names, "CREATE TABLE %1$s" + copy + " AS SELECT * FROM %1$s"));
        return () -> {
            List<String> statements = new ArrayList<>(each(names, "DELETE FROM %s"));
            statements.addAll(each(names, "INSERT INTO %1$s SELECT * FROM %1$s" + copy));
            execute(statements);
        };
    }
}
