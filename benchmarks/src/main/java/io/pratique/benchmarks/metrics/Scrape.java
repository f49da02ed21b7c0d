package io.pratique.benchmarks.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.pratique.flags.FlagClient;
import io.pratique.flags.spi.FlagSet;
import io.pratique.metrics.FlagMetrics;
import io.pratique.metrics.ReadinessMetrics;
import io.pratique.readiness.ProbeResult;
import io.pratique.readiness.ReadinessGate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** How long a scrape of 1,000 flags and 50 probes takes, beside one of as many gauges that show a constant. */
public final class Scrape {

    private static final int FLAGS = 1_000;
    private static final int PROBES = 50;
    private static final int WARM_UP = 40;
    private static final int SCRAPES = 60;

    /** Longer than the meters show the same reading. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private Scrape() {}

    /**
     * Measures and prints.
     *
     * @param args none
     */
    public static void main(String[] args) {
        Map<String, String> flags = new HashMap<>();
        for (int i = 0; i < FLAGS; i++) {
            flags.put("flag-" + i, i % 10 == 0 ? "off" : "on");
        }
        FlagSet set = FlagSet.of(flags);
        FlagClient client = FlagClient.builder().source(() -> set).build();
        ReadinessGate.Builder gates = ReadinessGate.builder().flags(client);
        for (int i = 0; i < PROBES; i++) {
            gates.probe("probe-" + i, ProbeResult::up).job("job-" + i, "probe-" + i);
        }
        try (client;
                ReadinessGate gate = gates.build()) {
            PrometheusMeterRegistry ours = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
            new FlagMetrics(client).bindTo(ours);
            new ReadinessMetrics(gate).bindTo(ours);
            PrometheusMeterRegistry constant = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
            addConstants(constant, ours.getMeters().size());
            compare(ours, constant);
        }
    }

    private static void addConstants(MeterRegistry registry, int number) {
        for (int i = 0; i < number; i++) {
            Gauge.builder("constant", () -> 1).tag("number", "number-" + i).register(registry);
        }
    }

    private static void compare(PrometheusMeterRegistry ours, PrometheusMeterRegistry constant) {
        long[] taken = new long[SCRAPES];
        long[] reference = new long[SCRAPES];
        for (int i = -WARM_UP; i < SCRAPES; i++) {
            pause();
            long one = nanos(ours);
            long other = nanos(constant);
            if (i >= 0) {
                taken[i] = one;
                reference[i] = other;
            }
        }
        System.out.printf(
                "%d flags, %d probes, %d jobs: %d meters, %d characters, Java %s%n",
                FLAGS, PROBES, PROBES, ours.getMeters().size(), ours.scrape().length(), Runtime.version());
        print("Pratique", taken);
        print("constant gauges", reference);
    }

    private static void pause() {
        long until = System.nanoTime() + PAUSE_NANOS;
        while (System.nanoTime() < until) {
            LockSupport.parkNanos(until - System.nanoTime());
        }
    }

    private static long nanos(PrometheusMeterRegistry registry) {
        long start = System.nanoTime();
        int length = registry.scrape().length();
        long taken = System.nanoTime() - start;
        if (length == 0) {
            throw new IllegalStateException("the scrape is empty");
        }
        return taken;
    }

    private static void print(String what, long[] nanos) {
        Arrays.sort(nanos);
        System.out.printf(
                Locale.ROOT,
                "%-16s median %6.2f ms, longest %6.2f ms%n",
                what,
                nanos[nanos.length / 2] / 1e6,
                nanos[nanos.length - 1] / 1e6);
    }
}
