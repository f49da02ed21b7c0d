package io.pratique.probes;

import io.pratique.readiness.Probe;
import io.pratique.readiness.ProbeResult;
import io.pratique.readiness.ProbeSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Asks whether a port takes connections: it connects, and hangs up. That proves that somebody listens, not that he
 * answers. Immutable; each setter gives a new probe.
 *
 * <pre>{@code
 * TcpProbe.of("mail.example.org", 25).timeout(Duration.ofSeconds(3))
 * }</pre>
 *
 * <p>Refused, no route, an unknown host and no connection within the timeout are down. The name is looked up at each
 * check.
 */
public final class TcpProbe implements Probe {

    private final String host;
    private final int port;
    private final Duration timeout;

    private TcpProbe(String host, int port, Duration timeout) {
        this.host = host;
        this.port = port;
        this.timeout = timeout;
    }

    /**
     * Asks a port, and waits 1.5 seconds.
     *
     * @param host a name or an address
     * @param port from 1 to 65535
     * @return a probe
     * @throws IllegalArgumentException if the host is null or blank, or there is no such port
     */
    public static TcpProbe of(String host, int port) {
        return new TcpProbe(
                Arguments.notBlank("The host of a TcpProbe", host),
                Arguments.within("The port of a TcpProbe", port, 1, 65_535),
                Timeouts.DEFAULT);
    }

    /**
     * How long connecting may take.
     *
     * @param timeout from a millisecond to an hour
     * @return a new probe
     * @throws IllegalArgumentException if it is anything else
     */
    public TcpProbe timeout(Duration timeout) {
        return new TcpProbe(host, port, Timeouts.require("TcpProbe", timeout));
    }

    @Override
    public ProbeResult check() throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), Math.toIntExact(timeout.toMillis()));
            return ProbeResult.up();
        }
    }

    /** A connection that does not come about in time; the rest is known of all probes. */
    @Override
    public @Nullable ProbeResult classify(Throwable failure) {
        return failure instanceof SocketTimeoutException
                ? ProbeResult.down(this + " takes no connection within " + Timeouts.shown(timeout))
                : null;
    }

    @Override
    public ProbeSettings settings() {
        return Timeouts.settings(timeout);
    }

    /** Host and port. */
    @Override
    public String toString() {
        return host + ":" + port;
    }
}
