package io.pratique.flags;

import java.time.Instant;

/**
 * A break-glass answer that stands above all sources.
 *
 * @param ends when it ends, on the timeline
 * @param endsAt the same by the wall clock, for the snapshot file
 */
record LocalOverride(boolean enabled, String reason, Instant since, long ends, Instant endsAt) {

    String value() {
        return enabled ? "on" : "off";
    }
}
