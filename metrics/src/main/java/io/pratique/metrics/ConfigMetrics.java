package io.pratique.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;

/**
 * Shows what came of checking the configuration at boot.
 *
 * <pre>{@code
 * new ConfigMetrics("core-api", report.problems().size(), report.warnings().size()).bindTo(registry);
 * }</pre>
 *
 * <p>The numbers do not change while the process runs, and neither do the meters.
 */
public final class ConfigMetrics implements MeterBinder {

    /** Gauge by schema: 1 if the configuration is valid, else 0. */
    public static final String CONFIG_VALID = "pratique.config.valid";

    /** Gauge by schema, in problems: how much is wrong. */
    public static final String CONFIG_PROBLEMS = "pratique.config.problems";

    /** Gauge by schema, in warnings: how much ought to be looked at. */
    public static final String CONFIG_WARNINGS = "pratique.config.warnings";

    /** Tag: the name of the schema. */
    public static final String SCHEMA = "schema";

    private final String schema;
    private final int problems;
    private final int warnings;

    /**
     * Shows a result.
     *
     * @param schema the name of the schema
     * @param problems how many problems were found
     * @param warnings how many warnings there were
     * @throws IllegalArgumentException if the name is null or blank, or a number is negative
     */
    public ConfigMetrics(String schema, int problems, int warnings) {
        if (schema == null || schema.isBlank()) {
            throw new IllegalArgumentException(
                    "name of a schema must not be null or blank; give the one that the configuration was checked by");
        }
        this.schema = schema;
        this.problems = atLeastZero("problems", problems);
        this.warnings = atLeastZero("warnings", warnings);
    }

    private static int atLeastZero(String subject, int number) {
        if (number < 0) {
            throw new IllegalArgumentException("number of " + subject + " must not be negative, but is \"" + number
                    + "\"; give the size of the list");
        }
        return number;
    }

    /**
     * Registers the meters.
     *
     * @param registry the registry
     */
    @Override
    public void bindTo(MeterRegistry registry) {
        gauge(registry, CONFIG_VALID, problems == 0 ? 1 : 0, null, "1 if the configuration is valid");
        gauge(registry, CONFIG_PROBLEMS, problems, "problems", "how much is wrong with the configuration");
        gauge(registry, CONFIG_WARNINGS, warnings, "warnings", "what of the configuration ought to be looked at");
    }

    private void gauge(MeterRegistry registry, String name, int value, @Nullable String unit, String description) {
        Gauge.builder(name, () -> value)
                .tag(SCHEMA, schema)
                .baseUnit(unit)
                .description(description)
                .register(registry);
    }
}
