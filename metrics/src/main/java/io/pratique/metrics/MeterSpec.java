package io.pratique.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one name: what they show and count in, and how a registry is told of one.
 *
 * @param unit the base unit; null for a state, which is 1 or 0, and for times, whose unit is the registry's
 */
record MeterSpec(String name, Type type, @Nullable String unit, String description) {

    enum Type {
        GAUGE,
        TIME_GAUGE,
        COUNTER,
        TIMER
    }

    static MeterSpec state(String name, String description) {
        return new MeterSpec(name, Type.GAUGE, null, description);
    }

    static MeterSpec number(String name, String unit, String description) {
        return new MeterSpec(name, Type.GAUGE, unit, description);
    }

    static MeterSpec time(String name, String description) {
        return new MeterSpec(name, Type.TIME_GAUGE, null, description);
    }

    static MeterSpec counter(String name, String unit, String description) {
        return new MeterSpec(name, Type.COUNTER, unit, description);
    }

    static MeterSpec timer(String name, String description) {
        return new MeterSpec(name, Type.TIMER, null, description);
    }

    Row row(Tags tags, long number) {
        return new Row(new Row.Key(this, tags), (double) number, 0);
    }

    Row row(Tags tags, boolean state) {
        return row(tags, state ? 1 : 0);
    }

    Row row(Tags tags, Duration time) {
        return row(tags, 0, time);
    }

    Row row(Tags tags, long count, Duration total) {
        return new Row(new Row.Key(this, tags), seconds(total), count);
    }

    private static double seconds(Duration time) {
        return time.toNanos() / 1e9;
    }

    /**
     * Makes the meter of a cell. Registries hold the objects that they are given weakly, but functions strongly; so each
     * function holds the cell itself, and what is shown lives as long as its meter.
     */
    Meter register(MeterRegistry registry, Tags tags, Cell cell) {
        return switch (type) {
            case GAUGE ->
                Gauge.builder(name, cell::value)
                        .tags(tags)
                        .description(description)
                        .baseUnit(unit)
                        .strongReference(true)
                        .register(registry);
            case TIME_GAUGE ->
                TimeGauge.builder(name, cell::value, TimeUnit.SECONDS)
                        .tags(tags)
                        .description(description)
                        .strongReference(true)
                        .register(registry);
            case COUNTER ->
                FunctionCounter.builder(name, cell, same -> cell.value())
                        .tags(tags)
                        .description(description)
                        .baseUnit(unit)
                        .register(registry);
            case TIMER ->
                FunctionTimer.builder(name, cell, same -> cell.count(), same -> cell.value(), TimeUnit.SECONDS)
                        .tags(tags)
                        .description(description)
                        .register(registry);
        };
    }
}
