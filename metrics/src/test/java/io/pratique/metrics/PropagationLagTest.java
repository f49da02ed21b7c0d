package io.pratique.metrics;

import static io.pratique.metrics.FlagMetrics.FLAG_PROPAGATION;
import static io.pratique.metrics.FlagMetrics.SOURCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Timer;
import io.pratique.flags.FlagClient;
import io.pratique.flags.spi.FlagEntry;
import io.pratique.testkit.ScriptedSource;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("M-1")
class PropagationLagTest {

    private final Scene scene = new Scene();
    private final ScriptedSource upper = new ScriptedSource("upper");
    private final ScriptedSource lower = new ScriptedSource("lower");
    private FlagClient client;
    private FlagMetrics metrics;

    private void start() {
        client = FlagClient.builder()
                .source(upper)
                .source(lower)
                .clock(scene.clock)
                .ttl(Duration.ofDays(1))
                .build();
        metrics = new FlagMetrics(client);
        metrics.bindTo(scene.registry);
    }

    @AfterEach
    void close() {
        metrics.close();
        client.close();
        scene.close();
    }

    private FlagEntry changed(String value, Duration ago) {
        return FlagEntry.of(value).changedAt(scene.clock.instant().minus(ago));
    }

    private void refresh() {
        client.refresh().toCompletableFuture().join();
    }

    private Timer lag(ScriptedSource source) {
        return scene.registry.get(FLAG_PROPAGATION).tag(SOURCE, source.name()).timer();
    }

    /** Makes one more change, of 7 ms, and waits for it: changes are told in their order, so nothing else was timed. */
    private void assertNothingTimed() {
        upper.put("mark", changed("off", Duration.ofMillis(7)));
        refresh();
        await().until(() -> lag(upper).count() > 0);
        assertThat(lag(upper).totalTime(TimeUnit.MILLISECONDS)).isEqualTo(7);
        assertThat(lag(upper).count()).isEqualTo(1);
        assertThat(lag(lower).count()).isZero();
    }

    @Test
    void aChangeIsTimedFromItsSourceToHere() {
        upper.put("cleanup", changed("on", Duration.ofDays(9)));
        start();

        upper.put("cleanup", changed("off", Duration.ofMillis(300)));
        refresh();

        await().until(() -> lag(upper).count() == 1);
        assertThat(lag(upper).totalTime(TimeUnit.MILLISECONDS)).isEqualTo(300);
        assertThat(lag(lower).count()).isZero();
    }

    @Test
    void aFlagThatIsFirstWrittenByItsKillIsTimed() {
        start();

        upper.put("cleanup", changed("off", Duration.ofMillis(40)));
        refresh();

        await().until(() -> lag(upper).count() == 1);
        assertThat(lag(upper).totalTime(TimeUnit.MILLISECONDS)).isEqualTo(40);
    }

    @Test
    void theFirstLoadIsNotTimed() {
        upper.everyLoad().fails(new IOException("connection refused"));
        upper.put("cleanup", changed("off", Duration.ofDays(9)));
        start();
        assertThat(client.isEnabled("cleanup")).isTrue();

        upper.behave();
        refresh();

        assertThat(client.isEnabled("cleanup")).isFalse();
        assertNothingTimed();
    }

    @Test
    void anOldValueThatComesToLightAgainIsNotTimed() {
        upper.put("cleanup", changed("on", Duration.ofDays(1)));
        lower.put("cleanup", changed("off", Duration.ofDays(9)));
        start();

        upper.remove("cleanup");
        refresh();

        assertThat(client.isEnabled("cleanup")).isFalse();
        assertNothingTimed();
    }

    @Test
    void anOverrideIsNotTimedNorItsEnd() {
        upper.put("cleanup", changed("on", Duration.ofDays(1)));
        start();

        client.override("cleanup", false, Duration.ofHours(1), "test").close();

        assertNothingTimed();
    }

    @Test
    void aSourceWhoseClockIsAheadShowsZero() {
        upper.put("cleanup", "on");
        start();

        upper.put("cleanup", changed("off", Duration.ofSeconds(-5)));
        refresh();

        await().until(() -> lag(upper).count() == 1);
        assertThat(lag(upper).totalTime(TimeUnit.MILLISECONDS)).isZero();
    }
}
