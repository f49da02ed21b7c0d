package io.pratique.readiness;

import io.pratique.flags.Flag;
import io.pratique.flags.spi.FlagText;
import io.pratique.readiness.Observation.Kind;
import io.pratique.time.Timeline;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has one probe run at its interval, and tells its dependency what comes of it. At most one thread is ever in the probe,
 * hung or not.
 */
final class Prober {

    private static final Logger LOG = LoggerFactory.getLogger(ReadinessGate.class);
    private static final String NO_THREAD = "no thread was free for the check";

    private final Dependency dependency;
    private final Probe probe;
    private final ProbeSettings settings;
    private final Timeline timeline;
    private final Executor executor;

    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable ProbeRun run;
    private Timeline.Alarm nextTick;
    /** Whether a tick came while the answer of the check before was being heard. */
    private boolean tickMissed;

    private boolean closed;

    Prober(Dependency dependency, Probe probe, Timeline timeline, Executor executor) {
        this.dependency = dependency;
        this.probe = probe;
        this.settings = dependency.settings();
        this.timeline = timeline;
        this.executor = executor;
        this.nextTick = timeline.at(Timeline.NEVER, () -> {});
    }

    /** Makes a check if one is due, and comes again after an interval. The first call is the gate's, the others the timer's. */
    void tick() {
        boolean idle;
        boolean hangs;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            double spread = 0.8 + 0.4 * ThreadLocalRandom.current().nextDouble();
            long pause = (long) (Timeline.nanos(settings.interval()) * spread);
            nextTick = timeline.at(timeline.nanos() + pause, this::tick);
            idle = run == null;
            hangs = run != null && run.hangs();
            tickMissed = run != null && run.hasEnded();
        } finally {
            lock.unlock();
        }
        if (hangs) {
            dependency.hear(Kind.TIMED_OUT, "the check still hangs");
        } else if (idle) {
            checkUnlessTrafficStandsIn();
        }
    }

    private void checkUnlessTrafficStandsIn() {
        if (!dependency.trafficStandsIn()) {
            startCheck();
        }
    }

    private void startCheck() {
        ProbeRun starting = new ProbeRun();
        lock.lock();
        try {
            // The first tick may still be at it when the second comes.
            if (closed || run != null) {
                return;
            }
            run = starting;
            starting.deadline(timeline.after(settings.timeout(), () -> notStarted(starting)));
        } finally {
            lock.unlock();
        }
        try {
            executor.execute(() -> check(starting));
        } catch (Throwable noThread) {
            forget(starting);
            dependency.hear(Kind.NOT_STARTED, NO_THREAD);
        }
    }

    private void notStarted(ProbeRun starting) {
        boolean waits;
        lock.lock();
        try {
            waits = !closed && run == starting && !starting.hasStarted();
        } finally {
            lock.unlock();
        }
        if (waits) {
            dependency.hear(Kind.NOT_STARTED, NO_THREAD);
        }
    }

    private void check(ProbeRun starting) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            starting.start(timeline.nanos());
            starting.deadline(timeline.after(settings.timeout(), () -> overdue(starting)));
        } finally {
            lock.unlock();
        }
        Thread thread = Thread.currentThread();
        String before = thread.getName();
        thread.setName("pratique-probe-" + FlagText.printable(dependency.name(), Flag.MAX_KEY_LENGTH));
        try {
            end(starting, ask());
        } finally {
            forget(starting);
            thread.setName(before);
        }
    }

    /** Asks the probe; whatever it does, there is an answer. */
    private Answer ask() {
        try {
            ProbeResult result = probe.check();
            return result == null ? new Answer(Kind.BROKEN, "the check returned null") : answer(result);
        } catch (Throwable thrown) {
            Answer known = classify(thrown);
            return known != null ? known : new Answer(Kind.BROKEN, FlagText.printable(thrown));
        }
    }

    /** What an exception says of the dependency: the probe knows its client's, the gate those of the JDK. */
    @Nullable Answer classify(Throwable thrown) {
        try {
            ProbeResult result = probe.classify(thrown);
            if (result != null) {
                return answer(result);
            }
        } catch (Throwable unknown) {
            LOG.debug("A probe failed to classify an exception", unknown);
        }
        return Evidence.isIn(thrown) ? new Answer(Kind.DOWN, FlagText.printable(thrown)) : null;
    }

    private static Answer answer(ProbeResult result) {
        return switch (result.outcome()) {
            case UP -> new Answer(Kind.UP, result.detail());
            case SATURATED -> new Answer(Kind.SATURATED, result.detail());
            default -> new Answer(Kind.DOWN, result.detail());
        };
    }

    /** What was heard of a dependency, by a check or by a real call. */
    record Answer(Kind kind, @Nullable String detail) {}

    /** The next check cannot start before this one's answer is heard: answers count in the order of their checks. */
    private void end(ProbeRun ending, Answer answer) {
        long duration;
        boolean late;
        lock.lock();
        try {
            ending.end();
            duration = Math.max(0, timeline.nanos() - ending.startedAt());
            late = ending.isGivenUp();
        } finally {
            lock.unlock();
        }
        if (late) {
            dependency.endedLate(duration);
        } else {
            dependency.hear(answer.kind(), answer.detail(), duration);
        }
    }

    /** Makes room for the next check, and makes it if it was due already. */
    private void forget(ProbeRun over) {
        boolean due;
        lock.lock();
        try {
            over.cancelDeadline();
            run = run == over ? null : run;
            due = tickMissed;
            tickMissed = false;
        } finally {
            lock.unlock();
        }
        if (due) {
            checkUnlessTrafficStandsIn();
        }
    }

    private void overdue(ProbeRun late) {
        boolean givenUp;
        lock.lock();
        try {
            givenUp = !closed && late.giveUp();
        } finally {
            lock.unlock();
        }
        if (givenUp) {
            dependency.hear(Kind.TIMED_OUT, "no answer within " + settings.timeout());
        }
    }

    /** Makes no further check, and asks one under way to end. */
    void close() {
        lock.lock();
        try {
            closed = true;
            nextTick.cancel();
            if (run != null) {
                run.cancelDeadline();
                boolean unused = run.giveUp();
            }
        } finally {
            lock.unlock();
        }
    }
}
