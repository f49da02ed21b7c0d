package io.pratique.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pratique.testkit.ManualClock;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicLong;

/** A registry whose clock a test moves, and what a scrape of it finds. */
final class Scene implements AutoCloseable {

    /** The time for which one reading serves. */
    private static final Duration BETWEEN_SCRAPES = Duration.ofMillis(200);

    final ManualClock clock = new ManualClock();
    private final AtomicLong monotonic = new AtomicLong();
    final SimpleMeterRegistry registry = newRegistry();

    /** One more registry on the same clock. */
    SimpleMeterRegistry newRegistry() {
        return new SimpleMeterRegistry(SimpleConfig.DEFAULT, new Clock() {
            @Override
            public long wallTime() {
                return clock.instant().toEpochMilli();
            }

            @Override
            public long monotonicTime() {
                return monotonic.get();
            }
        });
    }

    /** Lets time pass for the registry only, so that what is read was not read before. */
    void pass(Duration time) {
        monotonic.addAndGet(time.toNanos());
    }

    /** Has every meter asked, as a scrape does, and then once more those that have come by that. */
    void scrape() {
        pass(BETWEEN_SCRAPES);
        registry.getMeters().forEach(Meter::measure);
        registry.getMeters()
                .forEach(meter -> meter.measure()
                        .forEach(measurement -> assertThat(measurement.getValue())
                                .as("%s", meter.getId())
                                .isNotNaN()));
    }

    /** What a meter shows now; it must be there. */
    double value(String name, String... tags) {
        return registry.get(name).tags(tags).meter().measure().iterator().next().getValue();
    }

    /** Scrapes until a meter shows what it should: clients and gates notice a new time within milliseconds. */
    void awaitValue(double expected, String name, String... tags) {
        await().untilAsserted(() -> {
            scrape();
            assertThat(value(name, tags)).isEqualTo(expected);
        });
    }

    boolean has(String name, String... tags) {
        return !find(name, tags).isEmpty();
    }

    Collection<Meter> find(String name, String... tags) {
        return registry.find(name).tags(tags).meters();
    }

    /** The one value of a tag for which a state set shows 1. */
    String state(String name, String tag, String... tags) {
        assertThat(find(name, tags)).as("states of %s", Tags.of(tags)).hasSizeGreaterThan(1);
        return registry.find(name).tags(tags).gauges().stream()
                .filter(gauge -> gauge.value() == 1)
                .map(Gauge::getId)
                .map(id -> id.getTag(tag))
                .reduce((one, other) -> one + " and " + other)
                .orElse("none");
    }

    @Override
    public void close() {
        registry.close();
    }
}
