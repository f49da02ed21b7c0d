package io.pratique.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.pratique.release.ReleaseMetric;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table of metrics in docs/guide/monitoring.md is what releases show, no more and no less. */
@Tag("S-7")
class ReleaseMetricsPageTest {

    @TempDir
    private Path directory;

    @Test
    void namesTheMetricsWithTypesAndLabels() {
        List<List<String>> rows = MonitoringFiles.table("monitoring.md", "release-metrics");

        assertThat(rows)
                .allSatisfy(
                        cells -> assertThat(cells).hasSize(4).last().asString().isNotBlank());
        assertThat(rows.stream().map(cells -> cells.subList(0, 3)))
                .containsExactlyElementsOf(Stream.of(ReleaseMetric.values())
                        .map(metric -> List.of(metric.metricName(), metric.type(), String.join(" ", metric.labels())))
                        .toList());
    }

    @Test
    void namesWhatReleasesShow() throws Exception {
        Set<String> shown =
                Exposition.parse(new Releases(directory).text()).types().keySet();

        assertThat(shown)
                .isEqualTo(Stream.of(ReleaseMetric.values())
                        .map(ReleaseMetric::metricName)
                        .collect(Collectors.toSet()));
    }
}
