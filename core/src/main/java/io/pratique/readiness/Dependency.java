package io.pratique.readiness;

import io.pratique.flags.Flag;
import io.pratique.flags.spi.FlagText;
import io.pratique.readiness.DependencyState.Effect;
import io.pratique.readiness.Observation.Kind;
import io.pratique.time.Timeline;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One dependency of a gate: has its probe run at its interval, gathers what is heard of it, and publishes what that
 * comes to. At most one thread is ever in the probe, hung or not.
 */
final class Dependency {

    private static final Logger LOG = LoggerFactory.getLogger(ReadinessGate.class);

    /** Real traffic may stand in for so many checks in a row. */
    private static final int CHECKS_LEFT_OUT = 4;

    /** How much of what was found a log line shows. */
    private static final int SHOWN = 300;

    private final String name;
    private final Probe probe;
    private final ProbeSettings settings;
    private final boolean critical;
    private final Context context;
    private final long timeoutNanos;

    /** Opened once it is no longer pending, and the gate's decisions say so. */
    private final CountDownLatch known = new CountDownLatch(1);

    private final ReentrantLock lock = new ReentrantLock();
    private DependencyState state;
    private @Nullable ProbeRun run;
    private Timeline.Alarm nextTick;
    private Timeline.Alarm nextChange;
    private int leftOut;
    private boolean dirty;
    private boolean closed;

    private volatile Reading reading;
    private volatile boolean settled;
    private volatile boolean callSucceeded;

    /**
     * What dependencies of one gate share.
     *
     * @param executor where checks run, and what must not hold up the timeline
     * @param changed told after a published reading changed, without any lock
     * @param graceEnds on the timeline
     */
    record Context(Timeline timeline, Executor executor, Runnable changed, long graceEnds) {}

    Dependency(String name, Probe probe, ProbeSettings settings, boolean critical, Context context) {
        this.name = name;
        this.probe = probe;
        this.settings = settings;
        this.critical = critical;
        this.context = context;
        this.timeoutNanos = Timeline.nanos(settings.timeout());
        this.state = DependencyState.first(settings, context.graceEnds());
        this.nextTick = context.timeline().at(Timeline.NEVER, () -> {});
        this.nextChange = nextTick;
        this.reading = new Reading(
                name,
                Effect.PENDING,
                Outcome.PENDING,
                "pending",
                null,
                context.timeline().instant(),
                Timeline.NEVER,
                -1);
    }

    String name() {
        return name;
    }

    boolean critical() {
        return critical;
    }

    ProbeSettings settings() {
        return settings;
    }

    Reading reading() {
        return reading;
    }

    /** Makes the first check at once. */
    void start() {
        lock.lock();
        try {
            // The end of the grace comes by itself, whatever the first check does.
            publish(-1);
        } finally {
            lock.unlock();
        }
        tick();
    }

    /** Whether nothing has been heard yet that the gate's decisions rest on. */
    boolean isPending() {
        return known.getCount() > 0;
    }

    /** Waits, in the machine's time, until it is no longer pending; at most a check's timeout. */
    void awaitFirst() throws InterruptedException {
        boolean unused = known.await(timeoutNanos, TimeUnit.NANOSECONDS);
    }

