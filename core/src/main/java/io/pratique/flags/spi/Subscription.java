package io.pratique.flags.spi;

/**
 * Something that goes on until it is closed: a listener, a watch on a backend, an override.
 *
 * <p>Closing is idempotent, throws nothing, and may be done on any thread.
 */
@FunctionalInterface
public interface Subscription extends AutoCloseable {

    /** Ends it. A second call changes nothing. */
    @Override
    void close();

    /**
     * The subscription to nothing. A source without push returns it from {@link FlagSource#watch}, which tells the
     * client to rely on polling alone.
     *
     * @return always the same instance
     */
    static Subscription none() {
        return NoSubscription.INSTANCE;
    }
}
