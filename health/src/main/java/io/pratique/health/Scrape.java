package io.pratique.health;

import io.pratique.flags.spi.FlagText;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks foreign code for metrics, whatever it does. */
final class Scrape {

    private static final Logger LOG = LoggerFactory.getLogger(HealthEndpoints.class);

    /** A supplier that hangs takes no more threads than these from the health answers. */
    private static final int AT_ONCE = 2;

    private static final HealthResponse BUSY =
            HealthResponse.text(503, "others wait for the metrics").header("Retry-After", "5");
    private static final HealthResponse FAILED =
            HealthResponse.text(500, "the metrics cannot be told; the log of the process says why");

    private final Supplier<String> metrics;
    private final Semaphore turns = new Semaphore(AT_ONCE);
    private final AtomicBoolean failing = new AtomicBoolean();

    Scrape(Supplier<String> metrics) {
        this.metrics = metrics;
    }

    HealthResponse answer() {
        if (!turns.tryAcquire()) {
            return BUSY;
        }
        try {
            HealthResponse told =
                    HealthResponse.metrics(Objects.requireNonNull(metrics.get(), "the supplier returned null"));
            if (failing.compareAndSet(true, false)) {
                LOG.info("Metrics can be told again");
            }
            return told;
        } catch (Throwable thrown) {
            if (failing.compareAndSet(false, true)) {
                LOG.atWarn()
                        .addKeyValue("error", FlagText.printable(thrown))
                        .setCause(thrown)
                        .log("Metrics cannot be told");
            } else {
                LOG.debug("Metrics still cannot be told", thrown);
            }
            return FAILED;
        } finally {
            turns.release();
        }
    }
}
