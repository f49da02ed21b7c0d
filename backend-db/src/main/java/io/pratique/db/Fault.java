package io.pratique.db;

import io.pratique.flags.spi.FlagStoreException;
import io.pratique.flags.spi.FlagText;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a database says when it does not do its part, and what to do about it. By SQLSTATE, of PostgreSQL and of H2. */
final class Fault {

    /** What {@link FlagText} shows of an exception in one line leaves room for the server and the remedy. */
    private static final int SHOWN = 120;

    private static final String TABLES = "have db/pratique/V1__pratique_flags.sql run, or grant CREATE on the schema";
    private static final String ALTERED = "compare the tables with db/pratique/V1__pratique_flags.sql";
    private static final String LOGIN = "check user and password";
    private static final String NAME = "check the names in URL and settings";

    private static final Map<String, String> REMEDIES = Map.ofEntries(
            Map.entry("28P01", LOGIN),
            Map.entry("28000", LOGIN),
            Map.entry("42P01", TABLES),
            Map.entry("42S02", TABLES),
            Map.entry("42S03", TABLES),
            Map.entry("42S04", TABLES),
            Map.entry("42501", "grant the user what docs/guide/postgresql.md lists"),
            Map.entry("42703", ALTERED),
            Map.entry("42S22", ALTERED),
            Map.entry("42804", ALTERED),
            Map.entry("42883", ALTERED),
            Map.entry("3D000", NAME),
            Map.entry("3F000", NAME),
            Map.entry("25006", "use the primary server; this one only reads"),
            Map.entry("53300", "raise max_connections, or have fewer connections opened"));

    private static final String CONNECTION = "check host, port and network";

    private Fault() {}

    /** What was thrown, as one line that names server, fault and remedy. */
    static FlagStoreException of(String server, Throwable thrown) {
        SQLException root = root(thrown);
        String said = root == null ? thrown.toString() : String.valueOf(root.getMessage());
        String line = FlagText.printable(said.replaceAll("\\s+", " "), SHOWN);
        return new FlagStoreException(
                server + ": " + line + remedy(root).map(what -> "; " + what).orElse(""), thrown);
    }

    private static Optional<String> remedy(@Nullable SQLException root) {
        String state = state(root);
        return state.startsWith("08") ? Optional.of(CONNECTION) : Optional.ofNullable(REMEDIES.get(state));
    }

    /** A pool wraps what the driver threw; the innermost says most. */
    private static @Nullable SQLException root(Throwable thrown) {
        SQLException root = null;
        Throwable each = thrown;
        for (int depth = 0; each != null && depth < 10; depth++, each = each.getCause()) {
            if (each instanceof SQLException sql) {
                root = sql.getSQLState() == null && root != null ? root : sql;
            }
        }
        return root;
    }

    private static String state(@Nullable SQLException thrown) {
        String state = thrown == null ? null : thrown.getSQLState();
        return state == null ? "" : state;
    }

    /** Whether a table is not there. */
    static boolean isTableMissing(SQLException thrown) {
        return TABLES.equals(REMEDIES.get(state(thrown)));
    }

    /** Whether this server takes no writes, announcements among them. */
    static boolean isReadOnly(Throwable thrown) {
        return state(root(thrown)).equals("25006");
    }
}
