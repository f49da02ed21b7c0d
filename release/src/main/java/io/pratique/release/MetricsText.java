package io.pratique.release;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Metrics in the text format of Prometheus, version 0.0.4. Used by one thread. */
final class MetricsText {

    private final @Nullable String service;
    private final Map<ReleaseMetric, Map<List<String>, Sample>> families = new EnumMap<>(ReleaseMetric.class);

    /** With a label for the service, if it has a name. */
    MetricsText(@Nullable String service) {
        this.service = service;
    }

    /** A number; of a summary, the sum and how much was summed up. */
    private static final class Sample {
        private double value;
        private long count;
    }

    private Sample sample(ReleaseMetric metric, String... labels) {
        if (labels.length != metric.labels().size()) {
            throw new IllegalArgumentException(metric + " has the labels " + metric.labels());
        }
        return families.computeIfAbsent(metric, unused -> new LinkedHashMap<>())
                .computeIfAbsent(List.of(labels), unused -> new Sample());
    }

    /** Says a number, instead of one that was said before. */
    void set(ReleaseMetric metric, double value, String... labels) {
        sample(metric, labels).value = value;
    }

    void set(ReleaseMetric metric, boolean state, String... labels) {
        set(metric, state ? 1 : 0, labels);
    }

    void set(ReleaseMetric metric, Duration time, String... labels) {
        set(metric, seconds(time), labels);
    }

    void set(ReleaseMetric metric, Instant time, String... labels) {
        set(metric, time.toEpochMilli() / 1e3, labels);
    }

    /** Counts on, from zero if nothing was counted before. */
    void count(ReleaseMetric metric, int more, String... labels) {
        sample(metric, labels).value += more;
    }

    /** Adds a time to a summary. */
    void observe(ReleaseMetric metric, Duration time, String... labels) {
        Sample sample = sample(metric, labels);
        sample.value += seconds(time);
        sample.count++;
    }

    /** Has a summary of nothing. */
    void observeNothing(ReleaseMetric metric, String... labels) {
        Sample unused = sample(metric, labels);
    }

    /** A clock that was set back meanwhile has no time to be less than nothing. */
    private static double seconds(Duration time) {
        return Math.max(0, time.toMillis() / 1e3);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        families.forEach((metric, samples) -> {
            text.append("# HELP ").append(metric.metricName()).append(' ').append(metric.help());
            text.append("\n# TYPE ").append(metric.metricName()).append(' ').append(metric.type());
            text.append('\n');
            samples.forEach((labels, sample) -> {
                if (metric.isSummary()) {
                    line(text, metric, "_sum", labels, sample.value);
                    line(text, metric, "_count", labels, (double) sample.count);
                } else {
                    line(text, metric, "", labels, sample.value);
                }
            });
        });
        return text.toString();
    }

    private void line(StringBuilder text, ReleaseMetric metric, String suffix, List<String> labels, double value) {
        text.append(metric.metricName()).append(suffix);
        String separator = "{";
        if (service != null) {
            text.append("{service=\"").append(escaped(service)).append('"');
            separator = ",";
        }
        for (int i = 0; i < labels.size(); i++) {
            text.append(separator).append(metric.labels().get(i)).append("=\"").append(escaped(labels.get(i)));
            text.append('"');
            separator = ",";
        }
        text.append(separator.equals(",") ? "} " : " ").append(plain(value)).append('\n');
    }

    private static String escaped(String label) {
        return label.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    private static String plain(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        BigDecimal number = BigDecimal.valueOf(value);
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }
}
