package io.pratique.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A text of metrics, read as strictly as Prometheus reads it: each family in one piece, behind its help and type, and no
 * series twice.
 */
record ShownMetrics(Map<String, Double> samples) {

    private static final Pattern HELP = Pattern.compile("# HELP ([a-z_0-9]+) \\S.*");
    private static final Pattern TYPE = Pattern.compile("# TYPE ([a-z_0-9]+) (counter|gauge|summary)");
    private static final Pattern SAMPLE = Pattern.compile("(?<series>(?<name>[a-z_0-9]+)"
            + "(\\{[a-z_]+=\"([^\"\\\\\n]|\\\\[\\\\\"n])*\"(,[a-z_]+=\"([^\"\\\\\n]|\\\\[\\\\\"n])*\")*})?)"
            + " (?<value>-?\\d+(\\.\\d+)?)");

    static ShownMetrics of(String text) {
        assertThat(text).endsWith("\n");
        Map<String, Double> samples = new LinkedHashMap<>();
        Map<String, String> types = new LinkedHashMap<>();
        String family = "";
        for (String line : text.lines().toList()) {
            Matcher help = HELP.matcher(line);
            Matcher type = TYPE.matcher(line);
            if (help.matches()) {
                family = help.group(1);
                assertThat(types).as("families in one piece").doesNotContainKey(family);
            } else if (type.matches()) {
                assertThat(type.group(1)).isEqualTo(family);
                types.put(family, type.group(2));
            } else {
                Matcher sample = SAMPLE.matcher(line);
                assertThat(sample.matches()).as(line).isTrue();
                String suffix = "summary".equals(types.get(family)) ? "_(sum|count)" : "";
                assertThat(sample.group("name")).matches(Pattern.quote(family) + suffix);
                assertThat(samples.put(sample.group("series"), Double.valueOf(sample.group("value"))))
                        .as("twice: %s", line)
                        .isNull();
            }
        }
        return new ShownMetrics(samples);
    }

    /** What a series says; null if there is none. */
    @Nullable Double get(String series) {
        return samples.get(series);
    }

    /** The sum of a family's samples. */
    double sum(String family) {
        return samples.entrySet().stream()
                .filter(sample ->
                        sample.getKey().equals(family) || sample.getKey().startsWith(family + "{"))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }
}
