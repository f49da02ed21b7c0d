package io.pratique.health;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Serves {@link HealthEndpoints} over the JDK's HTTP server, on daemon threads.
 *
 * <p>Slow clients cannot hold it: it has at most 64 threads for requests; a request that takes longer than 10 seconds,
 * its reading and the sending of its answer included, is cut off, and earlier if others wait for its thread. Each answer
 * closes its connection. Of a request's body at most 64 KB are read, and ignored.
 */
public final class HealthServer implements AutoCloseable {

    /** As many probes may come at once without one having to knock again, which takes a second. */
    private static final int BACKLOG = 1_024;

    private final HealthEndpoints endpoints;
    private final HttpServer server;
    private final RequestThreads threads;
    private final int port;

    private HealthServer(HealthEndpoints endpoints, HttpServer server, RequestThreads threads) {
        this.endpoints = endpoints;
        this.server = server;
        this.threads = threads;
        this.port = server.getAddress().getPort();
    }

    /**
     * Starts a server on all interfaces, where an orchestrator's probes can reach it.
     *
     * @param endpoints what it answers
     * @param port the port; 0 for any that is free
     * @return a server that the caller closes
     * @throws IllegalArgumentException if the port is not from 0 to 65535
     * @throws IllegalStateException if the port is in use or may not be used
     */
    public static HealthServer start(HealthEndpoints endpoints, int port) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port of the health server must be from 0 to 65535, but is \"" + port
                    + "\"; give a free one such as 8081, or 0 for any");
        }
        return start(endpoints, new InetSocketAddress(port));
    }

    /**
     * Starts a server on one address.
     *
     * @param endpoints what it answers
     * @param address where it listens; port 0 for any that is free
     * @return a server that the caller closes
     * @throws IllegalArgumentException if the address is null or its host is unknown
     * @throws IllegalStateException if the port is in use or may not be used, or the address is not this machine's
     */
    public static HealthServer start(HealthEndpoints endpoints, InetSocketAddress address) {
        return start(endpoints, address, RequestThreads.MOST, RequestThreads.LONGEST);
    }

    static HealthServer start(
            @Nullable HealthEndpoints endpoints,
            @Nullable InetSocketAddress address,
            int mostThreads,
            Duration longest) {
        if (endpoints == null || address == null || address.isUnresolved()) {
            throw new IllegalArgumentException("health server needs endpoints and a known address, but these are \""
                    + endpoints + "\" and \"" + address + "\"; give both, or a port only");
        }
        // Bound first: a port that is refused leaves no thread behind. And no port is left behind where there is no
        // thread.
        HttpServer bound = bind(address);
        try {
            HealthServer started = new HealthServer(endpoints, bound, new RequestThreads(mostThreads, longest));
            started.serve();
            return started;
        } catch (RuntimeException | Error e) {
            bound.stop(0);
            throw e;
        }
    }

    private static HttpServer bind(InetSocketAddress address) {
        try {
            return HttpServer.create(address, BACKLOG);
        } catch (IOException refused) {
            String remedy = refused instanceof BindException
                    ? "stop what listens on port " + address.getPort() + ", or choose another port, or 0 for any"
                    : "choose another address";
            throw new IllegalStateException(
                    "health server cannot listen on \"" + address.getHostString() + ":" + address.getPort() + "\": "
                            + refused.getMessage() + "; " + remedy,
                    refused);
        }
    }

    private void serve() {
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        // Its own thread is a daemon only if the thread that starts it is one.
        CompletableFuture.runAsync(server::start, threads).join();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            HealthResponse response = endpoints.answer(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getRawPath(),
                    exchange.getRequestHeaders().getFirst("Authorization"));
            exchange.getResponseHeaders().set("Content-Type", response.contentType());
            response.headers().forEach(exchange.getResponseHeaders()::set);
            // JDK 17 sends head and body apart, which costs a client that keeps its connection 40 ms of delayed
            // acknowledgement; and an open connection is one more for somebody to hold.
            exchange.getResponseHeaders().set("Connection", "close");
            byte[] body = response.body().getBytes(StandardCharsets.UTF_8);
            if (body.length == 0) {
                exchange.sendResponseHeaders(response.status(), -1);
            } else {
                exchange.sendResponseHeaders(response.status(), body.length);
                exchange.getResponseBody().write(body);
            }
        }
    }

    /**
     * The port on which it listens.
     *
     * @return never 0; the same after closing
     */
    public int port() {
        return port;
    }

    /** Stops at once: the port is free, and connections are closed whatever they were at. Idempotent. */
    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }

    /** Where it listens. */
    @Override
    public String toString() {
        return "HealthServer[port " + port + "]";
    }
}
