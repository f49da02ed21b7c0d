package io.pratique.db;

import io.pratique.flags.spi.FlagStoreException;
import io.pratique.flags.spi.FlagText;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a database says when it does not do its part, and what to do about it. By SQLSTATE, of PostgreSQL and of H2. */
final class Fault {

    /** What {@link FlagText} shows of an exception in one line leaves room for the server and the remedy. */
    private static final int SHOWN = 120;

    private static final String OUTCOME_UNKNOWN = "08007";
    private static final String TORN = "PQ001";
    private static final String TABLES = "have db/pratique/V1__pratique_flags.sql run, or grant CREATE on the schema";
    private static final String ALTERED = "compare the tables with db/pratique/V1__pratique_flags.sql";
    private static final String LOGIN = "check user and password";
    private static final String NAME = "check the names in URL and settings";

    /** The statements are right; what is set into them is the schema. */
    private static final String RESERVED = "give the schema a name that is no reserved word";

    private static final Map<String, String> REMEDIES = Map.ofEntries(
            Map.entry(OUTCOME_UNKNOWN, "look into the flag's history whether the change was made"),
            Map.entry(TORN, "write each flag again, for good, or accept the loss of that history"),
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
            Map.entry("42601", RESERVED),
            Map.entry("42000", RESERVED),
            Map.entry("42001", RESERVED),
            Map.entry("3D000", NAME),
            Map.entry("3F000", NAME),
            Map.entry("55P03", "somebody else holds the tables; try again, or look for them in pg_stat_activity"),
            Map.entry("25006", "point the store's URL at the primary; a standby can only be read"),
            Map.entry("53300", "raise max_connections, or have fewer connections opened"));

    /** Connection failure, connection does not exist, and the server's shutdown, crash and restart. */
    private static final Set<String> LOST = Set.of("08006", "08003", "57P01", "57P02", "57P05");

    /** A pool has waited in vain, and no server has said why. */
    private static final String EXHAUSTED = "give the pool more connections, or look for who keeps them";

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
        if (state.isEmpty() && root instanceof SQLTransientConnectionException) {
            return Optional.of(EXHAUSTED);
        }
        return Optional.ofNullable(REMEDIES.getOrDefault(state, state.startsWith("08") ? CONNECTION : null));
    }

    /** A pool wraps what the driver threw; the innermost says most. */
    private static @Nullable SQLException root(Throwable thrown) {
        SQLException root = null;
        Throwable each = thrown;
        for (int depth = 0; each != null && depth < 10; depth++, each = each.getCause()) {
            if (each instanceof SQLException sql && (root == null || sql.getSQLState() != null)) {
                root = sql;
            }
            if (state(root).equals(OUTCOME_UNKNOWN)) {
                return root;
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

    /** Whether it is not known what the server did: the connection was lost, or the server was silent for too long. */
    static boolean isUnanswered(SQLException thrown) {
        return LOST.contains(state(thrown));
    }

    /** The connection was lost during a commit. */
    static SQLException outcomeUnknown(SQLException lost) {
        return new SQLException("the connection was lost during the commit", OUTCOME_UNKNOWN, lost);
    }

    /**
     * Tables were brought back apart from each other, or one was emptied.
     *
     * @param epoch whose loss is to be accepted; null if there is none
     * @param left how far each table goes
     */
    static SQLException torn(@Nullable String epoch, String left) {
        return new SQLException("history \"" + (epoch == null ? "unknown" : epoch) + "\" is torn: " + left, TORN);
    }

    /** Whether a connection that was fine once is no longer; the server's silence, or its refusal of a new one, is not that. */
    static boolean isConnectionLost(Throwable thrown) {
        return thrown instanceof SQLException lost
                && !(lost instanceof SQLTransientConnectionException)
                && !(lost.getCause() instanceof SocketTimeoutException)
                && isUnanswered(lost);
    }

    /** Whether this server takes no writes, announcements among them. */
    static boolean isReadOnly(Throwable thrown) {
        return state(root(thrown)).equals("25006");
    }
}
