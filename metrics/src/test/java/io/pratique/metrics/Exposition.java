package io.pratique.metrics;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a process shows to Prometheus, read from its text.
 *
 * @param samples all lines
 * @param types the type of each family, by its name
 */
record Exposition(List<Sample> samples, Map<String, String> types) {

    private static final Pattern SAMPLE =
            Pattern.compile("(?<name>[a-zA-Z_:][\\w:]*)(\\{(?<labels>.*)})? \\S+( \\d+)?");
    private static final Pattern LABEL = Pattern.compile("(?<name>\\w+)=\"(?<value>(?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern TYPE = Pattern.compile("# TYPE (?<name>\\S+) (?<type>\\S+)");

    /** One line. */
    record Sample(String name, Map<String, String> labels) {}

    static Exposition parse(String text) {
        List<Sample> samples = text.lines()
                .filter(line -> !line.startsWith("#") && !line.isBlank())
                .map(Exposition::sample)
                .toList();
        Map<String, String> types = text.lines()
                .map(TYPE::matcher)
                .filter(Matcher::matches)
                .collect(Collectors.toMap(type -> type.group("name"), type -> type.group("type")));
        return new Exposition(samples, types);
    }

    private static Sample sample(String line) {
        Matcher sample = SAMPLE.matcher(line);
        if (!sample.matches()) {
            throw new IllegalArgumentException("not a sample: " + line);
        }
        Map<String, String> labels = new TreeMap<>();
        if (sample.group("labels") != null) {
            LABEL.matcher(sample.group("labels"))
                    .results()
                    .forEach(label -> labels.put(label.group(1), label.group(2)));
        }
        return new Sample(sample.group("name"), labels);
    }
}
