package io.pratique.env;

import io.pratique.flags.spi.Subscription;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One thread that looks at an origin again and again, and announces a look that no load has answered yet. Why it looks
 * instead of being told: docs/decisions.
 */
final class ChangeWatch implements Subscription {

    private static final Logger LOG = LoggerFactory.getLogger(EnvFlagSource.class);

    private final String source;
    private final Stillness stillness;
    private final Supplier<@Nullable Look> answered;
    private final Runnable changed;
    private final CountDownLatch closed = new CountDownLatch(1);

    private @Nullable Look seen;
    private @Nullable Look announced;
    private @Nullable Look answeredThen;
    private boolean failing;

    /**
     * Starts to look.
     *
     * @param answered the look of which the last load told what is behind it; null before the first
     */
    static ChangeWatch start(String source, Stillness stillness, Supplier<@Nullable Look> answered, Runnable changed) {
        ChangeWatch watch = new ChangeWatch(source, stillness, answered, changed);
        Thread thread = new Thread(watch::run, "pratique-watch-" + source);
        thread.setDaemon(true);
        thread.start();
        return watch;
    }

    private ChangeWatch(String source, Stillness stillness, Supplier<@Nullable Look> answered, Runnable changed) {
        this.source = source;
        this.stillness = stillness;
        this.answered = answered;
        this.changed = changed;
    }

    private void run() {
        while (closed.getCount() > 0) {
            try {
                step();
                failing = false;
            } catch (InterruptedException e) {
                // Only close() ends this thread; whoever interrupted it has no say in that.
            } catch (Throwable thrown) {
                report(thrown);
            }
        }
    }

    private void step() throws InterruptedException {
        Look now = stillness.lookAgain(seen, closed);
        if (now == null) {
            return;
        }
        seen = now;
        Look known = answered.get();
        if (stillness.covers(now) && !now.equals(known) && !isAnnounced(now, known)) {
            announced = now;
            answeredThen = known;
            changed.run();
        }
    }

    /** A look that comes back after a load has seen another one is news again. */
    @SuppressWarnings("ReferenceEquality")
    private boolean isAnnounced(Look now, @Nullable Look known) {
        return now.equals(announced) && known == answeredThen;
    }

    private void report(Throwable thrown) {
        try {
            LOG.atLevel(failing ? Level.DEBUG : Level.WARN)
                    .addKeyValue("source", source)
                    .setCause(thrown)
                    .log("Watching flag source {} failed and goes on", source);
        } catch (Throwable loggingFailed) {
            // There is nowhere left to say so, and the next look may succeed.
        }
        failing = true;
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
