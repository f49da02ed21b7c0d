package io.pratique.benchmarks.checks;

import java.util.List;

/** What several forks showed, in the order in which they ran. */
record Sample(List<Double> values) {

    Sample {
        values = List.copyOf(values);
    }

    double median() {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    double min() {
        return values.stream().min(Double::compare).orElseThrow();
    }

    double max() {
        return values.stream().max(Double::compare).orElseThrow();
    }
}
