package io.pratique.probes;

import io.pratique.readiness.ProbeSettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How long the client of a probe may take. */
final class Timeouts {

    /** A little less than the gate's own patience, so that the probe can say what it waited for. */
    static final Duration DEFAULT = Duration.ofMillis(1500);

    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final Duration HEAD_START = Duration.ofMillis(500);

    private Timeouts() {}

    /**
     * Refuses what is no time to wait.
     *
     * @param probe its class
     */
    static Duration require(String probe, @Nullable Duration timeout) {
        if (timeout == null || timeout.compareTo(SHORTEST) < 0 || timeout.compareTo(LONGEST) > 0) {
            throw Arguments.refused(
                    "The timeout of a " + probe,
                    "must be between a millisecond and an hour",
                    timeout,
                    "leave it out for " + DEFAULT);
        }
        return timeout;
    }

    /** Settings with which the probe's own bound strikes before the gate's. */
    static ProbeSettings settings(Duration timeout) {
        return ProbeSettings.defaults().timeout(timeout.plus(HEAD_START));
    }

    /** For those who count in seconds, rounded up: to most of them 0 is for ever. */
    static int wholeSeconds(Duration timeout) {
        return Math.toIntExact(timeout.plusMillis(999).toSeconds());
    }

    /** A time as a detail shows it. */
    static String shown(Duration timeout) {
        return timeout.toMillis() + " ms";
    }
}
