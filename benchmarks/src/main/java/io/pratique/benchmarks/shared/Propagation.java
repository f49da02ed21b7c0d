package io.pratique.benchmarks.shared;

import io.pratique.flags.spi.Attribution;
import io.pratique.flags.spi.FlagStore;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How long a change takes from the writer to the last of many readers, beside the bare server's own way there and back,
 * both measured in turn.
 */
public final class Propagation {

    private static final Attribution BY = Attribution.of("benchmark", "propagation");
    private static final int WARM_UP = 50;

    private Propagation() {}

    /**
     * Measures and prints.
     *
     * @param args the server, {@code postgres} or {@code redis}; the number of changes, 500 if left out; the number of
     *     readers, 20 if left out
     * @throws Exception if the server fails
     */
    public static void main(String[] args) throws Exception {
        String kind = args.length > 0 ? args[0] : "postgres";
        int changes = args.length > 1 ? Integer.parseInt(args[1]) : 500;
        int readers = args.length > 2 ? Integer.parseInt(args[2]) : 20;
        try (Server server = Server.start(kind);
                FlagStore store = server.openStore()) {
            store.set(Readers.KEY, "on", BY);
            try (Readers all = new Readers(server, readers, Duration.ofSeconds(30));
                    Server.BareTrip trip = server.openBareTrip()) {
                run(store, all, trip, WARM_UP, new Figures());
                Figures figures = new Figures();
                run(store, all, trip, changes, figures);
                System.out.printf(
                        "%s, %d changes, %d readers in one JVM, loopback, %d processors, Java %s%n",
                        server.title(),
                        changes,
                        readers,
                        Runtime.getRuntime().availableProcessors(),
                        Runtime.version());
                figures.print();
            }
        }
        System.exit(0);
    }

    private static void run(FlagStore store, Readers readers, Server.BareTrip trip, int changes, Figures figures)
            throws Exception {
        for (int i = 0; i < changes; i++) {
            String value = i % 2 == 0 ? "off" : "on";
            long[] committed = new long[1];
            long start = System.nanoTime();
            long heard = readers.awaitAll(() -> {
                store.set(Readers.KEY, value, BY);
                committed[0] = System.nanoTime();
            });
            figures.fromCall.add(heard - start);
            // A reader may hear of a commit before the writer does.
            figures.fromCommit.add(Math.max(0, heard - committed[0]));
            figures.bare.add(trip.nanos());
            // Changes come at any moment, not in step with what the last one left behind.
            LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(TimeUnit.MILLISECONDS.toNanos(10)));
        }
    }

    private static final class Figures {

        private final Spread fromCall = new Spread();
        private final Spread fromCommit = new Spread();
        private final Spread bare = new Spread();

        void print() {
            System.out.println(Spread.heading());
            System.out.println(fromCall.line("call of set() to the last reader's listener"));
            System.out.println(fromCommit.line("return of set() to the last reader's listener"));
            System.out.println(bare.line("bare server: write, announce, hear, read"));
            System.out.printf(
                    Locale.ROOT,
                    "%-44s %8.1fx %8.1fx %8.1fx%n",
                    "call of set() as a multiple of the bare way",
                    ratio(0.5),
                    ratio(0.99),
                    ratio(1.0));
        }

        private double ratio(double share) {
            return (double) fromCall.at(share) / bare.at(share);
        }
    }
}
