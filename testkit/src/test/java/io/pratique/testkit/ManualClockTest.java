package io.pratique.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ManualClockTest {

    private final ManualClock clock = new ManualClock();

    @Test
    void standsStillUntilItIsMoved() {
        assertThat(clock.instant()).isEqualTo(ManualClock.START).isEqualTo(clock.instant());
    }

    @Test
    void startsWhereItIsTold() {
        Instant start = Instant.parse("1999-12-31T23:59:59.999999999Z");

        assertThat(new ManualClock(start).instant()).isEqualTo(start);
    }

    @Test
    void advancesByWhatItIsTold() {
        Instant now = clock.advance(Duration.ofMillis(1500));

        assertThat(now).isEqualTo(Instant.parse("2030-01-01T00:00:01.500Z")).isEqualTo(clock.instant());
    }

    @Test
    void canBeSetBack() {
        Instant earlier = ManualClock.START.minusSeconds(3600);

        clock.set(earlier);

        assertThat(clock.instant()).isEqualTo(earlier);
    }

    @Test
    void doesNotAdvanceBackwards() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> clock.advance(Duration.ofSeconds(-1)))
                .withMessageContaining("\"PT-1S\"")
                .withMessageContaining("set(..)");
        assertThat(clock.instant()).isEqualTo(ManualClock.START);
    }

    @Test
    void losesNoStepOfManyThreads() {
        List<Instant> steps = IntStream.range(0, 10_000)
                .parallel()
                .mapToObj(step -> clock.advance(Duration.ofSeconds(1)))
                .toList();

        assertThat(steps).doesNotHaveDuplicates();
        assertThat(clock.instant()).isEqualTo(ManualClock.START.plusSeconds(10_000));
    }
}
