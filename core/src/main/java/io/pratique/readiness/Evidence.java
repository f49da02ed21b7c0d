package io.pratique.readiness;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Which exceptions are evidence that a dependency is down, rather than that the check is broken. */
final class Evidence {

    /** Longer chains of causes are not made by hand; one that is a circle ends here too. */
    private static final int DEPTH = 50;

    /** The JDK has no class of its own for this; that of a missing host it has. */
    private static final String NO_NETWORK = "Network is unreachable";

    /** The module java.sql is optional; where it is absent, nobody can throw what is in it. */
    private static final boolean HAS_SQL =
            ModuleLayer.boot().findModule("java.sql").isPresent();

    private Evidence() {}

    /**
     * Whether the dependency refused, has no route or no address, or says by its SQL state that it is away, by anything
     * along the causes. An exception that throws when it is looked at is no evidence.
     */
    static boolean isIn(@Nullable Throwable thrown) {
        try {
            Throwable cause = thrown;
            for (int depth = 0; cause != null && depth < DEPTH; depth++) {
                if (isNetwork(cause) || (HAS_SQL && Sql.isEvidence(cause))) {
                    return true;
                }
                cause = cause.getCause();
            }
            return false;
        } catch (Throwable unreadable) {
            return false;
        }
    }

    /** An unreachable port is how UDP is refused, an unresolved address how channels know no host. */
    private static boolean isNetwork(Throwable thrown) {
        return thrown instanceof ConnectException
                || thrown instanceof NoRouteToHostException
                || thrown instanceof PortUnreachableException
                || thrown instanceof UnknownHostException
                || thrown instanceof UnresolvedAddressException
                || (thrown instanceof SocketException && NO_NETWORK.equals(thrown.getMessage()));
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
