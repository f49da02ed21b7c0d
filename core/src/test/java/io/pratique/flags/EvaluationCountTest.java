package io.pratique.flags;

import static org.assertj.core.api.Assertions.assertThat;

import io.pratique.flags.spi.FlagSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("M-1")
class EvaluationCountTest {

    private final FlagClient counting = build(FlagClient.builder().countEvaluations());
    private final FlagClient plain = build(FlagClient.builder());

    private static FlagClient build(FlagClient.Builder builder) {
        return builder.source(() -> FlagSet.of(Map.of("cleanup", "off", "mail", "on")))
                .declare(Flag.of("voice").defaultOff())
                .build();
    }

    @AfterEach
    void close() {
        counting.close();
        plain.close();
    }

    private EvaluationCount counted(String key) {
        return counting.evaluationCounts().stream()
                .filter(count -> count.key().equals(key))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyWayOfAskingCounts() {
        assertThat(counting.isEnabled("cleanup")).isFalse();
        assertThat(counting.isEnabled("cleanup", true)).isFalse();
        assertThat(counting.isEnabled(Flag.of("cleanup"))).isFalse();
        assertThat(counting.handle("cleanup").isEnabled()).isFalse();
        assertThat(counting.evaluate("cleanup").enabled()).isFalse();

        assertThat(counted("cleanup")).isEqualTo(new EvaluationCount("cleanup", 0, 5));
    }

    @Test
    void whatWasAnsweredIsCounted() {
        assertThat(counting.isEnabled("unknown-key", false)).isFalse();
        assertThat(counting.isEnabled("unknown-key")).isTrue();
        assertThat(counting.isEnabled("unknown-key")).isTrue();

        assertThat(counting.evaluationCounts()).containsExactly(new EvaluationCount("unknown-key", 2, 1));
    }

    @Test
    void keysBeyondTheFirstThousandAreCountedTogether() {
        for (int i = 0; i < 1_200; i++) {
            assertThat(counting.isEnabled("key-" + i)).isTrue();
        }
        assertThat(counting.isEnabled((String) null)).isTrue();

        assertThat(counting.evaluationCounts()).hasSize(1_001);
        assertThat(counted(EvaluationCount.OTHERS)).isEqualTo(new EvaluationCount(EvaluationCount.OTHERS, 201, 0));
    }

    @Test
    void noneIsLostAmongThreads() throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Thread thread = new Thread(() -> {
                try {
                    start.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                for (int asked = 0; asked < 10_000; asked++) {
                    boolean unused = counting.isEnabled("mail");
                }
            });
            thread.start();
            threads.add(thread);
        }
        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(counted("mail")).isEqualTo(new EvaluationCount("mail", 80_000, 0));
    }

    @Test
    void nothingIsCountedUnlessAskedFor() {
        assertThat(plain.isEnabled("mail")).isTrue();
        assertThat(plain.handle("mail")).isExactlyInstanceOf(FlagHandle.class);
        assertThat(plain.evaluationCounts()).isEmpty();
    }

    @Test
    void allKnownFlagsAreAnswered() {
        try (var override = plain.override("break-glass", false, Duration.ofHours(1), "INC-4711")) {
            assertThat(override).isNotNull();
            assertThat(plain.flags())
                    .extracting(FlagEvaluation::key)
                    .containsExactly("break-glass", "cleanup", "mail", "voice");
            assertThat(plain.flags()).extracting(FlagEvaluation::enabled).containsExactly(false, false, true, false);
        }
    }
}
