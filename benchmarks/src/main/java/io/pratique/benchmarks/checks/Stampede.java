package io.pratique.benchmarks.checks;

import io.pratique.benchmarks.checks.FaultyStore.Fault;
import io.pratique.benchmarks.shared.Spread;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ff4j.FF4j;
import org.togglz.core.manager.FeatureManager;

/** What 64 threads meet that check a flag at the moment at which its cache has expired and its store is not well. */
public final class Stampede {

    private static final int THREADS = 64;
    private static final int WARM_UP = 20_000;

    private Stampede() {}

    /**
     * Measures and prints.
     *
     * @param args the number of bursts, 3 if left out; the seconds for which the store hangs, 5 if left out
     * @throws InterruptedException if it is interrupted
     */
    public static void main(String[] args) throws InterruptedException {
        int bursts = args.length > 0 ? Integer.parseInt(args[0]) : 3;
        int hangSeconds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        System.out.printf(
                "%d bursts of %d threads that check once each, %d processors, Java %s%n%s, %s%n",
                bursts,
                THREADS,
                Runtime.getRuntime().availableProcessors(),
                Runtime.version(),
                Forks.jar(FeatureManager.class),
                Forks.jar(FF4j.class));
        for (Fault fault : List.of(Fault.SLOW, Fault.FAILS, Fault.HANGS)) {
            System.out.println();
            System.out.printf(
                    "%-40s %7s %12s %12s %12s   %s%n",
                    "the store " + fault.shown() + (fault == Fault.HANGS ? " for " + hangSeconds + " s" : ""),
                    "reads",
                    "blocked: p50",
                    "p99",
                    "max, ms",
                    "outcome");
            run(store -> new Expiring.Memory(), fault, bursts, hangSeconds);
            run(Expiring.Ours::new, fault, bursts, hangSeconds);
            run(Expiring.OfTogglz::new, fault, bursts, hangSeconds);
            run(Expiring.OfFf4j::new, fault, bursts, hangSeconds);
        }
        System.exit(0);
    }

    private static void run(Function<FaultyStore, Expiring> make, Fault fault, int bursts, int hangSeconds)
            throws InterruptedException {
        FaultyStore store = new FaultyStore();
        try (Expiring subject = make.apply(store)) {
            for (int i = 0; i < WARM_UP; i++) {
                boolean unused = subject.isEnabled();
            }
            Tally tally = new Tally();
            for (int i = 0; i < bursts; i++) {
                subject.settle();
                int before = store.reads();
                store.set(fault);
                subject.expire();
                burst(subject, store, hangSeconds).forEach(tally::add);
                tally.reads += store.reads() - before;
                store.heal();
            }
            System.out.println(tally.line(subject.name(), bursts));
        }
    }

    /** All threads at once; a store that hangs is healed after a time. */
    private static List<Check> burst(Expiring subject, FaultyStore store, int hangSeconds) throws InterruptedException {
        List<Check> checks =
                IntStream.range(0, THREADS).mapToObj(i -> new Check(subject)).toList();
        checks.forEach(Thread::start);
        for (Check check : checks) {
            check.ready.await();
        }
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(hangSeconds);
        checks.forEach(check -> check.go.countDown());
        for (Check check : checks) {
            TimeUnit.NANOSECONDS.timedJoin(check, Math.max(1, until - System.nanoTime()));
        }
        if (store.fault() == Fault.HANGS) {
            store.heal();
        }
        for (Check check : checks) {
            check.join();
        }
        return checks;
    }

    /** One check by a thread of its own. */
    private static final class Check extends Thread {

        private final Expiring subject;
        private final CountDownLatch ready = new CountDownLatch(1);
        private final CountDownLatch go = new CountDownLatch(1);
        private long nanos;
        private String outcome = "none";

        Check(Expiring subject) {
            this.subject = subject;
        }

        @Override
        public void run() {
            ready.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                return;
            }
            long start = System.nanoTime();
            try {
                outcome = subject.isEnabled() ? "on" : "off";
            } catch (RuntimeException thrown) {
                outcome = thrown.getClass().getSimpleName();
            }
            nanos = System.nanoTime() - start;
        }
    }

    /** What all bursts have come to. */
    private static final class Tally {

        private final Spread times = new Spread();
        private final Map<String, Integer> outcomes = new TreeMap<>();
        private int reads;

        void add(Check check) {
            times.add(check.nanos);
            outcomes.merge(check.outcome, 1, Integer::sum);
        }

        String line(String name, int bursts) {
            return String.format(
                    Locale.ROOT,
                    "%-40s %7.1f %12.3f %12.3f %12.3f   %s",
                    name,
                    (double) reads / bursts,
                    times.at(0.5) / 1e6,
                    times.at(0.99) / 1e6,
                    times.at(1.0) / 1e6,
                    outcomes.entrySet().stream()
                            .map(outcome -> outcome.getValue() + " x " + outcome.getKey())
                            .collect(Collectors.joining(", ")));
        }
    }
}
