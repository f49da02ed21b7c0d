package io.pratique.testkit;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Where the first of several threads waits for the second; whoever comes later goes straight on. */
final class Meeting {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final CountDownLatch two = new CountDownLatch(2);

    /** Joins it. Nobody waits for ever for company that does not come. */
    void join() {
        two.countDown();
        await(two);
    }

    static void await(CountDownLatch event) {
        try {
            boolean unused = event.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
