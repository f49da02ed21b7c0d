package io.pratique.flags.spi;

/**
 * Where flag values come from. A source only loads; the client that it is given to caches, retries, schedules and
 * parses. One method is abstract, so a lambda is a source:
 *
 * <pre>{@code
 * FlagSource source = () -> FlagSet.of(Map.of("outbox-processing", "off"));
 * }</pre>
 *
 * <p>{@link #load} and {@link #reload} are called on a daemon thread that the client keeps for this source, never
 * twice at once. They may block: past the client's load timeout the thread is interrupted, and no second load starts
 * beside one that does not return. They may throw anything: the client then keeps what it last got and tries again.
 * A set that is returned is believed: a key missing from it is a flag that does not exist. A source that cannot
 * tell must throw.
 *
 * <p>A source is closed by the client that it was given to, after its last load. It closes only what it opened itself.
 */
@FunctionalInterface
public interface FlagSource extends AutoCloseable {

    /**
     * Reads all flags in one round trip.
     *
     * @return the whole set, never null
     * @throws Exception if the set cannot be read; what was read before stays in force
     */
    FlagSet load() throws Exception;

    /**
     * Reads what has changed. The default reads everything again.
     *
     * <p>An entry instance carried over from {@code previous} keeps the countdown of its time box; a new one starts it
     * afresh.
     *
     * @param previous the set that this source delivered last, or one that it delivered with a {@linkplain
     *     FlagSet#historyMark history mark} to an earlier process
     * @return the whole set as it is now; {@code previous} itself if nothing has changed
     * @throws Exception as {@link #load}
     */
    default FlagSet reload(FlagSet previous) throws Exception {
        return load();
    }

    /**
     * The name under which evaluations, logs and metrics show this source. It is read once, when the source is given to
     * a client.
     *
     * @return a name, or the empty string to be named by position, {@code source-1} being the first
     */
    default String name() {
        return "";
    }

    /**
     * Starts to announce changes. The client calls this on a thread of its own after a load, may be kept waiting, and
     * calls it again after a later load if it throws. Polling goes on beside it.
     *
     * @param changed to be run, on any thread, after each change and after each reconnect; it returns at once and
     *     throws nothing. It has a load start at once or, if the last one failed, half a second after that at most
     * @return what ends the watch; {@link Subscription#none()} where there is no push
     * @throws Exception if the watch cannot be set up
     */
    default Subscription watch(Runnable changed) throws Exception {
        return Subscription.none();
    }

    /** Releases what this source opened. A load after that throws. */
    @Override
    default void close() {}
}
