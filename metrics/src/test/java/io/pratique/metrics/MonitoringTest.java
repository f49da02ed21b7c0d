package io.pratique.metrics;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The dashboard and the alert rules speak of what a running process shows. */
@Tag("M-2")
class MonitoringTest {

    private static List<Selector> notShown(Stream<String> expressions) {
        try (Running running = new Running()) {
            Exposition shown = running.scrape();
            List<Selector> selectors =
                    expressions.flatMap(text -> Selector.in(text).stream()).toList();
            assertThat(selectors).isNotEmpty();
            return selectors.stream()
                    .filter(selector -> !selector.selectsFrom(shown))
                    .toList();
        }
    }

    private static Set<String> texts(Stream<JsonNode> nodes, String field) {
        return nodes.map(node -> node.path(field).asText()).collect(toSet());
    }

    @Nested
    class Alerts {

        @Test
        void askForMetricsLabelsAndValuesThatAreShown() {
            assertThat(notShown(MonitoringFiles.alerts()
                            .map(rule -> rule.path("expr").asText())))
                    .isEmpty();
        }

        @Test
        void areEachFiredByATestAndSilentInAnother() {
            Set<String> names = texts(MonitoringFiles.alerts(), "alert");
            Set<String> fired = texts(MonitoringFiles.alertTests().filter(Alerts::fires), "alertname");
            Set<String> silent = texts(MonitoringFiles.alertTests().filter(test -> !fires(test)), "alertname");

            assertThat(names).hasSizeGreaterThan(10);
            assertThat(fired).isEqualTo(names);
            assertThat(silent).isEqualTo(names);
        }

        private static boolean fires(JsonNode test) {
            return !test.path("exp_alerts").isEmpty();
        }

        @Test
        void areInTheGuideWithWhatToDo() {
            List<List<String>> rows = MonitoringFiles.table("monitoring.md", "alerts");

            assertThat(rows).allSatisfy(cells -> assertThat(cells).hasSize(3).doesNotContain(""));
            assertThat(rows.stream().map(cells -> cells.get(0)))
                    .containsExactlyElementsOf(MonitoringFiles.alerts()
                            .map(rule -> rule.path("alert").asText())
                            .toList());
        }
    }

    @Nested
    class TheDashboard {

        private final JsonNode dashboard = MonitoringFiles.dashboard();

        private Stream<JsonNode> panels() {
            return MonitoringFiles.elements(dashboard, "panels");
        }

        @Test
        void asksForMetricsLabelsAndValuesThatAreShown() {
            assertThat(notShown(panels().flatMap(panel -> MonitoringFiles.elements(panel, "targets"))
                            .map(target -> target.path("expr").asText())))
                    .isEmpty();
        }

        @Test
        void hasThePanelsThatOperatorsLookFor() {
            assertThat(texts(panels(), "title"))
                    .contains(
                            "Flags",
                            "Kills in force",
                            "Refresh age",
                            "Propagation lag",
                            "Probe outcomes",
                            "Gate decisions",
                            "Skipped since");
        }

        @Test
        void leavesTheChoiceOfItsDataSource() {
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

        @Test
        void isAModelThatGrafanaTakes() {
            assertThat(dashboard.path("title").asText()).isNotBlank();
            assertThat(dashboard.path("schemaVersion").asInt()).isPositive();
            Set<Integer> ids = new HashSet<>();
            assertThat(panels()).allSatisfy(panel -> {
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
