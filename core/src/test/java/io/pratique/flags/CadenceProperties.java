package io.pratique.flags;

import static org.assertj.core.api.Assertions.assertThat;

import io.pratique.time.Timeline;
import java.time.Duration;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** The rulings on time: what a poll, a retry and a silence may last. */
@Tag("F-4")
@Tag("F-8")
class CadenceProperties {

    private static final long LONGEST = 36_500L * 24 * 3_600 * 1_000_000_000;

    @Property
    void pollsStartAtSixToEightTenthsOfTheTtl(
            @ForAll @LongRange(min = 1_000, max = LONGEST) long ttl,
            @ForAll @DoubleRange(min = 0, max = 1, maxIncluded = false) double random) {
        assertThat((double) new Cadence(ttl).poll(random)).isBetween(0.6 * ttl - 1, 0.8 * ttl + 1);
    }

    @Property
    void retriesAreNeverFurtherApartThanOneTtl(
            @ForAll @LongRange(min = 1, max = LONGEST) long ttl,
            @ForAll @IntRange(min = 1) int failures,
            @ForAll @DoubleRange(min = 0, max = 1, maxIncluded = false) double random) {
        assertThat(new Cadence(ttl).retry(failures, random)).isBetween(0L, ttl);
    }

    @Property
    void retriesBackOff(
            @ForAll @LongRange(min = 1_000, max = LONGEST) long ttl,
            @ForAll @IntRange(min = 1, max = 1_000) int failures,
            @ForAll @DoubleRange(min = 0, max = 1, maxIncluded = false) double random) {
        Cadence cadence = new Cadence(ttl);

        assertThat(cadence.retry(failures + 1, random)).isGreaterThanOrEqualTo(cadence.retry(failures, random));
    }

    @Example
    void theFirstRetryComesSoonAndTheTenthAfterAboutOneTtl() {
        Cadence cadence = new Cadence(Duration.ofSeconds(32).toNanos());

        assertThat(Duration.ofNanos(cadence.retry(1, 0.99))).isBetween(Duration.ofMillis(490), Duration.ofMillis(500));
        assertThat(Duration.ofNanos(cadence.retry(10, 0.99))).isBetween(Duration.ofSeconds(31), Duration.ofSeconds(32));
    }

    @Example
    void theFirstRetryIsAsSoonWithALongTtlAndSoonerWithAShortOne() {
        assertThat(Duration.ofNanos(new Cadence(Duration.ofHours(1).toNanos()).retry(1, 0.99)))
                .isBetween(Duration.ofMillis(490), Duration.ofMillis(500));
        assertThat(Duration.ofNanos(new Cadence(Duration.ofMillis(1_600).toNanos()).retry(1, 0.99)))
                .isBetween(Duration.ofMillis(98), Duration.ofMillis(100));
    }

    @Example
    void everyBackoffReachesItsTtl() {
        assertThat(new Cadence(LONGEST).retry(64, 0.99)).isGreaterThan((long) (0.99 * LONGEST));
    }

    @Example
    void chanceSpreadsBoth() {
        Cadence cadence = new Cadence(Duration.ofSeconds(30).toNanos());

        assertThat(cadence.poll(0.9)).isGreaterThan(cadence.poll(0.1));
        assertThat(cadence.retry(3, 0.9)).isGreaterThan(cadence.retry(3, 0.1));
    }

    @Example
    void silenceIsTwiceTheTtlAlsoOfACentury() {
        assertThat(new Cadence(Duration.ofSeconds(30).toNanos()).silence())
                .isEqualTo(Duration.ofSeconds(60).toNanos());
        assertThat(new Cadence(Timeline.nanos(Duration.ofSeconds(Long.MAX_VALUE))).silence())
                .isPositive();
    }
}
