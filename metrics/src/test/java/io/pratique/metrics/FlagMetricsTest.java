package io.pratique.metrics;

import static io.pratique.metrics.FlagMetrics.FLAG;
import static io.pratique.metrics.FlagMetrics.FLAG_ENABLED;
import static io.pratique.metrics.FlagMetrics.FLAG_EVALUATIONS;
import static io.pratique.metrics.FlagMetrics.FLAG_OFF;
import static io.pratique.metrics.FlagMetrics.FLAG_OVERRIDDEN;
import static io.pratique.metrics.FlagMetrics.KILLED_FLAGS;
import static io.pratique.metrics.FlagMetrics.SOURCE;
import static io.pratique.metrics.FlagMetrics.SOURCE_AGE;
import static io.pratique.metrics.FlagMetrics.SOURCE_FLAGS;
import static io.pratique.metrics.FlagMetrics.SOURCE_INVALID_VALUES;
import static io.pratique.metrics.FlagMetrics.SOURCE_LOADING;
import static io.pratique.metrics.FlagMetrics.SOURCE_LOADS;
import static io.pratique.metrics.FlagMetrics.SOURCE_STATE;
import static io.pratique.metrics.FlagMetrics.UNKNOWN_CHECKS;
import static io.pratique.metrics.FlagMetrics.UNKNOWN_KEYS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pratique.flags.Flag;
import io.pratique.flags.FlagClient;
import io.pratique.flags.spi.FlagEntry;
import io.pratique.flags.spi.Subscription;
import io.pratique.testkit.Hold;
import io.pratique.testkit.ScriptedSource;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("M-1")
class FlagMetricsTest {

    private final Scene scene = new Scene();
    private final ScriptedSource source = new ScriptedSource("shared");
    private FlagClient client;
    private FlagMetrics metrics;

    private void start(FlagClient.Builder builder) {
        // No load comes by itself: the clock moves by seconds only.
        client = builder.source(source)
                .clock(scene.clock)
                .ttl(Duration.ofDays(1))
                .build();
        metrics = new FlagMetrics(client);
        metrics.bindTo(scene.registry);
    }

    private void start() {
        start(FlagClient.builder());
    }

    /** Has the source loaded, and the next scrape done. */
    private void refresh() {
        client.refresh().toCompletableFuture().join();
        scene.scrape();
    }

    @AfterEach
    void close() {
        if (client != null) {
            metrics.close();
            client.close();
        }
        scene.close();
    }

    @Nested
    class Flags {

        @Test
        void showWhetherTheyAreOn() {
            source.put("cleanup", "on").put("voice-retry", "off");
            start();

            assertThat(scene.value(FLAG_ENABLED, FLAG, "cleanup")).isEqualTo(1);
            assertThat(scene.value(FLAG_ENABLED, FLAG, "voice-retry")).isZero();

            source.put("cleanup", "off").put("voice-retry", "on");
            refresh();

            assertThat(scene.value(FLAG_ENABLED, FLAG, "cleanup")).isZero();
            assertThat(scene.value(FLAG_ENABLED, FLAG, "voice-retry")).isEqualTo(1);
        }

        @Test
        void showHowLongTheyHaveBeenOff() {
            FlagEntry killed =
                    FlagEntry.of("off").changedAt(scene.clock.instant().minusSeconds(3_600));
            source.put("cleanup", killed);
            start();

            assertThat(scene.value(FLAG_OFF, FLAG, "cleanup")).isEqualTo(3_600);
            scene.clock.advance(Duration.ofSeconds(1));
            scene.scrape();
            assertThat(scene.value(FLAG_OFF, FLAG, "cleanup")).isEqualTo(3_601);
            assertThat(scene.value(KILLED_FLAGS)).isEqualTo(1);

            source.put("cleanup", "on");
            refresh();

            assertThat(scene.has(FLAG_OFF)).as("age of a kill that is over").isFalse();
            assertThat(scene.value(KILLED_FLAGS)).isZero();
        }

