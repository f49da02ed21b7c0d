package io.pratique.release.checks;

import io.pratique.flags.spi.FlagText;
import io.pratique.readiness.HealthReport;
import io.pratique.readiness.Outcome;
import io.pratique.readiness.Probe;
import io.pratique.readiness.ProbeResult;
import io.pratique.readiness.ProbeSettings;
import io.pratique.readiness.ReadinessGate;
import io.pratique.release.InconclusiveException;
import io.pratique.release.StepAction;
import io.pratique.release.StepContext;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks a probe, as the gate of a running process would, whether a release may go on. Immutable; each setter gives a new
 * check.
 *
 * <table>
 * <caption>What it makes of an answer</caption>
 * <tr><th>the probe</th><th>the check</th></tr>
 * <tr><td>finds its dependency up</td><td>passes</td></tr>
 * <tr><td>finds it down, or throws what is evidence of that</td><td>fails</td></tr>
 * <tr><td>finds it saturated</td><td>asks again; in the end it cannot tell</td></tr>
 * <tr><td>does not answer in its time</td><td>asks again; in the end it fails</td></tr>
 * <tr><td>gets no thread, or throws anything else</td><td>cannot tell</td></tr>
 * </table>
 *
 * <p>A check that cannot tell throws an {@link InconclusiveException}. The probe is asked three times at most, five
 * seconds apart, unless set. A timeout that it ignores keeps the next question waiting, and counts as another one.
 */
public final class ProbeCheck implements StepAction {

    private static final int USUAL_TIMES = 3;
    private static final Duration USUAL_PAUSE = Duration.ofSeconds(5);
    private static final Duration NEVER_AGAIN = Duration.ofDays(1);
    private static final int LONGEST_NAME = 256;
    private static final long LOOK_MILLIS = 5;

    private final String name;
    private final Probe probe;
    private final ProbeSettings settings;
    private final int times;
    private final Duration pause;
    private final @Nullable ThreadFactory threads;

    private ProbeCheck(
            String name,
            Probe probe,
            ProbeSettings settings,
            int times,
            Duration pause,
            @Nullable ThreadFactory threads) {
        this.name = name;
        this.probe = probe;
        this.settings = settings;
        this.times = times;
        this.pause = pause;
        this.threads = threads;
    }

    /**
     * A check of one dependency.
     *
     * @param name of the dependency, for people
     * @param probe asked with the timeout of its own {@linkplain Probe#settings settings}, never twice at once
     * @return the check
     * @throws IllegalArgumentException if the name is null, blank or longer than 256 characters, or the probe is null
     */
    public static ProbeCheck of(String name, Probe probe) {
        if (name == null || name.isBlank() || name.length() > LONGEST_NAME) {
            throw new IllegalArgumentException("name of a probe must be 1 to " + LONGEST_NAME
                    + " characters and not blank, but is \"" + FlagText.printable(String.valueOf(name)) + "\"");
        }
        if (probe == null) {
            throw new IllegalArgumentException("probe \"" + FlagText.printable(name) + "\" must be given, but is null");
        }
        ProbeSettings settings = probe.settings().interval(NEVER_AGAIN);
        return new ProbeCheck(name, new OneAtATime(probe), settings, USUAL_TIMES, USUAL_PAUSE, null);
    }

    /**
     * The same check that asks another number of times.
     *
     * @param times at least one
     * @return a new check
     * @throws IllegalArgumentException if it is less
     */
    public ProbeCheck times(int times) {
        return new ProbeCheck(name, probe, settings, Attempts.requireTimes(times), pause, threads);
    }

    /**
     * The same check with another time between two questions.
     *
     * @param pause from an answer to the next question, an hour at most
     * @return a new check
     * @throws IllegalArgumentException if it is null, negative or longer
     */
    public ProbeCheck apart(Duration pause) {
        return new ProbeCheck(name, probe, settings, times, Attempts.requirePause(pause), threads);
    }

    ProbeCheck threads(ThreadFactory threads) {
        return new ProbeCheck(name, probe, settings, times, pause, threads);
    }

    /**
     * Asks.
     *
     * @throws IllegalStateException if the dependency is down
     * @throws InconclusiveException if it cannot be told
     */
    @Override
    public void run(StepContext context) throws InconclusiveException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            HealthReport.Check found = ask();
            boolean down = found.down();
            boolean mayChange = found.outcome() == Outcome.SATURATED || (down && found.outcome() == Outcome.TIMEOUT);
            if (!mayChange || attempt == times) {
                judge(context, found);
                return;
            }
            context.tell("attempt " + attempt + ": " + said(found));
            TimeUnit.MILLISECONDS.sleep(pause.toMillis());
        }
    }

    private void judge(StepContext context, HealthReport.Check found) throws InconclusiveException {
        if (found.down()) {
            throw new IllegalStateException(said(found));
        }
        if (found.outcome() != Outcome.UP) {
            throw new InconclusiveException(said(found) + ", which tells nothing for sure");
        }
        context.tell(said(found));
    }

    /** One question, by a gate of its own: what is evidence, the gate knows. */
    private HealthReport.Check ask() throws InterruptedException {
        ReadinessGate.Builder builder = ReadinessGate.builder().probe(name, probe, settings);
        if (threads != null) {
            builder.threadFactory(threads);
        }
        try (ReadinessGate gate = builder.build()) {
            while (true) {
                HealthReport.Check found = gate.health().checks().get(0);
                if (found.outcome() != Outcome.PENDING) {
                    return found;
                }
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            }
        }
    }

    private String said(HealthReport.Check found) {
        return "\"" + FlagText.printable(name, LONGEST_NAME) + "\" is " + found.outcome() + " (" + found.reason()
                + (found.detail() == null ? "" : ": " + found.detail()) + ")";
    }

    /** Keeps the next gate out of a probe that has not let go of the last one's thread. */
    private record OneAtATime(Probe probe, Semaphore turn) implements Probe {

        OneAtATime(Probe probe) {
            this(probe, new Semaphore(1));
        }

        @Override
        public ProbeResult check() throws Exception {
            turn.acquire();
            try {
                return probe.check();
            } finally {
                turn.release();
            }
        }

        @Override
        public @Nullable ProbeResult classify(Throwable failure) {
            return probe.classify(failure);
        }
    }
}
