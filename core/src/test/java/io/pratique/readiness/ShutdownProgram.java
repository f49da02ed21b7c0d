package io.pratique.readiness;

import io.pratique.flags.FlagClient;
import io.pratique.flags.spi.FlagSet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A worker whose gate drains on shutdown. Its one run ends when a file appears; each step is a line of its output. */
final class ShutdownProgram {

    private ShutdownProgram() {}

    public static void main(String[] arguments) throws Exception {
        Path end = Path.of(arguments[0]);
        Duration deadline = Duration.parse(arguments[1]);
        FlagClient flags = FlagClient.builder().source(FlagSet::empty).build();
        ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(3);
        ReadinessGate gate = ReadinessGate.builder()
                .flags(flags)
                .probe("database", ProbeResult::up)
                .always("database")
                .closing("scheduler", () -> close("scheduler", scheduler::shutdown), Duration.ofSeconds(20))
                .closing(
                        "broken",
                        () -> {
                            tell("closing broken");
                            throw new IllegalStateException("will not close");
                        },
                        Duration.ofSeconds(20))
                .closing("hung", () -> new CountDownLatch(1).await(), Duration.ofMillis(100))
                .closing("flags", () -> close("flags", flags::close), Duration.ofSeconds(20))
                .drainOnShutdown(deadline)
                .build();
        CountDownLatch running = new CountDownLatch(1);
        scheduler.execute(gate.wrap("long", () -> {
            running.countDown();
            awaitFile(end);
            tell("run ended");
        }));
        running.await();
        Runnable shortRuns = gate.wrap("short", () -> tell("run"));
        Future<?> unusedRuns = scheduler.scheduleWithFixedDelay(shortRuns, 0, 5, TimeUnit.MILLISECONDS);
        Future<?> unusedReports =
                scheduler.scheduleWithFixedDelay(() -> reportDraining(gate), 0, 5, TimeUnit.MILLISECONDS);
    }

    private static void reportDraining(ReadinessGate gate) {
        HealthReport health = gate.health();
        if (health.draining()) {
            tell("draining, ready " + health.ready());
        }
    }

    private static void close(String name, Runnable closing) {
        tell("closing " + name);
        closing.run();
    }

    private static void awaitFile(Path end) {
        while (!Files.exists(end)) {
            Thread.onSpinWait();
        }
    }

    private static synchronized void tell(String step) {
        System.out.println("step: " + step);
    }
}
