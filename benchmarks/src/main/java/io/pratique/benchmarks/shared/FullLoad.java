package io.pratique.benchmarks.shared;

import io.pratique.flags.FlagClient;
import io.pratique.flags.spi.Attribution;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagSource;
import io.pratique.flags.spi.FlagStore;
import io.pratique.flags.spi.FlagWrite;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * How long many flags take: the first load, a full load again, a poll that finds nothing, and whether threads that check
 * flags notice any of it.
 */
public final class FullLoad {

    private static final Attribution BY = Attribution.of("benchmark", "full load");
    private static final int BATCH = 1_000;
    private static final int FULL_LOADS = 20;
    private static final int POLLS = 500;

    private FullLoad() {}

    /**
     * Measures and prints.
     *
     * @param args the server, {@code postgres} or {@code redis}; the number of flags, 100,000 if left out
     * @throws Exception if the server fails
     */
    public static void main(String[] args) throws Exception {
        String kind = args.length > 0 ? args[0] : "postgres";
        int flags = args.length > 1 ? Integer.parseInt(args[1]) : 100_000;
        try (Server server = Server.start(kind);
                FlagStore store = server.openStore()) {
            System.out.printf(
                    "%s, %d flags, loopback, %d processors, Java %s%n",
                    server.title(), flags, Runtime.getRuntime().availableProcessors(), Runtime.version());
            System.out.println(Spread.heading());
            fill(store, flags);
            load(server);
            check(server);
        }
        System.exit(0);
    }

    private static void fill(FlagStore store, int flags) {
        Spread spread = new Spread();
        for (int from = 0; from < flags; from += BATCH) {
            long start = System.nanoTime();
            var unused = store.write(IntStream.range(from, Math.min(flags, from + BATCH))
                    .mapToObj(i -> FlagWrite.set("flag-" + i, i % 3 == 0 ? "off" : "on", BY))
                    .toList());
            spread.add(System.nanoTime() - start);
        }
        System.out.println(spread.line("write of " + BATCH + " flags at once"));
    }

    private static void load(Server server) throws Exception {
        try (FlagSource source = server.openSource()) {
            Spread first = new Spread();
            long start = System.nanoTime();
            FlagSet set = source.load();
            first.add(System.nanoTime() - start);
            System.out.println(first.line("first load, connecting included"));
            Spread full = new Spread();
            for (int i = 0; i < FULL_LOADS; i++) {
                start = System.nanoTime();
                set = source.load();
                full.add(System.nanoTime() - start);
            }
            System.out.println(full.line("full load"));
            Spread poll = new Spread();
            for (int i = 0; i < POLLS; i++) {
                start = System.nanoTime();
                set = source.reload(set);
                poll.add(System.nanoTime() - start);
            }
            System.out.println(poll.line("poll that finds nothing"));
        }
    }

    /** Each refresh of a source without deltas is a full load, parsed and published as a whole. */
    private static void check(Server server) throws Exception {
        try (FlagClient client = FlagClient.builder()
                .source(new Whole(server.openSource()))
                .ttl(Duration.ofMinutes(10))
                .startupTimeout(Duration.ofMinutes(1))
                .build()) {
            Checker checker = new Checker(client);
            checker.start();
            double before = checker.checksPerMicrosecond(() -> parkFor(Duration.ofSeconds(3)));
            Spread refreshes = new Spread();
            double during = checker.checksPerMicrosecond(() -> {
                for (int i = 0; i < FULL_LOADS; i++) {
                    long start = System.nanoTime();
                    var unused = client.refresh().toCompletableFuture().join();
                    refreshes.add(System.nanoTime() - start);
                }
            });
            ThreadInfo seen = ManagementFactory.getThreadMXBean().getThreadInfo(checker.threadId());
            checker.stop();
            System.out.println(refreshes.line("full load, parsed and published"));
            System.out.printf(
                    Locale.ROOT,
                    "one checking thread: %.1f checks per microsecond alone, %.1f during full loads (x%.2f);"
                            + " blocked %d times, waited %d times%n",
                    before,
                    during,
                    during / before,
                    seen.getBlockedCount(),
                    seen.getWaitedCount());
        }
    }

    /** A source without deltas. */
    private record Whole(FlagSource source) implements FlagSource {

        @Override
        public FlagSet load() throws Exception {
            return source.load();
        }

        @Override
        public void close() {
            source.close();
        }
    }

    private static void parkFor(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Checks flags as fast as it can. */
    private static final class Checker {

        private static final int BLOCK = 10_000;

        private final FlagClient client;
        private final AtomicBoolean over = new AtomicBoolean();
        private final Thread thread = new Thread(this::run, "checker");
        private final AtomicLong blocks = new AtomicLong();

        Checker(FlagClient client) {
            this.client = client;
        }

        void start() {
            thread.setDaemon(true);
            thread.start();
        }

        long threadId() {
            return thread.getId();
        }

        private void run() {
            while (!over.get()) {
                int on = 0;
                for (int i = 0; i < BLOCK; i++) {
                    on += client.isEnabled("flag-1") ? 1 : 0;
                }
                if (on != BLOCK) {
                    throw new IllegalStateException("a flag that is on was answered as off");
                }
                blocks.incrementAndGet();
            }
        }

        double checksPerMicrosecond(Runnable meanwhile) {
            long start = System.nanoTime();
            long before = blocks.get();
            meanwhile.run();
            return (double) (blocks.get() - before) * BLOCK * 1e3 / (System.nanoTime() - start);
        }

        void stop() throws InterruptedException {
            over.set(true);
            thread.join();
        }
    }
}
