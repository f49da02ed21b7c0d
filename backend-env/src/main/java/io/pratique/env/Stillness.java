package io.pratique.env;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells a file that is being written from one that has been. What an origin looks like counts once two looks, a period
 * apart, were the same; so it is measured by waiting, and neither the machine's clock nor a file server's is believed.
 *
 * <p>Loads and watches share it: what one of them has seen to be still, the other need not wait for.
 */
final class Stillness {

    /** How long size and times must have been the same, in milliseconds; also how often a watch looks. */
    static final long PERIOD = 200;

    /** Waits for a period, or for an end that comes before. */
    @FunctionalInterface
    interface Pause {

        /** As long as people wait. */
        Pause PERIODICAL = end -> end.await(PERIOD, TimeUnit.MILLISECONDS);

        /** Gives whether the end has come. */
        boolean isEnded(CountDownLatch end) throws InterruptedException;
    }

    private final Origin origin;
    private final Pause pause;
    private volatile @Nullable Look still;

    Stillness(Origin origin, Pause pause) {
        this.origin = origin;
        this.pause = pause;
    }

    /** Whether something may be believed to be whole that had this look a moment ago. */
    boolean covers(Look look) {
        return !origin.isWrittenInSteps() || look.equals(still);
    }

    /**
     * Looks again after a period.
     *
     * @param before the last look; null if there is none
     * @param end ends the wait early
     * @return how it looks now; null if the end has come
     */
    @Nullable Look lookAgain(@Nullable Look before, CountDownLatch end) throws InterruptedException {
        if (pause.isEnded(end)) {
            return null;
        }
        Look now = origin.look();
        if (now.equals(before)) {
            still = now;
        }
        return now;
    }
}