        @Test
        void thatAreOffByDefaultAreNotKilled() {
            start(FlagClient.builder().declare(Flag.of("cleanup").defaultOff()));

            assertThat(scene.value(FLAG_ENABLED, FLAG, "cleanup")).isZero();
            assertThat(scene.value(KILLED_FLAGS)).isZero();
            assertThat(scene.has(FLAG_OFF)).isFalse();
        }

        @Test
        void thatAreOffByDefaultBecauseTheirValueCannotBeReadAreNotKilled() {
            source.put("cleanup", "offf");
            start(FlagClient.builder().declare(Flag.of("cleanup").defaultOff()));

            assertThat(scene.value(KILLED_FLAGS)).isZero();
            assertThat(scene.value(SOURCE_INVALID_VALUES, SOURCE, "shared")).isEqualTo(1);
        }

        @Test
        void showAnOverrideWhileItIsInForce() {
            source.put("cleanup", "on");
            start();
            assertThat(scene.has(FLAG_OVERRIDDEN)).isFalse();

            try (Subscription override = client.override("cleanup", false, Duration.ofHours(1), "INC-1")) {
                scene.clock.advance(Duration.ofSeconds(1));
                scene.scrape();
                assertThat(scene.value(FLAG_OVERRIDDEN, FLAG, "cleanup")).isEqualTo(1);
                assertThat(scene.value(FLAG_OFF, FLAG, "cleanup")).isEqualTo(1);
                assertThat(scene.value(KILLED_FLAGS)).isEqualTo(1);
                assertThat(override).isNotNull();
            }
            scene.scrape();
            assertThat(scene.has(FLAG_OVERRIDDEN)).isFalse();
            assertThat(scene.value(KILLED_FLAGS)).isZero();
        }

        @Test
        void comeAndGoWhileTheProcessRuns() {
            source.put("cleanup", "on");
            start();

            source.remove("cleanup").put("voice-retry", "on");
            refresh();

            assertThat(scene.has(FLAG_ENABLED, FLAG, "voice-retry"))
                    .as("the new flag")
                    .isTrue();
            assertThat(scene.has(FLAG_ENABLED, FLAG, "cleanup"))
                    .as("the one that is gone")
                    .isFalse();
        }

        @Test
        void beyondAThousandShareOneTag() {
            for (int i = 0; i < 1_000; i++) {
                source.put("flag-" + i, "on");
            }
            start();
            assertThat(scene.find(FLAG_ENABLED)).hasSize(1_000);

            FlagEntry killed =
                    FlagEntry.of("off").changedAt(scene.clock.instant().minusSeconds(60));
            source.put("a-new-one", "on").put("a-dead-one", killed);
            refresh();

            assertThat(scene.find(FLAG_ENABLED)).hasSize(1_001);
            assertThat(scene.has(FLAG_ENABLED, FLAG, "flag-999"))
                    .as("an old one")
                    .isTrue();
            assertThat(scene.value(FLAG_ENABLED, FLAG, "(others)")).isZero();
            assertThat(scene.value(FLAG_OFF, FLAG, "(others)")).isEqualTo(60);
            assertThat(scene.value(KILLED_FLAGS)).isEqualTo(1);

            source.remove("flag-0").remove("a-dead-one");
            refresh();

            assertThat(scene.has(FLAG_ENABLED, FLAG, "a-new-one"))
                    .as("room was made")
                    .isTrue();
            assertThat(scene.has(FLAG_ENABLED, FLAG, "(others)")).isFalse();
        }
    }

    @Nested
    class Sources {

        @Test
        void showTheirStateAndTheAgeOfTheirAnswer() throws InterruptedException {
            source.put("cleanup", "on");
            start();
            source.awaitWatched();
            refresh();
            scene.clock.advance(Duration.ofSeconds(1));

            scene.awaitValue(1, SOURCE_AGE, SOURCE, "shared");
            assertThat(scene.state(SOURCE_STATE, FlagMetrics.STATE, SOURCE, "shared"))
                    .isEqualTo("ready");
            assertThat(scene.value(SOURCE_FLAGS, SOURCE, "shared")).isEqualTo(1);

            source.everyLoad().fails(new IOException("connection reset"));
            refresh();
            scene.clock.advance(Duration.ofSeconds(1));

            scene.awaitValue(2, SOURCE_AGE, SOURCE, "shared");
            assertThat(scene.state(SOURCE_STATE, FlagMetrics.STATE, SOURCE, "shared"))
                    .isEqualTo("stale");
        }

