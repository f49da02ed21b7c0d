package io.pratique.testkit;

import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagSource;
import io.pratique.flags.spi.Subscription;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads a source as a client with push alone would: one load after each announcement, and none without. */
final class Follower {

    private final FlagSource source;
    private final Duration patience;
    private final Monitor monitor = new Monitor();
    private final Thread thread = new Thread(this::loadWhenTold, "contract-follower");
    private Subscription subscription = Subscription.none();
    private int announced;
    private int answered;
    private @Nullable FlagSet seen;
    private @Nullable Throwable failure;
    private boolean closed;

    private Follower(FlagSource source, Duration patience) {
        this.source = source;
        this.patience = patience;
    }

    /** Starts to follow; changes from now on have to be announced. */
    static Follower of(FlagSource source, Duration patience) throws Exception {
        Follower follower = new Follower(source, patience);
        follower.thread.setDaemon(true);
        follower.subscription = source.watch(() -> follower.monitor.change(() -> follower.announced++));
        follower.thread.start();
        return follower;
    }

    /** Waits until a load that an announcement has brought about delivers just these flags. */
    void awaitSees(Map<String, String> expected, String what) throws InterruptedException {
        monitor.await(
                () -> difference(expected).isEmpty(),
                patience,
                () -> what + " was not seen by a load after an announcement; announced " + announced + " times, "
                        + (failure == null ? difference(expected) : "the last load threw " + failure));
    }

    private String difference(Map<String, String> expected) {
        return seen == null ? "nothing loaded" : SetDifference.between(expected, seen);
    }

    private void loadWhenTold() {
        try {
            while (monitor.read(() -> !closed)) {
                monitor.await(() -> closed || announced > answered);
                monitor.change(() -> answered = announced);
                loadOnce();
            }
        } catch (InterruptedException e) {
            // The test is over.
        }
    }

    private void loadOnce() throws InterruptedException {
        try {
            FlagSet loaded = Objects.requireNonNull(source.load(), "load() returned null");
            monitor.change(() -> {
                seen = loaded;
                failure = null;
            });
        } catch (InterruptedException e) {
            throw e;
        } catch (Throwable thrown) {
            // A load may fail while a backend comes back; the next announcement brings the next one.
            monitor.change(() -> failure = thrown);
        }
    }

    /** Follows no further. */
    void end() throws InterruptedException {
        subscription.close();
        monitor.change(() -> closed = true);
        thread.join(patience.toMillis());
        thread.interrupt(); // a load that hangs should not outlive the test, if it can be helped
    }
}
