package io.pratique.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("M-1")
class ConfigMetricsTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    private double value(String name, String schema) {
        return registry.get(name).tag(ConfigMetrics.SCHEMA, schema).gauge().value();
    }

    @Test
    void resultIsShown() {
        new ConfigMetrics("core-api", 0, 2).bindTo(registry);
        new ConfigMetrics("ingest", 3, 0).bindTo(registry);

        assertThat(value(ConfigMetrics.CONFIG_VALID, "core-api")).isEqualTo(1);
        assertThat(value(ConfigMetrics.CONFIG_WARNINGS, "core-api")).isEqualTo(2);
        assertThat(value(ConfigMetrics.CONFIG_VALID, "ingest")).isZero();
        assertThat(value(ConfigMetrics.CONFIG_PROBLEMS, "ingest")).isEqualTo(3);
    }

    @Test
    void resultThatCannotBeIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ConfigMetrics(" ", 0, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ConfigMetrics("ingest", -1, 0))
                .withMessageContaining("\"-1\"");
        assertThatIllegalArgumentException().isThrownBy(() -> new ConfigMetrics("ingest", 0, -1));
    }
}
