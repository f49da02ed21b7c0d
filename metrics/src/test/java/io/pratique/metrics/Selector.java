package io.pratique.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a PromQL expression wants to see: a metric, and conditions for its labels.
 *
 * @param metric its name
 * @param conditions may be empty
 */
record Selector(String metric, List<Condition> conditions) {

    /** What Prometheus puts on each sample by itself. */
    private static final Set<String> LABELS_OF_TARGETS = Set.of("job", "instance");

    /** What Prometheus makes by itself. */
    private static final Set<String> METRICS_OF_TARGETS = Set.of("up");

    private static final Pattern GROUPING = Pattern.compile("\\b(?:by|without|on|ignoring)\\s*\\([^)]*\\)");
    private static final Pattern RANGE = Pattern.compile("\\[[^\\]]*]");
    private static final Set<String> OPERATORS = Set.of("and", "or", "unless", "bool", "offset");
    private static final Pattern METRIC = Pattern.compile(
            "(?<![\\w:.])(?<name>[a-zA-Z_:][\\w:]*)(?![\\w:])(?!\\s*\\()(\\s*\\{(?<conditions>[^}]*)})?");
    private static final Pattern CONDITION =
            Pattern.compile("(?<label>\\w+)\\s*(?<operator>=~|!~|!=|=)\\s*\"(?<value>[^\"]*)\"");

    /** A condition for one label; a variable of a dashboard stands for any value. */
    record Condition(String label, String operator, String value) {

        boolean holdsFor(Map<String, String> labels) {
            if (LABELS_OF_TARGETS.contains(label)) {
                return true;
            }
            if (value.startsWith("$")) {
                return labels.containsKey(label);
            }
            String found = labels.getOrDefault(label, "");
            return switch (operator) {
                case "=" -> found.equals(value);
                case "!=" -> !found.equals(value);
                case "=~" -> found.matches(value);
                default -> !found.matches(value);
            };
        }
    }

    /** All selectors in an expression. */
    static List<Selector> in(String expression) {
        String bare =
                RANGE.matcher(GROUPING.matcher(expression).replaceAll(" ")).replaceAll(" ");
        List<Selector> selectors = new ArrayList<>();
        Matcher metrics = METRIC.matcher(bare);
        while (metrics.find()) {
            String name = metrics.group("name");
            if (!OPERATORS.contains(name) && !METRICS_OF_TARGETS.contains(name)) {
                selectors.add(new Selector(name, conditions(metrics.group("conditions"))));
            }
        }
        return selectors;
    }

    private static List<Condition> conditions(String text) {
        return text == null
                ? List.of()
                : CONDITION
                        .matcher(text)
                        .results()
                        .map(found -> new Condition(found.group(1), found.group(2), found.group(3)))
                        .toList();
    }

    /** Whether there is a sample that it selects, and that has all the labels it speaks of. */
    boolean selectsFrom(Exposition exposition) {
        return exposition.samples().stream()
                .filter(sample -> sample.name().equals(metric))
                .anyMatch(sample -> conditions.stream().allMatch(condition -> condition.holdsFor(sample.labels())));
    }
}
