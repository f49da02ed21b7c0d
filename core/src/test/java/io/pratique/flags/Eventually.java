package io.pratique.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ThrowingRunnable;

/** Waiting for what other threads do: as short as it takes, and with patience for a machine that is busy. */
final class Eventually {

    static final Duration PATIENCE = Duration.ofSeconds(30);

    private Eventually() {}

    static void eventually(ThrowingRunnable assertion) {
        patiently().untilAsserted(assertion);
    }

    static void eventuallyTrue(Callable<Boolean> condition) {
        patiently().until(condition);
    }

    private static ConditionFactory patiently() {
        return await().atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(2));
    }

    /** Has everything loaded once more, and waits for it. */
    static void refreshed(FlagClient client) {
        assertThat(client.refresh()).succeedsWithin(PATIENCE);
    }
}
