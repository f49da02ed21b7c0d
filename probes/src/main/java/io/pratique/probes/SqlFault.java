package io.pratique.probes;

import io.pratique.readiness.ProbeResult;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What databases say of themselves when they refuse, by SQL state and anywhere along the causes. */
final class SqlFault {

    /** Of PostgreSQL: too little of anything, of disk, of memory, and of connections. */
    private static final Set<String> FULL = Set.of("53000", "53100", "53200", "53300");

    /** Of MySQL, which counts its lack of connections among the failures to connect. */
    private static final int MYSQL_TOO_MANY_CONNECTIONS = 1040;

    private static final Set<String> NO_TABLE = Set.of("42P01", "42S02", "42S03", "42S04", "S0002", "90079");

    private static final int ORACLE_NO_TABLE = 942;

    private static final String READ_ONLY = "25006";

    private SqlFault() {}

    /** Down or saturated, if anything along the causes says so; null if nothing is known. */
    static @Nullable ProbeResult classify(Throwable thrown) {
        for (Throwable cause : Causes.of(thrown)) {
            ProbeResult said = cause instanceof SQLException sql ? said(sql) : null;
            if (said != null) {
                return said;
            }
        }
        return null;
    }

    private static @Nullable ProbeResult said(SQLException thrown) {
        String state = thrown.getSQLState() == null ? "" : thrown.getSQLState();
        if (FULL.contains(state) || (state.startsWith("08") && thrown.getErrorCode() == MYSQL_TOO_MANY_CONNECTIONS)) {
            return ProbeResult.saturated("the database is at its limits (SQLState " + state + ")");
        }
        String fault = fault(state);
        if (fault != null) {
            return ProbeResult.down("the database " + fault + " (SQLState " + state + ")");
        }
        return thrown instanceof SQLNonTransientConnectionException
                ? ProbeResult.down(
                        "the database cannot be reached" + (state.isEmpty() ? "" : " (SQLState " + state + ")"))
                : null;
    }

    private static @Nullable String fault(String state) {
        if (state.equals(READ_ONLY)) {
            return "is read-only";
        }
        String start = state.substring(0, Math.min(state.length(), 2));
        return switch (start) {
            case "08" -> "cannot be reached";
            case "28" -> "refuses the login";
            case "3D" -> "does not exist on its server";
            case "57" -> state.startsWith("57P") ? "is shutting down or starting" : null;
            default -> null;
        };
    }

    static boolean isTableMissing(SQLException thrown) {
        return NO_TABLE.contains(String.valueOf(thrown.getSQLState())) || thrown.getErrorCode() == ORACLE_NO_TABLE;
    }

    /** Other databases than PostgreSQL have no code in common for this, but the word is in the message of each. */
    static boolean isReadOnly(SQLException thrown) {
        String message = thrown.getMessage();
        return READ_ONLY.equals(thrown.getSQLState())
                || (message != null && message.toLowerCase(Locale.ROOT).matches("(?s).*\\bread[- ]only\\b.*"));
    }
}
