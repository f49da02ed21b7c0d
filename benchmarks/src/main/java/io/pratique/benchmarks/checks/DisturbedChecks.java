package io.pratique.benchmarks.checks;

import io.pratique.flags.FlagClient;
import io.pratique.flags.FlagHandle;
import io.pratique.flags.spi.FlagSet;
import io.pratique.readiness.ProbeResult;
import io.pratique.readiness.ReadinessGate;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Checks of 10,000 flags while their source is quiet, hangs, fails, or delivers another set all the time. */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // set by JMH before anything else
public class DisturbedChecks {

    private static final int FLAGS = 10_000;
    private static final Duration PERIOD = Duration.ofMillis(100);

    /** What the source is doing. */
    public enum Doing {
        /** It has answered and is not asked again. */
        QUIET,
        /** It has answered once; the next load does not end. */
        HANGS,
        /** It has answered once; it is asked ten times a second and throws. */
        FAILS,
        /** Ten times a second it delivers a set in which one flag has changed. */
        REFRESHES
    }

    /** What the source is doing. */
    @Param("QUIET")
    public Doing source;

    private final CountDownLatch never = new CountDownLatch(1);
    private final Map<String, String> values = new HashMap<>();
    private FlagClient client;
    private ReadinessGate gate;
    private FlagHandle handle;
    private String other;
    private ScheduledExecutorService refresher;
    private int loads;

    /** Nothing yet. */
    public DisturbedChecks() {}

    /** Builds a client and a gate, and starts the disturbance. */
    @Setup
    public void build() {
        values.putAll(Keys.values(FLAGS));
        client = FlagClient.builder()
                .source(this::load)
                .ttl(Duration.ofHours(1))
                .loadTimeout(Duration.ofHours(1))
                .build();
        gate = ReadinessGate.builder()
                .flags(client)
                .probe("database", ProbeResult::up)
                .always("database")
                .job(Keys.CONSTANT)
                .build();
        while (!gate.shouldRun(Keys.CONSTANT)) {
            Thread.onSpinWait();
        }
        handle = client.handle(Keys.CONSTANT);
        other = Keys.other(Keys.CONSTANT);
        refresher = Executors.newSingleThreadScheduledExecutor();
        if (source != Doing.QUIET) {
            var unused =
                    refresher.scheduleAtFixedRate(() -> client.refresh(), 0, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Called by one thread at a time. */
    private FlagSet load() throws InterruptedException {
        loads++;
        if (loads > 1 && source == Doing.HANGS) {
            never.await();
        }
        if (loads > 1 && source == Doing.FAILS) {
            throw new IllegalStateException("the store is away");
        }
        values.put("changing", loads % 2 == 0 ? "on" : "off");
        return FlagSet.of(values);
    }

    /** Closes all. */
    @TearDown
    public void close() {
        never.countDown();
        refresher.shutdownNow();
        gate.close();
        client.close();
    }

    /** A handle. */
    @Benchmark
    public boolean handle(Waits waits) {
        return handle.isEnabled();
    }

    /** A client, by a literal. */
    @Benchmark
    public boolean clientLiteral(Waits waits) {
        return client.isEnabled(Keys.CONSTANT);
    }

    /** A client, by a string made at run time. */
    @Benchmark
    public boolean clientOther(Waits waits) {
        return client.isEnabled(other);
    }

    /** A gate, by a literal. */
    @Benchmark
    public boolean shouldRunLiteral(Waits waits) {
        return gate.shouldRun(Keys.CONSTANT);
    }
}
