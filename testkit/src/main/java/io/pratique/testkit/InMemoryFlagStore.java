package io.pratique.testkit;

import io.pratique.flags.spi.Attribution;
import io.pratique.flags.spi.FlagRevision;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagStore;
import io.pratique.flags.spi.FlagWrite;
import io.pratique.flags.spi.HistoryMark;
import io.pratique.flags.spi.Subscription;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;

/**
 * A store whose server is in memory: a whole {@link FlagStore} with history, push, time boxes and epochs, for tests that
 * write flags, and for tests of what becomes of them when a server is cut off, wiped or restored.
 *
 * <pre>{@code
 * InMemoryFlagStore store = new InMemoryFlagStore(clock);
 * FlagClient client = FlagClient.builder().source(store.another()).clock(clock).build();
 *
 * store.set("outbox-processing", "off", Attribution.of("ada", "INC-4711"));   // pushed to the client
 *
 * store.wipe();
 * client.refresh().toCompletableFuture().join();
 * assertFalse(client.isEnabled("outbox-processing"));                         // killed, stays killed
 * }</pre>
 *
 * <p>Several stores share one server, as several processes do: {@link #another} makes the next. What befalls the server
 * by the methods below, from {@link #takeAway} to {@link #restore}, befalls them all. It goes on when a store is closed,
 * and these methods can still be called on it then.
 *
 * <p>Watches are told on the thread that makes the change, before its method returns; a client then loads on a thread of
 * its own, so a test awaits the effect. Each change has a later time than all before, if by a microsecond only. Safe for
 * use by any number of threads.
 */
public final class InMemoryFlagStore implements FlagStore {

    private final String name;
    private final FlagMemory memory;
    private final Watches watches = new Watches();
    private final Runnable line = watches::tell;
    private volatile boolean closed;

    /**
     * A store with a server of its own, without flags, and without a name.
     *
     * @param clock the server's clock: a test's {@link ManualClock}, or {@link InstantSource#system()}
     */
    public InMemoryFlagStore(InstantSource clock) {
        this("", clock);
    }

    /**
     * A store with a server of its own, without flags.
     *
     * @param name what {@link #name} returns
     * @param clock the server's clock: a test's {@link ManualClock}, or {@link InstantSource#system()}
     */
    public InMemoryFlagStore(String name, InstantSource clock) {
        this(name, new FlagMemory(clock));
    }

    private InMemoryFlagStore(String name, FlagMemory memory) {
        this.name = Objects.requireNonNull(name, "name");
        this.memory = memory;
        memory.connect(line);
    }

    /**
     * Makes a store over the same server, as another process would.
     *
     * @return a new store of the same name, to be closed by itself
     */
    public InMemoryFlagStore another() {
        return new InMemoryFlagStore(name, memory);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public FlagSet load() throws IOException {
        requireOpen();
        return memory.load();
    }

    @Override
    public FlagSet reload(FlagSet previous) throws Exception {
        requireOpen();
        return memory.reload(previous);
    }

    @Override
    public Subscription watch(Runnable changed) {
        requireOpen();
        return watches.open(changed);
    }

    @Override
    public List<FlagRevision> write(List<FlagWrite> writes) {
        requireOpen();
        if (writes.isEmpty()) {
            throw new IllegalArgumentException("a write must make at least one change, but has none");
        }
        return memory.write(List.copyOf(writes));
    }

    @Override
    public List<FlagRevision> list() {
        requireOpen();
        return memory.list();
    }

    @Override
    public List<FlagRevision> history(String key, int limit) {
        requireOpen();
        Objects.requireNonNull(key, "key");
        if (limit < 1) {
            throw new IllegalArgumentException("limit of a flag's history must be 1 or more, but is \"" + limit + "\"");
        }
        return memory.ask(history -> history.of(key, limit));
    }

    @Override
    public void accept(String lostEpoch, Attribution by) {
        requireOpen();
        Objects.requireNonNull(by, "by");
        memory.accept(HistoryMark.requireEpoch(lostEpoch));
    }

    /** Ends all watches. The server goes on, and other stores over it do. */
    @Override
    public void close() {
        closed = true;
        memory.disconnect(line);
        watches.close();
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("this store is closed");
        }
    }

    /** Puts the server out of reach, with all it holds: whoever asks it for something gets an exception. */
    public void takeAway() {
        memory.setAway(true);
    }

    /** Puts the server back within reach. All watches are told, as after a reconnect. */
    public void bringBack() {
        memory.setAway(false);
    }

    /** Cuts the lines on which changes are announced. The server still answers, so polling goes on. */
    public void cutPush() {
        memory.setPushCut(true);
    }

    /** Mends the lines that were cut. All watches are told, as after a reconnect. */
    public void mendPush() {
        memory.setPushCut(false);
    }

    /** Has the server forget everything: flags, history and epoch. Nobody is told. */
    public void wipe() {
        memory.restore(new FlagHistory());
    }

    /**
     * Copies all that the server holds.
     *
     * @return the copy, which never changes
     */
    public Backup backUp() {
        return new Backup(memory.backUp());
    }

    /**
     * Has the server forget everything but what a backup holds. Nobody is told.
     *
     * @param backup a copy made earlier, of this server or of another
     */
    public void restore(Backup backup) {
        memory.restore(backup.history);
    }

    /** What a server held at one time. */
    public static final class Backup {

        private final FlagHistory history;

        private Backup(FlagHistory history) {
            this.history = history;
        }
    }
}
