package io.pratique.readiness;

import io.pratique.flags.FlagClient;
import java.io.IOException;
import java.time.Duration;

/**
 * A program that drains when the JVM shuts down. Its one run lasts until something is sent to it; what happens is
 * printed, a line each.
 */
final class DrainingProcess {

    private static final Duration AMPLE = Duration.ofMinutes(5);

    /** Begins each line that is not of the log. */
    static final String MARK = "> ";

    private DrainingProcess() {}

    private static void say(Object what) {
        System.out.println(MARK + what);
    }

    public static void main(String[] arguments) {
        FlagClient flags = FlagClient.builder().build();
        ReadinessGate gate = ReadinessGate.builder()
                .flags(flags)
                .probe("database", ProbeResult::up)
                .always("database")
                .closing(
                        "fails",
                        () -> {
                            say("first closes");
                            throw new IllegalStateException("will not");
                        },
                        AMPLE)
                .closing("works", () -> say("second closes"), AMPLE)
                .drainOnShutdown(AMPLE)
                .build();
        Runnable late = gate.wrap("late", () -> say("a run began too late"));
        new Thread(gate.wrap("long", DrainingProcess::runUntilTold)).start();
        while (gate.health().ready() || !gate.health().draining()) {
            Thread.onSpinWait();
        }
        late.run();
        say(gate.decide("late").reason());
    }

    private static void runUntilTold() {
        say("running");
        try {
            int unused = System.in.read();
        } catch (IOException e) {
            say(e);
        }
        say("run ends");
    }
}
