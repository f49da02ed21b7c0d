package io.pratique.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * A network that a test can break: it listens on the loopback address and passes everything on to a server, until told
 * to be slow, to hang, to cut connections or to refuse them.
 *
 * <pre>{@code
 * try (TcpProxy network = TcpProxy.to(server.port())) {
 *     FlagSource source = connect("localhost", network.port());
 *     network.hang();
 *     ...
 *     network.pass();
 * }
 * }</pre>
 *
 * <p>All methods may be called on any thread. Its threads are daemons and end when it is closed.
 */
public final class TcpProxy implements AutoCloseable {

    private final InetSocketAddress target;
    private final ServerSocket listener;
    private final Monitor monitor = new Monitor();
    private final Set<Socket> sockets = new HashSet<>();
    private Duration delay = Duration.ZERO;
    private boolean hanging;
    private boolean refusing;
    private boolean closed;
    private int accepted;

    private TcpProxy(InetSocketAddress target, ServerSocket listener) {
        this.target = target;
        this.listener = listener;
    }

    /**
     * Starts to pass on to a server on the loopback address.
     *
     * @param port where the server listens; it need not do so yet
     * @return a proxy that listens on a free port
     * @throws IOException if it cannot listen
     */
    public static TcpProxy to(int port) throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        TcpProxy proxy = new TcpProxy(new InetSocketAddress(loopback, port), new ServerSocket(0, 50, loopback));
        start("accept", proxy::accept);
        return proxy;
    }

    /**
     * The port on the loopback address to connect to.
     *
     * @return the same for the whole life of this proxy
     */
    public int port() {
        return listener.getLocalPort();
    }

    /**
     * How many connections have been made since the start, refused ones left out.
     *
     * @return 0 or more
     */
    public int accepted() {
        return monitor.read(() -> accepted);
    }

    /**
     * How many connections there are now.
     *
     * @return 0 or more
     */
    public int connections() {
        return monitor.read(() -> sockets.size() / 2);
    }

    /** Passes everything on at once again, what was held back included. */
    public void pass() {
        monitor.change(() -> {
            hanging = false;
            refusing = false;
            delay = Duration.ZERO;
        });
    }

    /**
     * Passes everything on later, in both directions.
     *
     * @param delay how much later, for each piece of data
     */
    public void delay(Duration delay) {
        monitor.change(() -> this.delay = delay);
    }

    /** Passes nothing on, as if the server hung or a cable were out. Connections stay, and new ones are accepted. */
    public void hang() {
        monitor.change(() -> hanging = true);
    }

    /** Ends all connections. New ones are welcome. */
    public void cut() {
        monitor.change(this::endAll);
    }

    /** Ends all connections, and each new one at once. */
    public void refuse() {
        monitor.change(() -> {
            refusing = true;
            endAll();
        });
    }

    /** Ends all connections and listens no longer. */
    @Override
    public void close() {
        monitor.change(() -> {
            closed = true;
            end(listener);
            endAll();
        });
    }

    private void endAll() {
        sockets.forEach(TcpProxy::end);
        sockets.clear();
    }

    private static void end(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception alreadyBroken) {
            // It is gone, which is what is wanted.
        }
    }

    private static void start(String what, Runnable task) {
        Thread thread = new Thread(task, "tcp-proxy-" + what);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (monitor.read(() -> !closed)) {
            try {
                Socket client = listener.accept();
                start("connect", () -> connect(client));
            } catch (IOException closing) {
                // Looks again whether it is to go on.
            }
        }
    }

    private void connect(Socket client) {
        Socket server = new Socket();
        try {
            server.connect(target);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
        } catch (IOException away) {
            end(client);
            end(server);
            return;
        }
        monitor.change(() -> admit(client, server));
        start("up", () -> pump(client, server));
        start("down", () -> pump(server, client));
    }

    private void admit(Socket client, Socket server) {
        if (closed || refusing) {
            end(client);
            end(server);
        } else {
            accepted++;
            sockets.add(client);
            sockets.add(server);
        }
    }

    private void pump(Socket from, Socket to) {
        byte[] piece = new byte[8192];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
                holdBack(from);
                out.write(piece, 0, length);
            }
        } catch (IOException | InterruptedException broken) {
            // Both ends learn of it below.
        } finally {
            monitor.change(() -> {
                end(from);
                end(to);
                sockets.remove(from);
                sockets.remove(to);
            });
        }
    }

    private void holdBack(Socket socket) throws InterruptedException {
        monitor.pause(() -> socket.isClosed() ? Duration.ZERO : delay);
        monitor.await(() -> !hanging || socket.isClosed());
    }
}
