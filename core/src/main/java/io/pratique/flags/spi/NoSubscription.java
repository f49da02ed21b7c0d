package io.pratique.flags.spi;

/** The subscription to nothing, as one instance that can be recognised. */
enum NoSubscription implements Subscription {
    INSTANCE;

    @Override
    public void close() {
        // Nothing was subscribed.
    }
}
