package io.pratique.examples.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class TourStepsTest {

    private final AtomicReference<Instant> clock = new AtomicReference<>(Instant.parse("2026-11-01T00:00:00Z"));
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final TourSteps steps =
            new TourSteps(new PrintStream(out, true, StandardCharsets.UTF_8), clock::get, () -> {}, Duration.ZERO, 2);

    @Test
    void aStepThatNeverHappensFailsTheTourButNotTheStepsAfterIt() {
        steps.step("this never happens", () -> {
            clock.updateAndGet(now -> now.plusSeconds(15));
            return false;
        });
        steps.step("this does", () -> true);

        assertThat(steps.allHappened()).isFalse();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("NO, not within", "yes, after", "1 of 2 steps happened");
    }

    @Test
    void allStepsThatHappenMakeASuccess() {
        steps.step("one", () -> true);
        steps.step("two", () -> true);

        assertThat(steps.allHappened()).isTrue();
    }
}
