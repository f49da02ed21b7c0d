package io.pratique.flags;

import io.pratique.flags.spi.FlagSource;
import io.pratique.flags.spi.Subscription;
import io.pratique.time.Timeline;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a source announce its changes. Setting that up may hang, so each attempt is made on a thread of its own, one at a
 * time, and polling never depends on it.
 */
final class SourceWatch {

    private static final Logger LOG = LoggerFactory.getLogger(FlagClient.class);

    private enum State {
        IDLE,
        ATTEMPTING,
        WATCHING,
        NO_PUSH,
        CLOSED
    }

    private final FlagSource source;
    private final String name;
    private final SourceLog log;
    private final Runnable changed;
    private State state = State.IDLE;
    private Subscription subscription = Subscription.none();
    private @Nullable Thread attempt;
    private boolean failedBefore;

    SourceWatch(FlagSource source, String name, SourceLog log, Runnable changed) {
        this.source = source;
        this.name = name;
        this.log = log;
        this.changed = changed;
    }

    synchronized boolean watching() {
        return state == State.WATCHING;
    }

    /** Begins an attempt, unless one is under way, has succeeded or is useless. */
    synchronized void ensure() {
        if (state == State.IDLE) {
            Thread starting = new Thread(this::attempt, "pratique-watch-" + name);
            starting.setDaemon(true);
            starting.start();
            attempt = starting;
            state = State.ATTEMPTING;
        }
    }

    private void attempt() {
        try {
            Subscription watch = Objects.requireNonNull(source.watch(changed), "watch returned null");
            if (watch == Subscription.none()) {
                moveTo(State.NO_PUSH, watch);
            } else if (moveTo(State.WATCHING, watch)) {
                // What changed between the last load and now was announced to nobody.
                changed.run();
            } else {
                Timeline.guarded(LOG, "Ending a watch", watch::close);
            }
        } catch (Throwable thrown) {
            moveTo(State.IDLE, Subscription.none());
            logFailure(thrown);
        }
    }

    private synchronized boolean moveTo(State next, Subscription watch) {
        if (state == State.CLOSED) {
            return false;
        }
        state = next;
        subscription = watch;
        return true;
    }

    private void logFailure(Throwable thrown) {
        boolean first;
        synchronized (this) {
            first = !failedBefore && state != State.CLOSED;
            failedBefore = true;
        }
        if (first) {
            log.cannotWatch(thrown);
        }
        LOG.debug("Flag source {} cannot announce changes", name, thrown);
    }

    void close() {
        Subscription ending;
        synchronized (this) {
            state = State.CLOSED;
            ending = subscription;
            if (attempt != null) {
                attempt.interrupt();
            }
        }
        Timeline.guarded(LOG, "Ending a watch", ending::close);
    }
}
