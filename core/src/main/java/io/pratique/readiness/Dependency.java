package io.pratique.readiness;

import io.pratique.flags.Flag;
import io.pratique.flags.spi.FlagText;
import io.pratique.readiness.DependencyState.Effect;
import io.pratique.readiness.Observation.Kind;
import io.pratique.time.Timeline;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** One dependency of a gate: gathers what is heard of it, from its probe and from real calls, and publishes what that comes to. */
final class Dependency {

    private static final Logger LOG = LoggerFactory.getLogger(ReadinessGate.class);

    /** Real traffic may stand in for so many checks in a row. */
    private static final int CHECKS_LEFT_OUT = 4;

    private final String name;
    private final ProbeSettings settings;
    private final boolean critical;
    private final Context context;
    private final Prober prober;
    private final HeardCounts heard = new HeardCounts();

    private final ReentrantLock lock = new ReentrantLock();
    private DependencyState state;
    private Timeline.Alarm nextChange;
    private int leftOut;
    private boolean dirty;
    private boolean closed;

    private volatile Reading reading;
    /** When time alone changes the reading next. */
    private volatile long due;
    /** Whether one more success changes nothing. */
    private volatile boolean settled;
    /** Whether a real call has succeeded since the last tick. */
    private volatile boolean callSucceeded;

    /**
     * What the dependencies of one gate share.
     *
     * @param executor where checks run
     * @param changed told after a published reading changed, without any lock
     * @param graceEnds on the timeline
     */
    record Context(Timeline timeline, Executor executor, GateLog log, Runnable changed, long graceEnds) {}

    Dependency(String name, Probe probe, ProbeSettings settings, boolean critical, Context context) {
        this.name = name;
        this.settings = settings;
        this.critical = critical;
        this.context = context;
        this.state = DependencyState.first(settings, context.graceEnds());
        this.nextChange = context.timeline().at(Timeline.NEVER, () -> {});
        this.due = Timeline.NEVER;
        this.reading = new Reading(
                name,
                Effect.PENDING,
                Outcome.PENDING,
                "pending",
                null,
                context.timeline().instant(),
                Timeline.NEVER,
                -1);
        this.prober = new Prober(this, probe, context.timeline(), context.executor());
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

    /** Makes the first check at once. The end of the grace comes by itself, whatever that check does. */
    void start() {
        timePassed();
        prober.tick();
    }

    /** How often what was heard. */
    HealthReport.Counts counts() {
        return heard.counts();
    }

    /** Makes no further check and hears nothing more; the last reading stays. */
    void close() {
        prober.close();
        lock.lock();
        try {
            closed = true;
            due = Timeline.NEVER;
            nextChange.cancel();
        } finally {
            lock.unlock();
        }
    }

    /** Whether real calls have proved health since the last tick, so that this check can be left out. */
    boolean trafficStandsIn() {
        lock.lock();
        try {
            boolean called = callSucceeded;
            callSucceeded = false;
            if (closed || !called || !state.settled()) {
                return false;
            }
            observe(Kind.CALL_SUCCEEDED, null, -1);
            // How full it is only a check can tell.
            leftOut = state.saturated() || leftOut == CHECKS_LEFT_OUT ? 0 : leftOut + 1;
            return leftOut > 0;
        } finally {
            lock.unlock();
        }
    }

    void passiveSuccess() {
        if (!settled) {
            hear(Kind.CALL_SUCCEEDED, null);
        } else if (!callSucceeded) {
            callSucceeded = true;
        }
    }

    /** Nothing known is nothing heard; a call that failed though the dependency works is heard as one that succeeded. */
    void passiveFailure(@Nullable Throwable failure) {
        Prober.Answer known = failure == null ? null : prober.classify(failure);
        if (known == null) {
            return;
        }
        if (known.kind() == Kind.UP) {
            passiveSuccess();
        } else {
            hear(known.kind(), known.detail());
        }
    }

    void hear(Kind kind, @Nullable String detail) {
        hear(kind, detail, -1);
    }

    /** A negative duration says that no check has ended. */
    void hear(Kind kind, @Nullable String detail, long duration) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            // What real calls proved before counts before.
            callSucceeded = false;
            observe(kind, detail, duration);
        } finally {
            lock.unlock();
        }
        announce();
    }

    /** A check that was given up has ended after all: no vote, but somebody is there. */
    void endedLate(long duration) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            state = state.ended(context.timeline().nanos());
            heard.addCheck(duration);
            publish(duration);
        } finally {
            lock.unlock();
        }
        announce();
    }

    /** Does what is due by now, should the timer not have come to it yet; for answers that read the clock anyway. */
    void catchUp() {
        if (context.timeline().nanos() >= due) {
            timePassed();
        }
    }

    private void timePassed() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            publish(-1);
        } finally {
            lock.unlock();
        }
        announce();
    }

    private void observe(Kind kind, @Nullable String detail, long duration) {
        heard.add(kind.outcome(), duration);
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
        due = state.nextChange(now);
        nextChange.cancel();
        nextChange = timeline.at(due, this::timePassed);
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
        }
    }

    private void log(Reading before, Reading after) {
        boolean bad =
                after.effect() == Effect.DOWN || after.effect() == Effect.HELD || after.effect() == Effect.UNCERTAIN;
        if (!bad && before.effect() == Effect.PENDING) {
            return;
        }
        Level level = bad || after.effect() == Effect.SATURATED ? Level.WARN : Level.INFO;
        context.log()
                .later(() -> LOG.atLevel(level)
                        .addKeyValue("dependency", FlagText.printable(name, Flag.MAX_KEY_LENGTH))
                        .addKeyValue("outcome", after.outcome())
                        .addKeyValue("reason", after.code())
                        .log(
                                "Dependency {} is {} ({}){}: {}",
                                FlagText.printable(name),
                                after.outcome(),
                                after.code(),
                                after.effect() == Effect.UNCERTAIN ? ", which is no evidence against it" : "",
                                after.detail() == null ? "nothing to add" : after.detail()));
    }
}
