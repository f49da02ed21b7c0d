package io.pratique.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.pratique.release.checks.Watch;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How long a watch may take as a step. */
@Tag("S-8")
class WatchStepTest {

    private final Watch watch = Watch.release().backlog(() -> 1);

    @Test
    void hasTimeForItsPeriodAndWhatItMayWatchAfterThat() {
        assertThat(watch.step("watch").timeout()).isBetween(Duration.ofMinutes(10), Duration.ofMinutes(15));
        assertThat(watch.overFor(Duration.ofHours(1))
                        .period(Duration.ofHours(2))
                        .step("watch")
                        .timeout())
                .isBetween(Duration.ofHours(3), Duration.ofHours(4));
        assertThat(watch.health(context -> {}, Duration.ofHours(1))
                        .step("watch")
                        .timeout())
                .isGreaterThan(Duration.ofMinutes(70));
    }
}