        @Test
        void haveNoAgeBeforeTheyHaveAnswered() {
            source.everyLoad().fails(new IOException("connection refused"));
            start();

            assertThat(scene.state(SOURCE_STATE, FlagMetrics.STATE, SOURCE, "shared"))
                    .isEqualTo("not_ready");
            assertThat(scene.has(SOURCE_AGE)).isFalse();
        }

        @Test
        void countTheirLoads() throws InterruptedException {
            start();
            // The watch that is set up has the source loaded once more.
            source.awaitWatched();
            refresh();
            double before = scene.value(SOURCE_LOADS, SOURCE, "shared", "outcome", "success");
            assertThat(scene.value(SOURCE_LOADS, SOURCE, "shared", "outcome", "failure"))
                    .isZero();

            source.nextLoad().fails(new IOException("connection reset"));
            refresh();
            assertThat(scene.value(SOURCE_LOADS, SOURCE, "shared", "outcome", "failure"))
                    .isEqualTo(1);
            assertThat(scene.value(SOURCE_LOADS, SOURCE, "shared", "outcome", "success"))
                    .isEqualTo(before);

            refresh();
            assertThat(scene.value(SOURCE_LOADS, SOURCE, "shared", "outcome", "success"))
                    .isEqualTo(before + 1);
        }

        @Test
        void showHowLongALoadHasBeenUnderWay() throws InterruptedException {
            start();
            assertThat(scene.value(SOURCE_LOADING, SOURCE, "shared")).isZero();

            Hold hang = source.nextLoad().hangs();
            var unused = client.refresh();
            hang.awaitReached();
            scene.clock.advance(Duration.ofSeconds(1));

            scene.awaitValue(1, SOURCE_LOADING, SOURCE, "shared");
            hang.release();
        }
    }

    @Nested
    class Questions {

        @Test
        void areCountedByAClientThatCounts() {
            source.put("cleanup", "off");
            start(FlagClient.builder().countEvaluations());

            boolean cleanup = client.isEnabled("cleanup");
            boolean again = client.evaluate("cleanup").enabled();
            scene.scrape();
            scene.scrape();

            assertThat(cleanup || again).isFalse();
            assertThat(scene.value(FLAG_EVALUATIONS, FLAG, "cleanup", "answer", "off"))
                    .isEqualTo(2);
            assertThat(scene.value(FLAG_EVALUATIONS, FLAG, "cleanup", "answer", "on"))
                    .isZero();
        }

        @Test
        void areNotCountedByAnyOther() {
            source.put("cleanup", "off");
            start();

            assertThat(client.isEnabled("cleanup")).isFalse();
            scene.scrape();

            assertThat(scene.has(FLAG_EVALUATIONS)).isFalse();
        }

        @Test
        void forUnknownKeysShow() {
            start();

            for (int i = 0; i < 1_003; i++) {
                assertThat(client.isEnabled("unknown-" + i)).isTrue();
            }

            await().untilAsserted(() -> {
                scene.scrape();
                assertThat(scene.value(UNKNOWN_KEYS)).isEqualTo(1_000);
                assertThat(scene.value(UNKNOWN_CHECKS)).isEqualTo(3);
            });
        }
    }

    @Nested
    class AClientThatIsClosed {

        @Test
        void showsItsLastAnswers() {
            source.put("cleanup", "off");
            start();
            client.close();
            scene.clock.advance(Duration.ofSeconds(1));

            scene.scrape();

            assertThat(scene.value(FLAG_ENABLED, FLAG, "cleanup")).isZero();
            assertThat(scene.value(FLAG_OFF, FLAG, "cleanup")).isEqualTo(1);
        }
    }

    @Test
    void refusesToShowNothing() {
        assertThatThrownBy(() -> new FlagMetrics(null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("flag client must not be null; give the client to show");
    }
}
