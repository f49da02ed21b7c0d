package io.pratique.benchmarks.shared;

import io.pratique.flags.spi.Attribution;
import io.pratique.flags.spi.FlagStore;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What many clients cost a server: the processor time of a poll that finds nothing and of a change that each of them
 * hears and fetches, measured with a few hundred clients and calculated for more.
 */
public final class Scale {

    private static final Attribution BY = Attribution.of("benchmark", "scale");
    private static final int CHANGES = 100;

    private Scale() {}

    /**
     * Measures and prints.
     *
     * @param args the server, {@code postgres} or {@code redis}; the number of clients, 200 if left out; the seconds to
     *     measure polling for, 20 if left out
     * @throws Exception if the server fails
     */
    public static void main(String[] args) throws Exception {
        String kind = args.length > 0 ? args[0] : "postgres";
        int clients = args.length > 1 ? Integer.parseInt(args[1]) : 200;
        int seconds = args.length > 2 ? Integer.parseInt(args[2]) : 20;
        try (Server server = Server.start(kind);
                FlagStore store = server.openStore()) {
            store.set(Readers.KEY, "on", BY);
            System.out.printf(
                    "%s, %d clients in one JVM, loopback, %d processors, Java %s%n",
                    server.title(), clients, Runtime.getRuntime().availableProcessors(), Runtime.version());
            double poll = polling(server, clients, seconds);
            double change = changing(server, store, clients);
            print(poll, change);
        }
        System.exit(0);
    }

    /** Microseconds of the server's processor time for a poll that finds nothing. */
    private static double polling(Server server, int clients, int seconds) throws Exception {
        try (Readers readers = new Readers(server, clients, Duration.ofSeconds(1))) {
            System.out.printf(Locale.ROOT, "connections per client: %.2f%n", (double) server.connections() / clients);
            long loads = readers.loads();
            Duration cpu = server.cpu();
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
            while (System.nanoTime() < until) {
                LockSupport.parkNanos(until - System.nanoTime());
            }
            long polls = readers.loads() - loads;
            double micros = server.cpu().minus(cpu).toNanos() / 1e3;
            System.out.printf(
                    Locale.ROOT,
                    "%d polls that found nothing in %d s: %.0f us of the server's processor time each%n",
                    polls,
                    seconds,
                    micros / polls);
            return micros / polls;
        }
    }

    /** Microseconds of the server's processor time for a change, for each client that hears of it and fetches it. */
    private static double changing(Server server, FlagStore store, int clients) throws Exception {
        try (Readers readers = new Readers(server, clients, Duration.ofMinutes(10))) {
            Spread spread = new Spread();
            Duration cpu = server.cpu();
            for (int i = 0; i < CHANGES; i++) {
                String value = i % 2 == 0 ? "off" : "on";
                long start = System.nanoTime();
                spread.add(readers.awaitAll(() -> store.set(Readers.KEY, value, BY)) - start);
            }
            double micros = server.cpu().minus(cpu).toNanos() / 1e3;
            System.out.println(Spread.heading());
            System.out.println(spread.line("call of set() to the last of " + clients));
            System.out.printf(
                    Locale.ROOT,
                    "%d changes: %.0f us of the server's processor time for each client%n",
                    CHANGES,
                    micros / CHANGES / clients);
            return micros / CHANGES / clients;
        }
    }

    private static void print(double poll, double change) {
        System.out.println("calculated for a TTL of 30 s, polls at 0.7 of it:");
        System.out.printf(
                "%10s %12s %22s %26s%n", "instances", "polls/s", "processors for polls", "processor s a change");
        for (int instances : List.of(10, 1_000, 10_000)) {
            double pollsPerSecond = instances / (0.7 * 30);
            System.out.printf(
                    Locale.ROOT,
                    "%10d %12.1f %22.4f %26.3f%n",
                    instances,
                    pollsPerSecond,
                    pollsPerSecond * poll / 1e6,
                    instances * change / 1e6);
        }
    }
}
