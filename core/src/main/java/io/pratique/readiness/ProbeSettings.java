package io.pratique.readiness;

import io.pratique.time.Timeline;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a probe is run and how its results count. Immutable; each setter gives a new value.
 *
 * <pre>{@code
 * ProbeSettings.defaults().interval(Duration.ofMinutes(5)).failureThreshold(2)
 * }</pre>
 */
public final class ProbeSettings {

    private static final ProbeSettings DEFAULTS =
            new ProbeSettings(Duration.ofSeconds(10), Duration.ofSeconds(2), 3, 2, null);

    private final Duration interval;
    private final Duration timeout;
    private final int failureThreshold;
    private final int successThreshold;
    private final @Nullable Boolean critical;

    private ProbeSettings(
            Duration interval,
            Duration timeout,
            int failureThreshold,
            int successThreshold,
            @Nullable Boolean critical) {
        this.interval = interval;
        this.timeout = timeout;
        this.failureThreshold = failureThreshold;
        this.successThreshold = successThreshold;
        this.critical = critical;
    }

    /**
     * A check every 10 seconds, given up after 2; down after 3 failures in a row, up after 2 successes.
     *
     * @return always the same instance
     */
    public static ProbeSettings defaults() {
        return DEFAULTS;
    }

    /**
     * The time between two checks, spread by up to a fifth either way.
     *
     * @param interval positive
     * @return new settings
     * @throws IllegalArgumentException if it is zero or negative
     */
    public ProbeSettings interval(Duration interval) {
        return new ProbeSettings(
                Timeline.requirePositive("probe interval", interval),
                timeout,
                failureThreshold,
                successThreshold,
                critical);
    }

    /**
     * The time after which a check is given up.
     *
     * @param timeout positive
     * @return new settings
     * @throws IllegalArgumentException if it is zero or negative
     */
    public ProbeSettings timeout(Duration timeout) {
        return new ProbeSettings(
                interval,
                Timeline.requirePositive("probe timeout", timeout),
                failureThreshold,
                successThreshold,
                critical);
    }

    /**
     * How many failures in a row make a working dependency count as down.
     *
     * @param failureThreshold at least 1
     * @return new settings
     * @throws IllegalArgumentException if it is less
     */
    public ProbeSettings failureThreshold(int failureThreshold) {
        return new ProbeSettings(
                interval, timeout, atLeastOne("failureThreshold", failureThreshold), successThreshold, critical);
    }

    /**
     * How many successes in a row make one that is down count as working again.
     *
     * @param successThreshold at least 1
     * @return new settings
     * @throws IllegalArgumentException if it is less
     */
    public ProbeSettings successThreshold(int successThreshold) {
        return new ProbeSettings(
                interval, timeout, failureThreshold, atLeastOne("successThreshold", successThreshold), critical);
    }

    /**
     * Whether the whole process is not ready while this dependency is down. Unless set, it is critical if every job
     * needs it.
     *
     * @param critical true if it is
     * @return new settings
     */
    public ProbeSettings critical(boolean critical) {
        return new ProbeSettings(interval, timeout, failureThreshold, successThreshold, critical);
    }

    private static int atLeastOne(String subject, int count) {
        if (count < 1) {
            throw new IllegalArgumentException(
                    subject + " must be at least 1, but is \"" + count + "\"; give the number of results in a row");
        }
        return count;
    }

    /**
     * The time between two checks.
     *
     * @return 10 seconds unless set
     */
    public Duration interval() {
        return interval;
    }

    /**
     * The time after which a check is given up.
     *
     * @return 2 seconds unless set
     */
    public Duration timeout() {
        return timeout;
    }

    /**
     * The failures in a row that count.
     *
     * @return 3 unless set
     */
    public int failureThreshold() {
        return failureThreshold;
    }

    /**
     * The successes in a row that count.
     *
     * @return 2 unless set
     */
    public int successThreshold() {
        return successThreshold;
    }

    /** Whether it is critical, given whether every job needs it. */
    boolean isCritical(boolean always) {
        return critical == null ? always : critical;
    }

    @Override
    public String toString() {
        return "ProbeSettings[interval " + interval + ", timeout " + timeout + ", " + failureThreshold + " failures, "
                + successThreshold + " successes]";
    }
}
