package io.pratique.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of meters in docs/guide/metrics.md is what is registered, no more and no less. */
@org.junit.jupiter.api.Tag("M-1")
class MetersPageTest {

    @Test
    void namesTheMetersThatAreRegistered() {
        try (Running running = new Running()) {
            Map<String, String> types = running.scrape().types();
            Set<String> registered = running.registry.getMeters().stream()
                    .map(Meter::getId)
                    .filter(id -> id.getName().startsWith("pratique."))
                    .map(id -> row(id, types))
                    .collect(Collectors.toCollection(TreeSet::new));
            Set<String> documented = MonitoringFiles.table("metrics.md", "meters").stream()
                    .map(cells -> String.join(" | ", cells.subList(0, 4)))
                    .collect(Collectors.toCollection(TreeSet::new));

            assertThat(documented).isEqualTo(registered);
        }
    }

    @Test
    void saysWhatEachIs() {
        assertThat(MonitoringFiles.table("metrics.md", "meters"))
                .isNotEmpty()
                .allSatisfy(
                        cells -> assertThat(cells).hasSize(5).last().asString().isNotBlank());
    }

    @Test
    void everyMeterHasADescriptionAndEveryNumberAUnit() {
        try (Running running = new Running()) {
            assertThat(running.registry.getMeters())
                    .filteredOn(meter -> meter.getId().getName().startsWith("pratique."))
                    .allSatisfy(
                            meter -> assertThat(meter.getId().getDescription()).isNotBlank())
                    .filteredOn(meter -> meter.getId().getType() == Meter.Type.COUNTER)
                    .allSatisfy(meter -> assertThat(meter.getId().getBaseUnit())
                            .isEqualTo(meter.getId().getName().replaceAll(".*\\.", "")));
        }
    }

    private static String row(Meter.Id id, Map<String, String> types) {
        String tags = id.getTags().stream().map(Tag::getKey).sorted().collect(Collectors.joining(" "));
        String type = id.getType().name().toLowerCase(Locale.ROOT);
        String base = id.getName().replace('.', '_');
        String family = types.keySet().stream()
                .filter(name -> name.equals(base) || name.equals(base + "_seconds") || name.equals(base + "_total"))
                .collect(Collectors.joining(" and "));
        return String.join(" | ", id.getName(), type, tags, family);
    }
}
