package io.pratique.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class MonitorTest {

    @Test
    void complainsWhenAStateIsNotReachedInTime() {
        assertThatThrownBy(() -> new Monitor().await(() -> false, Duration.ofMillis(1), () -> "load 3 has not started"))
                .isInstanceOf(AssertionError.class)
                .hasMessage("load 3 has not started (waited PT0.001S)");
    }
}
