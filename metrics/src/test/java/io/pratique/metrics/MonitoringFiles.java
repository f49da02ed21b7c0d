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

/** What ships in docs/monitoring for one kind of metrics, and the page about it. */
enum MonitoringFiles {
    /** Of processes with flags, dependencies and jobs. */
    PROCESSES("pratique-alerts", "pratique-dashboard", "alerts"),
    /** Of releases. */
    RELEASES("pratique-release-alerts", "pratique-releases-dashboard", "release-alerts");

    final Path alertsFile;
    final Path alertTestsFile;
    final Path dashboardFile;
    private final String table;

    MonitoringFiles(String alerts, String dashboard, String table) {
        this.alertsFile = Path.of("..", "docs", "monitoring", alerts + ".yml");
        this.alertTestsFile = Path.of("..", "docs", "monitoring", alerts + "-test.yml");
        this.dashboardFile = Path.of("..", "docs", "monitoring", dashboard + ".json");
        this.table = table;
    }

    Stream<JsonNode> alerts() {
        return elements(read(new YAMLMapper(), alertsFile), "groups").flatMap(group -> elements(group, "rules"));
    }

    Stream<JsonNode> alertTests() {
        return elements(read(new YAMLMapper(), alertTestsFile), "tests")
                .flatMap(test -> elements(test, "alert_rule_test"));
    }

    JsonNode dashboard() {
        return read(new ObjectMapper(), dashboardFile);
    }

    /** The rows of the guide about the alerts. */
    List<List<String>> alertRows() {
        return table("monitoring.md", table);
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
