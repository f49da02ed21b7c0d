package io.pratique.examples.killswitch;

import io.pratique.examples.FreePort;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import redis.embedded.RedisServer;

/**
 * Two worker processes share the flags of a real server, and a shell command turns one off: prints how long each worker
 * took to hear of it. With {@code --serve} the workers go on, so that the command can be tried by hand.
 */
public final class KillSwitch {

    private static final String KEY = "outbox-processing";

    private KillSwitch() {}

    /**
     * Runs the example.
     *
     * @param args {@code postgres} or {@code redis}; {@code --serve} to keep workers and server running afterwards
     * @throws Exception if the server or a process fails
     */
    public static void main(String[] args) throws Exception {
        List<String> words = List.of(args);
        boolean serve = words.contains("--serve");
        if (words.size() != (serve ? 2 : 1) || !List.of("postgres", "redis").contains(words.get(0))) {
            System.err.println("usage: kill-switch postgres|redis [--serve]");
            System.exit(2);
        }
        try (Running server = words.get(0).equals("redis") ? redis() : postgres();
                Child one = new Child(ObedientWorker.class, server.url(), KEY);
                Child two = new Child(ObedientWorker.class, server.url(), KEY)) {
            show(server.url(), List.of(one, two), serve);
        }
        System.exit(0);
    }

    private static void show(String url, List<Child> workers, boolean serve) throws IOException {
        for (Child worker : workers) {
            System.out.println("worker " + worker.pid() + " is ready: " + worker.await("ready"));
        }
        for (String value : List.of("off", "on", "off")) {
            turn(url, value, workers);
        }
        if (serve) {
            System.out.println("The workers go on until you press return. From another shell:");
            System.out.println("  examples/flag '" + url + "' on " + KEY + " 'all is well again'");
            while (System.in.read() != '\n') {
                // Whatever else is typed.
            }
        }
    }

    private static void turn(String url, String value, List<Child> workers) throws IOException {
        System.out.println();
        System.out.println("$ examples/flag '" + url + "' " + value + " " + KEY + " INC-4711");
        try (Child command = new Child(FlagCommand.class, url, value, KEY, "INC-4711")) {
            long writing = Long.parseLong(command.await("writing"));
            long written = Long.parseLong(command.await("written"));
            System.out.printf(Locale.ROOT, "the command wrote it in %.1f ms%n", (written - writing) / 1e3);
            for (Child worker : workers) {
                String[] heard = worker.await("heard").split(" ", 2);
                System.out.printf(
                        Locale.ROOT,
                        "worker %d heard of it %.1f ms after the command began to write: %s%n",
                        worker.pid(),
                        (Long.parseLong(heard[0]) - writing) / 1e3,
                        heard[1]);
            }
        }
    }

    /** The time as all processes of this machine see it, in microseconds. */
    static long micros(InstantSource clock) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
    }

    /** A server that this process started. */
    private record Running(String url, Closeable process) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            process.close();
        }
    }

    private static Running postgres() throws IOException {
        EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setPGStartupWait(Duration.ofMinutes(2))
                .start();
        return new Running(server.getJdbcUrl("postgres", "postgres"), server);
    }

    private static Running redis() throws IOException {
        int port = FreePort.next();
        RedisServer server =
                RedisServer.newRedisServer().port(port).bind("127.0.0.1").build();
        server.start();
        return new Running("redis://localhost:" + port, server::stop);
    }
}
