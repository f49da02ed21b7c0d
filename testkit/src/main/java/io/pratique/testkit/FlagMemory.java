package io.pratique.testkit;

import io.pratique.flags.spi.FlagRevision;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagStoreException;
import io.pratique.flags.spi.FlagWrite;
import io.pratique.flags.spi.LostHistoryException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A server in memory, with its clock and the lines on which it announces changes. Each call is a transaction. */
final class FlagMemory {

    private static final Duration TICK = Duration.ofNanos(1_000);

    private final InstantSource clock;
    private final List<Runnable> lines = new CopyOnWriteArrayList<>();
    private FlagHistory history = new FlagHistory();
    private Instant lastChange = Instant.MIN;
    private boolean away;
    private boolean pushCut;

    FlagMemory(InstantSource clock) {
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /** Has a line told of each change from now on, and each time that it was cut and is whole again. */
    void connect(Runnable line) {
        lines.add(line);
    }

    void disconnect(Runnable line) {
        lines.remove(line);
    }

    synchronized FlagSet load() throws IOException {
        requireReachable();
        return history.all(clock.instant());
    }

    synchronized FlagSet reload(FlagSet previous) throws IOException, LostHistoryException {
        requireReachable();
        return history.since(previous, clock.instant());
    }

    private void requireReachable() throws IOException {
        if (away) {
            throw new IOException("the in-memory server is out of reach; bringBack() ends that");
        }
    }

    List<FlagRevision> write(List<FlagWrite> writes) {
        List<FlagRevision> made = ask(known -> known.write(writes, clock.instant(), nextChange()));
        if (!made.isEmpty()) {
            announce();
        }
        return made;
    }

    /** Two changes are never of one time, also while the clock stands still or after it was set back. */
    private Instant nextChange() {
        Instant now = clock.instant();
        Instant next = now.isAfter(lastChange) ? now : lastChange.plus(TICK);
        lastChange = next;
        return next;
    }

    List<FlagRevision> list() {
        return ask(known -> known.list(clock.instant()));
    }

    void accept(String lostEpoch) {
        ask(known -> {
            known.accept(lostEpoch);
            return known;
        });
        announce();
    }

    /** Asks the history as a store does. */
    synchronized <T> T ask(Function<FlagHistory, T> question) {
        try {
            requireReachable();
        } catch (IOException e) {
            throw new FlagStoreException(Objects.requireNonNull(e.getMessage()), null);
        }
        return question.apply(history);
    }

    synchronized FlagHistory backUp() {
        return history.copy();
    }

    synchronized void restore(FlagHistory backup) {
        history = backup.copy();
    }

    void setAway(boolean away) {
        synchronized (this) {
            this.away = away;
        }
        announce();
    }

    void setPushCut(boolean pushCut) {
        synchronized (this) {
            this.pushCut = pushCut;
        }
        announce();
    }

    private void announce() {
        if (pushes()) {
            lines.forEach(Runnable::run);
        }
    }

    private synchronized boolean pushes() {
        return !away && !pushCut;
    }
}
