package io.pratique.readiness;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Which exceptions are evidence that a dependency is down, rather than that the check is broken. */
final class Evidence {

    /** Longer chains of causes are not made by hand; one that is a circle ends here too. */
    private static final int DEPTH = 50;

    /** The module java.sql is optional at run time. */
    private static final boolean HAS_SQL = hasSql();

    private Evidence() {}

    private static boolean hasSql() {
        try {
            Class.forName("java.sql.SQLException");
            return true;
        } catch (ClassNotFoundException | LinkageError absent) {
            return false;
        }
    }

    /** Whether the dependency refused, could not be reached, or did not answer in time, by anything along the causes. */
    static boolean isIn(@Nullable Throwable thrown) {
        try {
            return isAlongTheCauses(thrown);
        } catch (Throwable unreadable) {
            // Exceptions are foreign code too; one that cannot be read proves nothing.
            return false;
        }
    }

    private static boolean isAlongTheCauses(@Nullable Throwable thrown) {
        Throwable cause = thrown;
        for (int depth = 0; cause != null && depth < DEPTH; depth++) {
            if (isNetwork(cause) || (HAS_SQL && Sql.isEvidence(cause))) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private static boolean isNetwork(Throwable thrown) {
        return thrown instanceof ConnectException
                || thrown instanceof NoRouteToHostException
                || thrown instanceof PortUnreachableException
                || thrown instanceof UnknownHostException
                || thrown instanceof SocketTimeoutException;
    }

    /** Apart, so that nothing of java.sql is linked where it is absent. */
    private static final class Sql {

        static boolean isEvidence(Throwable thrown) {
            return thrown instanceof SQLException sql && isDown(sql.getSQLState());
        }

        /** Class 08 of the SQL standard: connection exceptions. 57P of PostgreSQL: the server is shut down or starting. */
        private static boolean isDown(@Nullable String state) {
            return state != null && (state.startsWith("08") || state.startsWith("57P"));
        }
    }
}
