package io.pratique.examples.worker;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for one thing after the other to happen, and prints how it went, at a pace that a person can follow. */
final class TourSteps {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long GLANCE = TimeUnit.MILLISECONDS.toNanos(20);

    private final PrintStream out;
    private final InstantSource clock;
    private final Runnable begin;
    private final Duration pace;
    private final int total;
    private int number;
    private int happened;

    TourSteps(PrintStream out, InstantSource clock, Runnable begin, Duration pace, int total) {
        this.out = out;
        this.clock = clock;
        this.begin = begin;
        this.pace = pace;
        this.total = total;
    }

    /** One step: prints what is to happen, and how long it took or that it did not. */
    void step(String title, BooleanSupplier condition) {
        number++;
        out.printf("%n[%d/%d] %s%n", number, total, title);
        begin.run();
        Instant begun = clock.instant();
        Duration waited = Duration.ZERO;
        boolean yes = condition.getAsBoolean();
        while (!yes && waited.compareTo(PATIENCE) < 0) {
            LockSupport.parkNanos(GLANCE);
            yes = condition.getAsBoolean();
            waited = Duration.between(begun, clock.instant());
        }
        happened += yes ? 1 : 0;
        out.printf(yes ? "      yes, after %.1f s%n" : "      NO, not within %.1f s%n", waited.toMillis() / 1000.0);
        LockSupport.parkNanos(pace.toNanos());
    }

    /** The gate's own words for what has just been seen. */
    void explain(Worker worker, String job) {
        out.println("      " + worker.gate().explain(job));
    }

    boolean allHappened() {
        out.printf("%n%d of %d steps happened%n", happened, total);
        return happened == total;
    }
}
