package io.pratique.release.checks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which names a query of Prometheus holds, and which of them are those of metrics. */
@Tag("V-1")
class PromQueryTest {

    private static void assertAsksFor(String query, String... metrics) {
        assertThat(PromQuery.metrics(query)).as(query).containsExactlyInAnyOrder(metrics);
    }

    @Test
    void metricsAreTold() {
        assertAsksFor("up", "up");
        assertAsksFor(
                "job:errors:rate5m / on (job) group_left (team, tier) (owners_info)",
                "job:errors:rate5m",
                "owners_info");
        assertAsksFor("a + b - c * d / e % f ^ g", "a", "b", "c", "d", "e", "f", "g");
        assertAsksFor("a and b or c unless d atan2 e", "a", "b", "c", "d", "e");
        assertAsksFor("a == bool b > 1e3 and -Inf < c or NaN", "a", "b", "c");
        assertAsksFor("absent(a{job=\"x\"}) or absent_over_time(b[1d])", "a", "b");
    }

    @Test
    void functionsAndAggregationsAreNone() {
        assertAsksFor("sum by (job, le) (rate(a_bucket[5m]))", "a_bucket");
        assertAsksFor("sum(rate(a[5m])) without (instance)", "a");
        assertAsksFor("topk (5, a) by(job)", "a");
        assertAsksFor("COUNT BY (job) (a)", "a");
        assertAsksFor("group by (job) (last_over_time(a[1d]))", "a");
        assertAsksFor("count_values(\"version\", build_info)", "build_info");
        assertAsksFor("label_replace(a, \"to\", \"$1\", \"from\", \"(.*)\") + time() + vector(1)", "a");
        assertAsksFor("histogram_quantile(0.99, sum by (le) (rate(a_bucket[5m] offset 1h)))", "a_bucket");
    }

    @Test
    void wordsOfFunctionsAreMetricsWhereNothingIsCalled() {
        assertAsksFor("sum + group{a=\"b\"} / count", "sum", "group", "count");
    }

    @Test
    void labelsDurationsAndCommentsAreNone() {
        assertAsksFor("a{job=~\"b|c\", instance!=\"d\", e!~'f', g=`h`} offset -5m @ 1609746000", "a");
        assertAsksFor("max_over_time(rate(a[5m])[1h30m:1m] @ end())", "a");
        assertAsksFor("a # b\n + c", "a", "c");
        assertAsksFor("a{b=\"}\\\" + c\"}", "a");
        assertAsksFor("0x1F + 1.5e-3 + .5 + 5m");
        assertAsksFor("a * on() b * ignoring (c, d) group_right e", "a", "b", "e");
    }

    @Test
    void namesInBracesCount() {
        assertAsksFor("{__name__=\"a\", job=\"b\"}", "a");
        assertAsksFor("{job=\"b\", __name__='a'}", "a");
        assertAsksFor("{\"http.requests\", job=\"b\"} + {\"a\"}", "http.requests", "a");
        assertAsksFor("{__name__=~\"a.*\"} + {\"some.label\"=\"b\"} + {__name__!=\"c\"}");
    }

    @Test
    void variablesOfGrafanaAreNone() {
        assertAsksFor("rate(a{job=~\"$job\", $filters}[$__rate_interval])", "a");
        assertAsksFor("rate(a{job=~$job}[${interval}]) offset $shift", "a");
        assertAsksFor("$metric + ${metric}_total + prefix_${metric:raw} + [[metric]]_total{a=\"b\"} + ${__name}");
        assertAsksFor("{__name__=\"${metric}_total\"} + $aggregation by (job) (a)", "a");
        assertAsksFor("a[[[range]]] + b", "a", "b");
    }

    @Test
    void whateverIsBrokenEnds() {
        assertAsksFor("a{b=\"c", "a");
        assertAsksFor("a[5m", "a");
        assertAsksFor("by (", new String[0]);
        assertAsksFor("sum by (a");
        assertAsksFor("}])({[", new String[0]);
        assertAsksFor("\"" + "\\\"".repeat(200_000) + "a");
        assertAsksFor("((".repeat(200_000) + "a", "a");
        assertAsksFor("x".repeat(200_000), "x".repeat(200_000));
    }
}
