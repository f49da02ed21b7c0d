package io.pratique.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.pratique.flags.Flag;
import io.pratique.flags.FlagClient;
import io.pratique.flags.FlagHandle;
import io.pratique.flags.spi.FlagEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class TestFlagsTest {

    private static final String KEY = "outbox-processing";
    private static final Flag OFF_BY_DEFAULT = Flag.of("new-report").defaultOff();

    private final TestFlags flags = new TestFlags();
    private final FlagClient client = flags.client();

    @AfterEach
    void close() {
        flags.close();
    }

    @Nested
    class Switching {

        @Test
        void hasTakenEffectOnReturn() {
            FlagHandle handle = client.handle(KEY);
            assertThat(client.isEnabled(KEY)).isTrue();

            for (int i = 0; i < 100; i++) {
                flags.off(KEY);
                assertThat(client.isEnabled(KEY)).isFalse();
                assertThat(handle.isEnabled()).isFalse();
                flags.on(KEY);
                assertThat(client.isEnabled(KEY)).isTrue();
                assertThat(handle.isEnabled()).isTrue();
            }
        }

        @Test
        void clearedFlagHasItsDefaultAgain() {
            flags.on(OFF_BY_DEFAULT);
            assertThat(client.isEnabled(OFF_BY_DEFAULT)).isTrue();
            flags.off(KEY);

            flags.clear(OFF_BY_DEFAULT);
            assertThat(client.isEnabled(OFF_BY_DEFAULT)).isFalse();
            assertThat(client.isEnabled(KEY)).isFalse();

            flags.clear(KEY);
            assertThat(client.isEnabled(KEY)).isTrue();
        }

        @Test
        void clearingAllLeavesNothing() {
            flags.off(KEY);
            flags.off(Flag.of("cleanup"));

            flags.clearAll();

            assertThat(client.isEnabled(KEY)).isTrue();
            assertThat(client.isEnabled("cleanup")).isTrue();
        }

        @Test
        void threadsLoseNoSwitchOfEachOther() throws Exception {
            ExecutorService threads = Executors.newFixedThreadPool(8);
            try {
                List<Future<?>> switching = new ArrayList<>();
                for (int thread = 0; thread < 8; thread++) {
                    String key = "flag-" + thread;
                    switching.add(threads.submit(() -> {
                        for (int i = 0; i < 50; i++) {
                            flags.off(key);
                            assertThat(client.isEnabled(key)).isFalse();
                            flags.on(key);
                            assertThat(client.isEnabled(key)).isTrue();
                        }
                    }));
                }
                for (Future<?> done : switching) {
                    done.get();
                }
            } finally {
                threads.shutdownNow();
            }
        }

        @Test
        void refusesWhatIsNoKey() {
            assertThatIllegalArgumentException().isThrownBy(() -> flags.off(" "));
            assertThatIllegalArgumentException().isThrownBy(() -> flags.on("x".repeat(257)));
            assertThatIllegalArgumentException().isThrownBy(() -> flags.clear(""));
        }

        @Test
        void refusesToSwitchOnceClosed() {
            flags.off(KEY);
            flags.close();

            assertThatIllegalStateException().isThrownBy(() -> flags.on(KEY)).withMessageContaining("closed");
            assertThatIllegalStateException().isThrownBy(() -> flags.clear(KEY));
            assertThatIllegalStateException().isThrownBy(flags::clearAll);
            assertThat(client.isEnabled(KEY)).isFalse();
        }

        @Test
        void interruptNeitherStopsASwitchNorIsLost() {
            for (int i = 0; i < 100; i++) {
                Thread.currentThread().interrupt();
                flags.off("flag-" + i);
                assertThat(Thread.interrupted()).isTrue();
                assertThat(client.isEnabled("flag-" + i)).isFalse();
            }
        }

        @Test
        void switchThatCannotTakeEffectIsReported() {
            ScriptedSource hanging = new ScriptedSource();
            FlagClient.Builder builder = FlagClient.builder().source(hanging).loadTimeout(Duration.ofMinutes(1));
            try (TestFlags beside = new TestFlags(builder, Duration.ofMillis(50))) {
                Hold hold = hanging.everyLoad().hangs();

                assertThatIllegalStateException()
                        .isThrownBy(() -> beside.off(KEY))
                        .withMessageContaining("does another source hang?")
                        .withCauseInstanceOf(TimeoutException.class);
                hold.release();
            }
        }
    }

    @Nested
    class WithABuilderOfTheTest {

        @Test
        void findsMisspeltKeysInStrictMode() {
            try (TestFlags strict = TestFlags.with(FlagClient.builder().strict().declare(OFF_BY_DEFAULT))) {
                assertThat(strict.client().isEnabled("new-report")).isFalse();
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> strict.client().isEnabled("new-raport"));
            }
        }

        @Test
        void switchesTakeEffectThoughTheClockStandsStill() {
            ManualClock clock = new ManualClock();
            try (TestFlags still = TestFlags.with(FlagClient.builder().clock(clock))) {
                still.off(KEY);
                assertThat(still.client().isEnabled(KEY)).isFalse();
            }
        }

        @Test
        void timeBoxedKillEndsAsTheClockAdvances() {
            ManualClock clock = new ManualClock();
            ScriptedSource source =
                    new ScriptedSource().put(KEY, FlagEntry.of("off").ending(Duration.ofMinutes(5), "on"));
            try (FlagClient timed =
                    FlagClient.builder().source(source).clock(clock).build()) {
                assertThat(timed.isEnabled(KEY)).isFalse();

                clock.advance(Duration.ofMinutes(5));

                await().until(() -> timed.isEnabled(KEY));
            }
        }
    }
}
