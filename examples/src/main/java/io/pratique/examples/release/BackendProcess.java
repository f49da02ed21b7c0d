package io.pratique.examples.release;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** The backend's program: answers of which version it is, and whether what it asks the database can be answered. */
public final class BackendProcess {

    private final WorkerSite site;
    private final String version;
    private final String query;

    private BackendProcess(WorkerSite site, String version) throws IOException {
        this.site = site;
        this.version = version;
        this.query = Files.readString(site.query(version));
    }

    /**
     * Runs the backend until it is told to stop.
     *
     * @param args the worker's directory, and the version
     * @throws IOException if it cannot listen
     */
    public static void main(String[] args) throws IOException {
        WorkerSite site = WorkerSite.in(Path.of(args[0]));
        BackendProcess backend = new BackendProcess(site, args[1]);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), site.port()), 0);
        server.createContext("/health", backend::health);
        server.start();
        System.out.println("backend " + args[1] + " listens");
    }

    private void health(HttpExchange exchange) throws IOException {
        String fault = fault();
        if (fault != null) {
            System.out.println("backend " + version + " is down: " + fault);
        }
        byte[] body = "{\"version\": \"%s\", \"status\": \"%s\"}"
                .formatted(version, fault == null ? "UP" : "DOWN")
                .getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(fault == null ? 200 : 503, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    /** Why it cannot work; null if it can. */
    private @Nullable String fault() {
        try (Connection connection = site.database().getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeQuery(query).close();
            return null;
        } catch (SQLException e) {
            return e.getMessage();
        }
    }
}
