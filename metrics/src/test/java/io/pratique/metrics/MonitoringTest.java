package io.pratique.metrics;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The dashboards and the alert rules speak of what is shown by a running process, and by releases. */
@Tag("M-2")
@Tag("S-7")
class MonitoringTest {

    @TempDir
    private Path directory;

    private Exposition shown(MonitoringFiles files) throws Exception {
        if (files == MonitoringFiles.RELEASES) {
            return Exposition.parse(new Releases(directory).text());
        }
        try (Running running = new Running()) {
            return running.scrape();
        }
    }

    private List<Selector> notShown(MonitoringFiles files, Stream<String> expressions) throws Exception {
        Exposition shown = shown(files);
        List<Selector> selectors =
                expressions.flatMap(text -> Selector.in(text).stream()).toList();
        assertThat(selectors).isNotEmpty();
        return selectors.stream()
                .filter(selector -> !selector.selectsFrom(shown))
                .toList();
    }

    private static Set<String> texts(Stream<JsonNode> nodes, String field) {
        return nodes.map(node -> node.path(field).asText()).collect(toSet());
    }

    @Nested
    class Alerts {

        @ParameterizedTest
        @EnumSource
        void askForMetricsLabelsAndValuesThatAreShown(MonitoringFiles files) throws Exception {
            assertThat(notShown(
                            files, files.alerts().map(rule -> rule.path("expr").asText())))
                    .isEmpty();
        }

        @ParameterizedTest
        @EnumSource
        void areEachFiredByATestAndSilentInAnother(MonitoringFiles files) {
            Set<String> names = texts(files.alerts(), "alert");
            Set<String> fired = texts(files.alertTests().filter(Alerts::fires), "alertname");
            Set<String> silent = texts(files.alertTests().filter(test -> !fires(test)), "alertname");

            assertThat(names).hasSizeGreaterThan(10);
            assertThat(fired).isEqualTo(names);
            assertThat(silent).isEqualTo(names);
        }

        private static boolean fires(JsonNode test) {
            return !test.path("exp_alerts").isEmpty();
        }

        @ParameterizedTest
        @EnumSource
        void areInTheGuideWithWhatToDo(MonitoringFiles files) {
            List<List<String>> rows = files.alertRows();

            assertThat(rows).allSatisfy(cells -> assertThat(cells).hasSize(3).doesNotContain(""));
            assertThat(rows.stream().map(cells -> cells.get(0)))
                    .containsExactlyElementsOf(files.alerts()
                            .map(rule -> rule.path("alert").asText())
                            .toList());
        }
    }

    @Nested
    class TheDashboard {

        private static Stream<JsonNode> panels(MonitoringFiles files) {
            return MonitoringFiles.elements(files.dashboard(), "panels");
        }

        @ParameterizedTest
        @EnumSource
        void asksForMetricsLabelsAndValuesThatAreShown(MonitoringFiles files) throws Exception {
            assertThat(notShown(
                            files,
                            panels(files)
                                    .flatMap(panel -> MonitoringFiles.elements(panel, "targets"))
                                    .map(target -> target.path("expr").asText())))
                    .isEmpty();
        }

        @Test
        void hasThePanelsThatOperatorsLookFor() {
            assertThat(texts(panels(MonitoringFiles.PROCESSES), "title"))
                    .contains(
                            "Flags",
                            "Kills in force",
                            "Refresh age",
                            "Propagation lag",
                            "Probe outcomes",
                            "Gate decisions",
                            "Skipped since");
            assertThat(texts(panels(MonitoringFiles.RELEASES), "title"))
                    .contains(
                            "Rollbacks by reason",
                            "Health-check failures",
                            "Success ratio",
                            "Time to detect and roll back",
                            "Safeguard status",
                            "Incidents");
        }

        @ParameterizedTest
        @EnumSource
        void leavesTheChoiceOfItsDataSource(MonitoringFiles files) {
            JsonNode dashboard = files.dashboard();
            assertThat(MonitoringFiles.elements(dashboard.path("templating"), "list"))
                    .anySatisfy(variable -> {
                        assertThat(variable.path("name").asText()).isEqualTo("datasource");
                        assertThat(variable.path("type").asText()).isEqualTo("datasource");
                        assertThat(variable.path("query").asText()).isEqualTo("prometheus");
                    });
            assertThat(dashboard.findValues("datasource"))
                    .isNotEmpty()
                    .allSatisfy(
                            source -> assertThat(source.path("uid").asText()).isEqualTo("${datasource}"));
        }

        @ParameterizedTest
        @EnumSource
        void isAModelThatGrafanaTakes(MonitoringFiles files) {
            JsonNode dashboard = files.dashboard();
            assertThat(dashboard.path("title").asText()).isNotBlank();
            assertThat(dashboard.path("schemaVersion").asInt()).isPositive();
            Set<Integer> ids = new HashSet<>();
            assertThat(panels(files)).allSatisfy(panel -> {
                assertThat(ids.add(panel.path("id").asInt()))
                        .as("id of its own")
                        .isTrue();
                assertThat(panel.path("type").asText()).isNotBlank();
                assertThat(panel.path("description").asText()).isNotBlank();
                assertThat(panel.path("targets")).isNotEmpty();
                JsonNode place = panel.path("gridPos");
                assertThat(place.path("x").asInt() + place.path("w").asInt()).isBetween(1, 24);
                assertThat(place.path("h").asInt()).isPositive();
            });
        }
    }
}
