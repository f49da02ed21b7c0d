package io.pratique.flags;

import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagSource;
import io.pratique.flags.spi.FlagText;
import io.pratique.time.Timeline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads one source on a daemon thread of its own, one load after the other and never two at once: that alone puts them
 * in order, so what an earlier load read never replaces what a later one did. Whoever asks for a load joins the next one
 * to start.
 *
 * <p>A load past its deadline is interrupted and counts as failed; if it ignores that, nothing starts beside it, and
 * what it returns in the end is still the newest there is.
 */
final class SourceLoop {

    private static final Logger LOG = LoggerFactory.getLogger(FlagClient.class);

    private final FlagSource source;
    private final int index;
    private final Settings settings;
    private final Board board;
    private final Timeline timeline;
    private final ChangeFeed feed;
    private final SourceLog log;
    private final SourceWatch watch;
    private final Thread thread;
    private final CompletableFuture<@Nullable Void> firstOutcome = new CompletableFuture<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition demand = lock.newCondition();
    private boolean demanded = true;
    private boolean announced;
    private long heedsFrom = Long.MIN_VALUE;
    private boolean closed;
    private @Nullable Joined joined;
    private @Nullable Run running;
    private Timeline.Alarm nextPoll;
    private Timeline.Alarm silence;

    /** How all sources of a client are loaded. */
    record Settings(Cadence cadence, Duration loadTimeout) {}

    /** One load under way, and who waits for it. */
    private static final class Run {
        private final long started;
        private final @Nullable Joined joined;
        private volatile boolean overdue;

        Run(long started, @Nullable Joined joined) {
            this.started = started;
            this.joined = joined;
        }
    }

    SourceLoop(FlagSource source, int index, Settings settings, Board board, Timeline timeline, ChangeFeed feed) {
        this.source = source;
        this.index = index;
        this.settings = settings;
        this.board = board;
        this.timeline = timeline;
        this.feed = feed;
        this.log = new SourceLog(name(board, index));
        this.watch = new SourceWatch(source, name(board, index), log, this::announced);
        this.nextPoll = timeline.at(Timeline.NEVER, () -> {});
        this.silence = nextPoll;
        this.thread = new Thread(this::run, "pratique-flags-" + name(board, index));
        thread.setDaemon(true);
    }

    private static String name(Board board, int index) {
        return board.current().sources().get(index).name();
    }

    private SourceState state() {
        return board.current().sources().get(index);
    }

    void start() {
        thread.start();
    }

    /** Completes when the first load has ended, either way. */
    CompletableFuture<@Nullable Void> firstOutcome() {
        return firstOutcome;
    }

    /** Has a load start soon: at once, or after the one under way. */
    void demand() {
        lock.lock();
        try {
            demanded = true;
            demand.signal();
        } finally {
            lock.unlock();
        }
    }

