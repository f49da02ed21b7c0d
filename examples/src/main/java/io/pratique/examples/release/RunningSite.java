package io.pratique.examples.release;

import io.pratique.examples.FreePort;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/** A worker's site in a directory of its own, with a real PostgreSQL, for as long as somebody looks at its releases. */
final class RunningSite implements AutoCloseable {

    private final EmbeddedPostgres server;
    private final WorkerSite site;
    private final AtomicBoolean closed = new AtomicBoolean();

    private RunningSite(EmbeddedPostgres server, WorkerSite site) {
        this.server = server;
        this.site = site;
    }

    /** All versions are built, and none is released. */
    static RunningSite start() throws IOException, SQLException {
        Path home = Files.createTempDirectory("pratique-release").toRealPath();
        EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setPGStartupWait(Duration.ofMinutes(2))
                .start();
        Files.write(
                home.resolve("site.properties"),
                List.of("database=" + server.getJdbcUrl("postgres", "postgres"), "port=" + FreePort.next()));
        RunningSite running = new RunningSite(server, WorkerSite.in(home));
        Runtime.getRuntime().addShutdownHook(new Thread(running::closeAtInterrupt, "pratique-release-tour-end"));
        WorkerBuilds.of(running.site);
        new WorkerDatabase(running.site).create("v1");
        return running;
    }

    WorkerSite site() {
        return site;
    }

    WorkerState state() throws SQLException, IOException {
        return WorkerState.of(site);
    }

    /** A command that releases undoes that first; the backend is a process of its own, which would go on. */
    private void closeAtInterrupt() {
        List<ProcessHandle> commands = ProcessHandle.current().children().toList();
        commands.forEach(ProcessHandle::destroy);
        commands.forEach(command -> command.onExit().join());
        try {
            close();
        } catch (IOException e) {
            System.err.println("Something is left of " + site.home() + ": " + e);
        }
    }

    @Override
    public void close() throws IOException {
        if (closed.getAndSet(true)) {
            return;
        }
        try {
            new WorkerBackend(site).replace(null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        server.close();
        try (Stream<Path> below = Files.walk(site.home())) {
            for (Path path : below.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
