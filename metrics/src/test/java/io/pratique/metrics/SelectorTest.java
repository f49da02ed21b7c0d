package io.pratique.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("M-2")
class SelectorTest {

    private static final Exposition SHOWN = Exposition.parse("""
            # HELP flag_enabled Whether it is on
            # TYPE flag_enabled gauge
            flag_enabled{flag="a \\"quoted\\" {key}",source="redis"} 1.0
            loads_total 7.0
            """);

    @Test
    void isFoundWhereverAMetricStands() {
        String expression = """
                sum by (job, flag) (rate(loads_total{outcome=~"a|b"}[5m])) > 5 and on (job) other_metric offset 1h
                unless on (job, instance) histogram_quantile(0.9, third_bucket) == 1e3
                """;

        assertThat(Selector.in(expression))
                .extracting(Selector::metric)
                .containsExactly("loads_total", "other_metric", "third_bucket");
    }

    @Test
    void selectsByNameAndLabels() {
        assertThat(Selector.in("loads_total")).allMatch(selector -> selector.selectsFrom(SHOWN));
        assertThat(Selector.in("flag_enabled{source=~\"redis|db\",job=~\"$job\"}"))
                .hasSize(1)
                .allMatch(selector -> selector.selectsFrom(SHOWN));
    }

    @Test
    void selectsNothingWhereANameALabelOrAValueIsWrong() {
        assertThat(Selector.in("loads_count or flag_enabled{sources=\"redis\"} or flag_enabled{source=\"Redis\"}"))
                .hasSize(3)
                .noneMatch(selector -> selector.selectsFrom(SHOWN));
    }
}
