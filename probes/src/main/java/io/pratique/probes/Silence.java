package io.pratique.probes;

import io.pratique.readiness.ProbeResult;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What the exceptions of an HTTP client say where no answer came. */
final class Silence {

    /** Those of Apache's client, versions 4 and 5, which are on nobody's class path for sure. */
    private static final Set<String> POOL_FULL =
            Set.of("ConnectionPoolTimeoutException", "ConnectionRequestTimeoutException");

    /** Of the same: an answer that did not begin, and one that did not end. */
    private static final Set<String> CLOSED = Set.of("NoHttpResponseException", "ConnectionClosedException");

    private Silence() {}

    /**
     * Looks along the causes. A client whose own pool is full, or whose process has no file or port left, has not asked, so
     * nothing is known to be down.
     *
     * @param server who was asked
     * @param timedOut whether an exception is the client's own for a timeout
     * @return null if it is no evidence, or such as every gate knows
     */
    static @Nullable ProbeResult of(String server, Throwable failure, Predicate<Throwable> timedOut) {
        for (Throwable cause : Causes.of(failure)) {
            if (Causes.isOurs(cause)) {
                return null;
            }
            if (POOL_FULL.contains(cause.getClass().getSimpleName())) {
                return ProbeResult.saturated("all connections of the client for " + server + " are in use");
            }
            if (timedOut.test(cause) || cause instanceof SocketTimeoutException) {
                return ProbeResult.down("no answer from " + server + " in time");
            }
            if (cause instanceof UnknownHostException) {
                return ProbeResult.down("no address of " + server);
            }
            if (cause instanceof SocketException) {
                String said = cause.getMessage();
                return ProbeResult.down("no answer from " + server + (said == null ? "" : ": " + said));
            }
            if (isHungUp(cause)) {
                return ProbeResult.down(server + " hangs up without an answer");
            }
        }
        return null;
    }

    /**
     * Whether the other side ended the connection before it had answered in full. Channels have no class of their own for
     * that, and say it where they read or, of a request that is still being sent, where they write.
     */
    static boolean isHungUp(Throwable thrown) {
        if (thrown instanceof EOFException || CLOSED.contains(thrown.getClass().getSimpleName())) {
            return true;
        }
        String said = thrown instanceof IOException ? String.valueOf(thrown.getMessage()) : "";
        return said.startsWith("Connection reset") || said.equals("Broken pipe");
    }
}