    /** What the source itself asks for: the same, unless its last load has failed. */
    private void announced() {
        lock.lock();
        try {
            announced = true;
            demand.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Completes with the next load to start; if an earlier one hangs, after two load timeouts. Shared by all who ask. */
    CompletableFuture<@Nullable Void> refresh() {
        lock.lock();
        try {
            if (closed) {
                return CompletableFuture.completedFuture(null);
            }
            Joined next = joined;
            if (next == null || next.done.isDone()) {
                next = join();
                joined = next;
            }
            demanded = true;
            demand.signal();
            return next.done;
        } finally {
            lock.unlock();
        }
    }

    private Joined join() {
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
        long patience = 2 * Timeline.nanos(settings.loadTimeout());
        return new Joined(done, timeline.at(timeline.nanos() + patience, () -> feed.complete(done)));
    }

    /** All who have joined one load, however many, and the end of their patience. */
    private record Joined(CompletableFuture<@Nullable Void> done, Timeline.Alarm patience) {

        void complete(ChangeFeed feed) {
            patience.cancel();
            feed.complete(done);
        }
    }

    @Nullable Duration loadingFor() {
        lock.lock();
        try {
            return running == null ? null : Duration.ofNanos(Math.max(0, timeline.nanos() - running.started));
        } finally {
            lock.unlock();
        }
    }

    boolean pushed() {
        return watch.watching();
    }

    private void run() {
        while (true) {
            Run run = awaitDemand();
            if (run == null) {
                return;
            }
            Timeline.guarded(LOG, "Loading flags", () -> loadOnce(run));
        }
    }

    /** Waits until a load is wanted; null once closed. */
    private @Nullable Run awaitDemand() {
        lock.lock();
        try {
            while (!demanded && !closed) {
                if (announced) {
                    heed();
                } else {
                    demand.awaitUninterruptibly();
                }
            }
            if (closed) {
                return null;
            }
            demanded = false;
            announced = false;
            Run next = new Run(timeline.nanos(), joined);
            joined = null;
            running = next;
            return next;
        } finally {
            lock.unlock();
        }
    }

    /**
     * While loads fail, an announcement brings the next one forward to where a first retry would be, and no further: a
     * source that announces with each failure must not be loaded without a pause.
     */
    private void heed() {
        announced = false;
        if (timeline.nanos() >= heedsFrom) {
            demanded = true;
        } else {
            nextPoll.cancel();
            nextPoll = timeline.at(heedsFrom, this::demand);
        }
    }

    private void loadOnce(Run run) {
        long due = run.started + Timeline.nanos(settings.loadTimeout());
        Timeline.Alarm deadline = timeline.at(due, () -> overdue(run));
        boolean succeeded = false;
        try {
            FlagSet set = load();
            if (end(deadline)) {
                publish(set);
                succeeded = true;
            }
        } catch (Throwable thrown) {
            if (end(deadline)) {
                publishFailure(run, thrown);
            }
        } finally {
            scheduleNext(run, succeeded);
            firstOutcome.complete(null);
            if (run.joined != null) {
                run.joined.complete(feed);
            }
        }
        if (!run.overdue) {
            // After a failed load too: only a watch sees at once that a file which was missing has appeared.
            watch.ensure();
        }
    }

    private FlagSet load() throws Exception {
        FlagSet previous = state().previous();
        FlagSet set = previous == null ? source.load() : source.reload(previous);
        if (set == null) {
            throw new IllegalStateException("the source returned null; it must return a set or throw");
        }
        return set;
    }

    /**
     * From here on nobody interrupts this thread on behalf of the load that just ended. False if its outcome no longer
     * counts: a closed client answers from its last set, and the load that closing interrupts has not failed.
     */
    private boolean end(Timeline.Alarm deadline) {
        deadline.cancel();
        lock.lock();
        try {
            running = null;
            boolean unused = Thread.interrupted();
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /** On the timeline's thread: the load has had its time. */
    private void overdue(Run run) {
        String error = "no answer within " + settings.loadTimeout() + ", and the load was interrupted";
        SourceHealth before = state().health();
        board.update(snapshot -> interrupt(run)
                ? snapshot.with(index, snapshot.sources().get(index).failed(error))
                : snapshot);
        if (run.overdue) {
            feed.later(() -> log.failed(before, error, null));
            firstOutcome.complete(null);
        }
    }

    private boolean interrupt(Run run) {
        lock.lock();
        try {
            if (running == run) {
                run.overdue = true;
                thread.interrupt();
            }
            return run.overdue;
        } finally {
            lock.unlock();
        }
    }

    private void publish(FlagSet set) {
        SourceHealth before = state().health();
        Moment now = Moment.now(timeline);
        SourceState.Loaded[] loaded = new SourceState.Loaded[1];
        board.update(snapshot -> {
            loaded[0] = snapshot.sources().get(index).loaded(set, now);
            return snapshot.with(index, loaded[0].state());
        });
        // The set is published; a log that throws does not make its load a failed one.
        Timeline.guarded(LOG, "Logging of a flag source", () -> log.answered(before, loaded[0]));
    }

    /**
     * What an overdue load throws in the end is no second failure. That is looked at behind the board's lock, where the
     * first one may just be published: who joined the load is told only when it shows.
     */
    private void publishFailure(Run run, Throwable thrown) {
        SourceHealth before = state().health();
        String error = FlagText.printable(thrown);
        change(state -> run.overdue ? state : state.failed(error));
        if (!run.overdue) {
            log.failed(before, error, thrown);
        }
    }

    private void change(UnaryOperator<SourceState> change) {
        board.update(
                snapshot -> snapshot.with(index, change.apply(snapshot.sources().get(index))));
    }

    private void scheduleNext(Run run, boolean succeeded) {
        Cadence cadence = settings.cadence();
        long now = timeline.nanos();
        double random = ThreadLocalRandom.current().nextDouble();
        long next = succeeded
                ? run.started + cadence.poll(random)
                : now + cadence.retry(state().health().failures(), random);
        lock.lock();
        try {
            nextPoll.cancel();
            silence.cancel();
            if (!closed) {
                heedsFrom = succeeded ? Long.MIN_VALUE : now + cadence.retry(1, random);
                nextPoll = timeline.at(next, this::demand);
                silence = timeline.at(now + cadence.silence(), this::fallenSilent);
            }
        } finally {
            lock.unlock();
        }
    }

    /** No load has ended for long. That is no outage, and so not logged: a load that hangs becomes overdue. */
    private void fallenSilent() {
        change(state -> state.health().stale() ? state : state.silent());
    }

    /** Starts no further load, and closes the source once the last one has ended or had its chance to. */
    CompletableFuture<@Nullable Void> close(Duration patience) {
        List<Joined> released = new ArrayList<>();
        lock.lock();
        try {
            closed = true;
            nextPoll.cancel();
            silence.cancel();
            addIfThere(released, joined);
            demand.signal();
            if (running != null) {
                // Its deadline ends with this client, so who has joined it must not wait for that.
                addIfThere(released, running.joined);
                thread.interrupt();
            }
        } finally {
            lock.unlock();
        }
        released.forEach(each -> each.complete(feed));
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
        startDaemon("pratique-close-", () -> {
            closeSource(patience);
            done.complete(null);
        });
        return done;
    }

    private Thread startDaemon(String prefix, Runnable work) {
        Thread daemon = new Thread(work, prefix + state().name());
        daemon.setDaemon(true);
        daemon.start();
        return daemon;
    }

    private static void addIfThere(List<Joined> all, @Nullable Joined one) {
        if (one != null) {
            all.add(one);
        }
    }

    /** A watch or a load that does not end may keep the source waiting, each as long as the patience lasts, not for ever. */
    private void closeSource(Duration patience) {
        Thread unwatching = startDaemon("pratique-unwatch-", watch::close);
        try {
            unwatching.join(patience.toMillis());
            thread.join(patience.toMillis());
        } catch (InterruptedException nobodyWaits) {
            LOG.debug("Not waiting for the last load", nobodyWaits);
        }
        Timeline.guarded(LOG, "Closing a flag source", () -> {
            try {
                source.close();
            } catch (Exception thrown) {
                throw new IllegalStateException("Flag source " + state().name() + " did not close", thrown);
            }
        });
    }
}
