package io.pratique.metrics;

import static io.pratique.metrics.FlagMetrics.FLAG;
import static io.pratique.metrics.FlagMetrics.FLAG_ENABLED;
import static io.pratique.metrics.FlagMetrics.FLAG_PROPAGATION;
import static io.pratique.metrics.FlagMetrics.SOURCE_LOADS;
import static io.pratique.metrics.ReadinessMetrics.DEPENDENCY_CHECK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pratique.flags.FlagClient;
import io.pratique.readiness.ProbeResult;
import io.pratique.readiness.ReadinessGate;
import io.pratique.testkit.ScriptedSource;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What both binders do with registries; shown on that for flags. */
@Tag("M-1")
class BinderTest {

    private final Scene scene = new Scene();
    private final ScriptedSource source = new ScriptedSource("shared").put("cleanup", "on");
    private final FlagClient client = FlagClient.builder()
            .source(source)
            .clock(scene.clock)
            .ttl(Duration.ofDays(1))
            .build();

    @AfterEach
    void close() {
        client.close();
        scene.close();
    }

    private void turnOff() {
        source.put("cleanup", "off");
        client.refresh().toCompletableFuture().join();
    }

    @Nested
    class Registries {

        @Test
        void canBeSeveral() {
            SimpleMeterRegistry other = scene.newRegistry();
            FlagMetrics metrics = new FlagMetrics(client);
            metrics.bindTo(scene.registry);
            metrics.bindTo(other);

            turnOff();
            scene.scrape();

            assertThat(scene.value(FLAG_ENABLED)).isZero();
            assertThat(other.get(FLAG_ENABLED).gauge().value()).isZero();
            await().untilAsserted(() -> {
                assertThat(scene.registry.get(FLAG_PROPAGATION).timer().count()).isEqualTo(1);
                assertThat(other.get(FLAG_PROPAGATION).timer().count()).isEqualTo(1);
            });

            metrics.close();
            assertThat(scene.registry.getMeters()).isEmpty();
            assertThat(other.getMeters()).isEmpty();
        }

        @Test
        void areBoundOnce() {
            try (FlagMetrics metrics = new FlagMetrics(client)) {
                metrics.bindTo(scene.registry);
                int meters = scene.registry.getMeters().size();

                metrics.bindTo(scene.registry);
                turnOff();

                assertThat(scene.registry.getMeters()).hasSize(meters);
                await().until(() -> scene.registry.get(FLAG_PROPAGATION).timer().count() > 0);
                assertThat(scene.registry.get(FLAG_PROPAGATION).timer().count()).isEqualTo(1);
            }
        }

        @Test
        void canHoldTwoClientsThatTagsTellApart() {
            try (FlagClient second = FlagClient.builder()
                            .source(new ScriptedSource("shared").put("cleanup", "off"))
                            .build();
                    FlagMetrics one = new FlagMetrics(client, Tags.of("tenant", "one"));
                    FlagMetrics two = new FlagMetrics(second, Tags.of("tenant", "two"))) {
                one.bindTo(scene.registry);
                two.bindTo(scene.registry);

                assertThat(scene.value(FLAG_ENABLED, FLAG, "cleanup", "tenant", "one"))
                        .isEqualTo(1);
                assertThat(scene.value(FLAG_ENABLED, FLAG, "cleanup", "tenant", "two"))
                        .isZero();
                assertThat(scene.registry.getMeters())
                        .allSatisfy(meter ->
                                assertThat(meter.getId().getTag("tenant")).isNotNull());
            }
        }

        @Test
        void areRefusedByABinderThatIsClosed() {
            FlagMetrics metrics = new FlagMetrics(client);
            metrics.close();
            metrics.close();

            assertThatThrownBy(() -> metrics.bindTo(scene.registry))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("this binder is closed; bind a new one");
        }

        @Test
        void mustBeThere() {
            try (FlagMetrics metrics = new FlagMetrics(client)) {
                assertThatThrownBy(() -> metrics.bindTo(null))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("meter registry must not be null; give a registry");
            }
        }
    }

    @Test
    void oneReadingServesAllMetersOfAScrape() {
        new FlagMetrics(client).bindTo(scene.registry);
        turnOff();

        assertThat(scene.value(FLAG_ENABLED)).as("before the clock has moved").isEqualTo(1);
        scene.pass(Duration.ofMillis(199));
        assertThat(scene.value(FLAG_ENABLED))
                .as("within the time of one reading")
                .isEqualTo(1);
        scene.pass(Duration.ofMillis(1));
        assertThat(scene.value(FLAG_ENABLED)).as("after it").isZero();
    }

    @Test
    void aRegistryThatRefusesAMeterShowsTheOthersAndGetsItLater() {
        AtomicBoolean refuses = new AtomicBoolean();
        scene.registry.config().meterFilter(new MeterFilter() {
            @Override
            public MeterFilterReply accept(Meter.Id id) {
                if (refuses.get()) {
                    throw new IllegalStateException("no more meters");
                }
                return MeterFilterReply.NEUTRAL;
            }
        });
        new FlagMetrics(client).bindTo(scene.registry);
        refuses.set(true);
        source.put("voice-retry", "on");

        turnOff();
        scene.scrape();

        assertThat(scene.value(FLAG_ENABLED, FLAG, "cleanup")).isZero();
        assertThat(scene.has(FLAG_ENABLED, FLAG, "voice-retry")).isFalse();

        refuses.set(false);
        scene.scrape();

        assertThat(scene.value(FLAG_ENABLED, FLAG, "voice-retry")).isEqualTo(1);
    }

    /** A registry holds the state of a meter weakly, unless it is told otherwise. */
    @Test
    void aBinderNeedNotBeKept() {
        ReadinessGate gate = ReadinessGate.builder()
                .flags(client)
                .probe("database", ProbeResult::up)
                .clock(scene.clock)
                .build();
        WeakReference<FlagMetrics> forgotten = bindAndForget(gate);

        await().until(() -> {
            System.gc();
            return forgotten.get() == null;
        });
        double loads = scene.value(SOURCE_LOADS, "outcome", "success");
        turnOff();
        scene.clock.advance(Duration.ofSeconds(15));
        await().untilAsserted(() -> {
            scene.scrape();
            assertThat(scene.value(FLAG_ENABLED, FLAG, "cleanup")).as("gauge").isZero();
            assertThat(scene.value(SOURCE_LOADS, "outcome", "success"))
                    .as("counter")
                    .isGreaterThan(loads);
            assertThat(scene.value(DEPENDENCY_CHECK)).as("timer").isEqualTo(2);
        });
        gate.close();
    }

    private WeakReference<FlagMetrics> bindAndForget(ReadinessGate gate) {
        FlagMetrics metrics = new FlagMetrics(client);
        metrics.bindTo(scene.registry);
        new ReadinessMetrics(gate).bindTo(scene.registry);
        return new WeakReference<>(metrics);
    }
}
