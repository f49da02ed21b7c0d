package io.pratique.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What ships in docs/monitoring, and the pages about it. */
final class MonitoringFiles {

    static final Path DIRECTORY = Path.of("..", "docs", "monitoring");
    static final Path ALERTS = DIRECTORY.resolve("pratique-alerts.yml");
    static final Path ALERT_TESTS = DIRECTORY.resolve("pratique-alerts-test.yml");
    static final Path DASHBOARD = DIRECTORY.resolve("pratique-dashboard.json");

    private MonitoringFiles() {}

    static Stream<JsonNode> alerts() {
        return elements(read(new YAMLMapper(), ALERTS), "groups").flatMap(group -> elements(group, "rules"));
    }

    static Stream<JsonNode> alertTests() {
        return elements(read(new YAMLMapper(), ALERT_TESTS), "tests")
                .flatMap(test -> elements(test, "alert_rule_test"));
    }

    static JsonNode dashboard() {
        return read(new ObjectMapper(), DASHBOARD);
    }

    static Stream<JsonNode> elements(JsonNode node, String field) {
        return StreamSupport.stream(node.path(field).spliterator(), false);
    }

    private static JsonNode read(ObjectMapper mapper, Path file) {
        try {
            return mapper.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The rows of a table in the guide, between two comments, as the texts of their cells; the head left out. */
    static List<List<String>> table(String page, String marker) {
        try (Stream<String> lines = Files.lines(Path.of("..", "docs", "guide", page))) {
            return lines.dropWhile(line -> !line.equals("<!-- " + marker + " -->"))
                    .takeWhile(line -> !line.equals("<!-- /" + marker + " -->"))
                    .filter(line -> line.startsWith("| `"))
                    .map(MonitoringFiles::cells)
                    .collect(Collectors.toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> cells(String line) {
        return Stream.of(line.substring(1, line.length() - 1).split("\\|", -1))
                .map(cell -> cell.replace("`", "").strip())
                .toList();
    }
}
