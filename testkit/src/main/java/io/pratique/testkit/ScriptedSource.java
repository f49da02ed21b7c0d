package io.pratique.testkit;

import io.pratique.flags.spi.FlagEntry;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagSource;
import io.pratique.flags.spi.Subscription;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A source in memory that fails, hangs, answers late and lies on cue, and that tells a test what was asked of it.
 *
 * <pre>{@code
 * ScriptedSource source = new ScriptedSource().put("outbox-processing", "off");
 * FlagClient client = FlagClient.builder().source(source).build();
 *
 * source.everyLoad().fails(new IOException("connection reset"));
 * source.awaitNextLoad();
 * assertFalse(client.isEnabled("outbox-processing"));           // last seen off, stays off
 *
 * Hold hang = source.nextLoad().hangs();
 * hang.awaitReached();
 * hang.release();
 * }</pre>
 *
 * <p>Flags that a test puts or removes are seen by the next load; watches are told by {@link #announce} only. Safe for
 * use by any number of threads.
 */
public final class ScriptedSource implements FlagSource {

    private final String name;
    private final Script<FlagSet> loadScript = new Script<>();
    private final Script<Subscription> watchScript = new Script<>();
    private final Watches watches = new Watches();

    private final Monitor monitor = new Monitor();
    private FlagSet.Builder contents = FlagSet.builder();
    private @Nullable FlagSet built;
    private int started;
    private int ended;
    private int mostAtOnce;
    private boolean closed;

    /** An empty source without a name. */
    public ScriptedSource() {
        this("");
    }

    /**
     * An empty source.
     *
     * @param name what {@link #name} returns
     */
    public ScriptedSource(String name) {
        this.name = Objects.requireNonNull(name, "name");
    }

    /**
     * Puts a flag, in place of what the key held.
     *
     * @param key the flag key
     * @param value the exact text, garbage included
     * @return this source
     */
    public ScriptedSource put(String key, String value) {
        return put(key, FlagEntry.of(value));
    }

    /**
     * Puts a flag with the time of its last change or with an end, in place of what the key held.
     *
     * @param key the flag key
     * @param entry the entry
     * @return this source
     */
    public ScriptedSource put(String key, FlagEntry entry) {
        return changed(() -> contents.put(key, entry));
    }

    /**
     * Takes a flag out, if it is there.
     *
     * @param key the flag key
     * @return this source
     */
    public ScriptedSource remove(String key) {
        return changed(() -> contents.remove(key));
    }

    /**
     * Takes all flags out.
     *
     * @return this source
     */
    public ScriptedSource clear() {
        return changed(() -> contents = FlagSet.builder());
    }

    /**
     * Says what the next load does. Several cues are played one after the other, one for each load.
     *
     * @return where to say it
     */
    public LoadCue nextLoad() {
        return new LoadCue(loadScript::next);
    }

    /**
     * Says what every load does that has no cue of its own, in place of what was said before.
     *
     * @return where to say it
     */
    public LoadCue everyLoad() {
        return new LoadCue(loadScript::every);
    }

    /**
     * Says what the next call of {@link #watch} does. Several cues are played one after the other, one for each call.
     *
     * @return where to say it
     */
    public WatchCue nextWatch() {
        return new WatchCue(watchScript::next);
    }

    /**
     * Says what every call of {@link #watch} does that has no cue of its own, in place of what was said before.
     *
     * @return where to say it
     */
    public WatchCue everyWatch() {
        return new WatchCue(watchScript::every);
    }

    /**
     * Drops all cues: loads read and watches are set up again. Calls that hang already go on hanging.
     *
     * @return this source
     */
    public ScriptedSource behave() {
        loadScript.clear();
        watchScript.clear();
        return this;
    }

    /** Tells all watches that something has changed, on the calling thread; what they throw is dropped. */
    public void announce() {
        watches.tell();
    }

    /**
     * How many loads have started, reloads among them.
     *
     * @return zero or more
     */
    public int loads() {
        return monitor.read(() -> started);
    }

    /**
     * How many loads have ended, whether they answered or threw.
     *
     * @return zero or more
     */
    public int endedLoads() {
        return monitor.read(() -> ended);
    }

    /**
     * The highest number of loads that were under way at one moment.
     *
     * @return zero before the first load
     */
    public int mostLoadsAtOnce() {
        return monitor.read(() -> mostAtOnce);
    }

    /**
     * How many watches are open.
     *
     * @return zero or more
     */
    public int watches() {
        return watches.count();
    }

    /**
     * Whether this source has been closed.
     *
     * @return true after the first {@link #close}
     */
    public boolean isClosed() {
        return monitor.read(() -> closed);
    }

    /**
     * Waits until a load has started.
     *
     * @param number which; the first one is number 1
     * @throws InterruptedException if the waiting thread is interrupted
     * @throws AssertionError if it has not started for ten seconds
     */
    public void awaitStarted(int number) throws InterruptedException {
        monitor.await(() -> started >= number, Monitor.PATIENCE, () -> "load " + number + " has not started; " + this);
    }

    /**
     * Waits until a number of loads have ended.
     *
     * @param number how many, counted from the source's creation
     * @throws InterruptedException if the waiting thread is interrupted
     * @throws AssertionError if fewer have ended after ten seconds
     */
    public void awaitEnded(int number) throws InterruptedException {
        monitor.await(() -> ended >= number, Monitor.PATIENCE, () -> "load " + number + " has not ended; " + this);
    }

    /**
     * Waits until a load has ended that starts after this call: one that has seen every flag and every cue set before.
     *
     * @throws InterruptedException if the waiting thread is interrupted
     * @throws AssertionError if there is none for ten seconds
     */
    public void awaitNextLoad() throws InterruptedException {
        // While loads come one at a time, as a client's do, the one with the next number ends as the same number.
        awaitEnded(loads() + 1);
    }

    /**
     * Waits until a watch is open.
     *
     * @throws InterruptedException if the waiting thread is interrupted
     * @throws AssertionError if there is none for ten seconds
     */
    public void awaitWatched() throws InterruptedException {
        monitor.await(() -> watches.count() > 0, Monitor.PATIENCE, () -> "nobody watches; " + this);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    @SuppressWarnings("NullAway") // a script may lie with null
    public FlagSet load() {
        begin();
        try {
            return loadScript.play(() -> monitor.read(this::current));
        } finally {
            monitor.change(() -> ended++);
        }
    }

    /** Loads as {@link #load} does; returns {@code previous} itself if the answer equals it. */
    @Override
    public FlagSet reload(FlagSet previous) {
        FlagSet now = load();
        return previous.equals(now) ? previous : now;
    }

    @Override
    @SuppressWarnings("NullAway") // no cue for a watch answers null
    public Subscription watch(Runnable changed) {
        return watchScript.play(() -> {
            // For the sake of those who await a watch, opened where they are woken.
            Subscription[] opened = new Subscription[1];
            monitor.change(() -> {
                requireOpen();
                opened[0] = watches.open(changed);
            });
            return opened[0];
        });
    }

    /** Ends all watches. A load that hangs goes on hanging, as a driver may. */
    @Override
    public void close() {
        monitor.change(() -> {
            closed = true;
            watches.close();
        });
    }

    /** What was asked of this source so far. */
    @Override
    public String toString() {
        return monitor.read(() -> "ScriptedSource[" + current() + ", " + started + " loads started, " + ended
                + " ended, " + watches.count() + " watches open" + (closed ? ", closed]" : "]"));
    }

    private ScriptedSource changed(Runnable change) {
        monitor.change(() -> {
            change.run();
            built = null;
        });
        return this;
    }

    /** Built once after each change, as a test may put thousands of flags one by one. */
    private FlagSet current() {
        FlagSet set = built;
        if (set == null) {
            set = contents.build();
            built = set;
        }
        return set;
    }

    private void begin() {
        monitor.change(() -> {
            requireOpen();
            started++;
            mostAtOnce = Math.max(mostAtOnce, started - ended);
        });
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("this source is closed");
        }
    }
}
