package io.pratique.flags;

import io.pratique.time.Timeline;
import java.time.Instant;

/** One reading of both clocks, so that all that is computed from it agrees. */
record Moment(long nanos, Instant instant) {

    static Moment now(Timeline timeline) {
        return new Moment(timeline.nanos(), timeline.instant());
    }
}