    private void tick() {
        boolean start;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            double spread = 0.8 + 0.4 * ThreadLocalRandom.current().nextDouble();
            long interval = Timeline.nanos(settings.interval());
            nextTick = context.timeline().at(context.timeline().nanos() + (long) (interval * spread), this::tick);
            start = run == null && !trafficStandsIn();
            if (start) {
                run = new ProbeRun();
            } else if (run != null && run.isGivenUp()) {
                observe(Kind.TIMED_OUT, "the check still hangs", -1);
            }
        } finally {
            lock.unlock();
        }
        if (start) {
            startCheck();
        }
        announce();
    }

    /** Whether real calls have proved health since the last tick, so that this check can be left out. */
    private boolean trafficStandsIn() {
        boolean called = callSucceeded;
        callSucceeded = false;
        if (!called || !state.settled()) {
            return false;
        }
        observe(Kind.CALL_SUCCEEDED, null, -1);
        leftOut = state.saturated() || leftOut == CHECKS_LEFT_OUT ? 0 : leftOut + 1;
        return leftOut > 0;
    }

    private void startCheck() {
        ProbeRun starting;
        lock.lock();
        try {
            starting = run;
            if (starting == null || closed) {
                return;
            }
            starting.deadline(context.timeline().after(settings.timeout(), () -> notStarted(starting)));
        } finally {
            lock.unlock();
        }
        try {
            context.executor().execute(() -> check(starting));
        } catch (Throwable noThread) {
            notStarted(starting);
            abandon(starting);
        }
    }

    private void notStarted(ProbeRun starting) {
        lock.lock();
        try {
            if (run == starting && !starting.hasStarted()) {
                observe(Kind.NOT_STARTED, "no thread was free for the check within " + settings.timeout(), -1);
            }
        } finally {
            lock.unlock();
        }
        announce();
    }

    private void abandon(ProbeRun starting) {
        lock.lock();
        try {
            starting.cancelDeadline();
            run = run == starting ? null : run;
        } finally {
            lock.unlock();
        }
    }

    private void check(ProbeRun starting) {
        Timeline timeline = context.timeline();
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
        thread.setName("pratique-probe-" + name);
        try {
            end(starting, ask());
        } finally {
            thread.setName(before);
        }
        announce();
    }

    /** Asks the probe; whatever it does, there is an answer. */
    private Answer ask() {
        try {
            ProbeResult result = probe.check();
            if (result == null) {
                return new Answer(Kind.BROKEN, "the check returned null");
            }
            return switch (result.outcome()) {
                case UP -> new Answer(Kind.UP, result.detail());
                case SATURATED -> new Answer(Kind.SATURATED, result.detail());
                default -> new Answer(Kind.DOWN, result.detail());
            };
        } catch (Throwable thrown) {
            return new Answer(Evidence.isIn(thrown) ? Kind.DOWN : Kind.BROKEN, describe(thrown));
        }
    }

    private record Answer(Kind kind, @Nullable String detail) {}

    private static String describe(Throwable thrown) {
        try {
            return FlagText.printable(thrown.toString(), SHOWN);
        } catch (Throwable unspeakable) {
            return thrown.getClass().getName();
        }
    }

    private void end(ProbeRun ending, Answer answer) {
        lock.lock();
        try {
            ending.cancelDeadline();
            long now = context.timeline().nanos();
            long duration = now - ending.startedAt();
            if (run == ending) {
                run = null;
            }
            // From here on nobody interrupts this thread on behalf of the check, and it goes back to its pool clean.
            boolean unused = Thread.interrupted();
            if (ending.isGivenUp()) {
                state = state.ended(now);
                publish(duration);
            } else {
                observe(answer.kind(), answer.detail(), duration);
            }
        } finally {
            lock.unlock();
        }
    }

    private void overdue(ProbeRun late) {
        lock.lock();
        try {
            if (run != late) {
                return;
            }
            late.giveUp();
            observe(Kind.TIMED_OUT, "no answer within " + settings.timeout(), -1);
        } finally {
            lock.unlock();
        }
        announce();
    }

    void passiveSuccess() {
        if (settled) {
            if (!callSucceeded) {
                callSucceeded = true;
            }
        } else {
            heard(Kind.CALL_SUCCEEDED, null);
        }
    }

    void passiveFailure(@Nullable Throwable failure) {
        if (failure != null && Evidence.isIn(failure)) {
            heard(Kind.DOWN, describe(failure));
        }
    }

    private void heard(Kind kind, @Nullable String detail) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            // What real calls proved before counts before.
            callSucceeded = false;
            observe(kind, detail, -1);
        } finally {
            lock.unlock();
        }
        announce();
    }

    /** With the lock in hand. A negative duration says that no check has ended. */
    private void observe(Kind kind, @Nullable String detail, long duration) {
        state = state.observe(new Observation(kind, context.timeline().nanos(), detail));
        publish(duration);
    }

    /** With the lock in hand: computes what counts now, and has it computed again when time changes it. */
    private void publish(long duration) {
        Timeline timeline = context.timeline();
        long now = timeline.nanos();
        state = state.at(now);
        Observation last = state.last();
        Reading before = reading;
        Reading after = new Reading(
                name,
                state.effect(now),
                state.outcome(now),
                state.code(now),
                last == null ? null : last.detail(),
                before.since(),
                state.heardAt(),
                duration < 0 ? before.durationNanos() : duration);
        boolean changed = !after.isLike(before);
        reading = changed ? after.since(timeline.instant()) : after;
        settled = state.settled();
        nextChange.cancel();
        nextChange = closed ? nextChange : timeline.at(state.nextChange(now), this::timePassed);
        if (changed) {
            dirty = true;
            log(before, reading);
        }
    }

    /** Without the lock: tells the gate, if what counts has changed. */
    private void announce() {
        boolean changed;
        lock.lock();
        try {
            changed = dirty;
            dirty = false;
        } finally {
            lock.unlock();
        }
        if (changed) {
            context.changed().run();
            if (reading.effect() != Effect.PENDING) {
                // Not before the decisions know: who waits is to follow them.
                known.countDown();
            }
        }
    }

    private void timePassed() {
        lock.lock();
        try {
            if (!closed) {
                publish(-1);
            }
        } finally {
            lock.unlock();
        }
        announce();
    }

    private void log(Reading before, Reading after) {
        boolean bad =
                after.effect() == Effect.DOWN || after.effect() == Effect.HELD || after.effect() == Effect.UNCERTAIN;
        if (!bad && before.effect() == Effect.PENDING) {
            return;
        }
        Level level = bad || after.effect() == Effect.SATURATED ? Level.WARN : Level.INFO;
        try {
            context.executor()
                    .execute(() -> LOG.atLevel(level)
                            .addKeyValue("dependency", FlagText.printable(name, Flag.MAX_KEY_LENGTH))
                            .addKeyValue("outcome", after.outcome())
                            .addKeyValue("reason", after.code())
                            .log(
                                    "Dependency {} is {} ({}){}{}",
                                    FlagText.printable(name),
                                    after.outcome(),
                                    after.code(),
                                    after.effect() == Effect.UNCERTAIN ? ", which is no evidence against it" : "",
                                    after.detail() == null
                                            ? ""
                                            : ": " + after.detail() == null
                                                    ? ""
                                                    : FlagText.printable(after.detail(), SHOWN)));
        } catch (Throwable noThread) {
            LOG.debug("A transition of {} is not logged", name, noThread);
        }
    }

    /** Makes no further check, and asks one under way to end. */
    void close() {
        lock.lock();
        try {
            closed = true;
            nextTick.cancel();
            nextChange.cancel();
            if (run != null) {
                run.cancelDeadline();
                run.giveUp();
            }
        } finally {
            lock.unlock();
        }
    }
}
