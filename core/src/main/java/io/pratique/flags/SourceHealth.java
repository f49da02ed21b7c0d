package io.pratique.flags;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How one source has been doing.
 *
 * @param answered whether a load has succeeded since the client was built
 * @param stale whether the last load failed, or none has ended for too long
 * @param lastSuccess when it last answered, perhaps to an earlier process; null if never
 * @param lastSuccessNanos the same on the timeline; meaningless unless answered
 * @param failures how many loads in a row have failed
 * @param error what the last load failed of; null if it succeeded
 */
record SourceHealth(
        boolean answered,
        boolean stale,
        @Nullable Instant lastSuccess,
        long lastSuccessNanos,
        int failures,
        @Nullable String error,
        long loads,
        long failedLoads) {

    static final SourceHealth UNASKED = new SourceHealth(false, false, null, 0, 0, null, 0, 0);

    static SourceHealth restored(@Nullable Instant lastSuccess) {
        return new SourceHealth(false, true, lastSuccess, 0, 0, null, 0, 0);
    }

    SourceHealth succeeded(Moment now) {
        return new SourceHealth(true, false, now.instant(), now.nanos(), 0, null, loads + 1, failedLoads);
    }

    SourceHealth failed(String why) {
        return new SourceHealth(
                answered, true, lastSuccess, lastSuccessNanos, failures + 1, why, loads + 1, failedLoads + 1);
    }

    SourceHealth silent() {
        return new SourceHealth(answered, true, lastSuccess, lastSuccessNanos, failures, error, loads, failedLoads);
    }
}
