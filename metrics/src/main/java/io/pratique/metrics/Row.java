package io.pratique.metrics;

import io.micrometer.core.instrument.Tags;

/**
 * What one meter shows at one moment.
 *
 * @param value in the unit of its spec; seconds for times
 * @param count how many went into the value, for timers
 */
record Row(Key key, double value, long count) {

    /** Which meter it is. */
    record Key(MeterSpec spec, Tags tags) {}
}
