package io.pratique.metrics;

/** What one registered meter reads. */
final class Cell {

    private final Binding binding;
    private volatile Row row;

    Cell(Binding binding, Row row) {
        this.binding = binding;
        this.row = row;
    }

    void show(Row next) {
        row = next;
    }

    double value() {
        binding.refresh();
        return row.value();
    }

    long count() {
        binding.refresh();
        return row.count();
    }
}
