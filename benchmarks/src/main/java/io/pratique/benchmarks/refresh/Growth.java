package io.pratique.benchmarks.refresh;

import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A table of what one call costs with more and more flags; behind each figure, how many times the one above it is. */
final class Growth {

    private final StringBuilder lines = new StringBuilder();
    private List<Double> before = List.of();

    Growth(String call) {
        String columns = Stream.of("p50 ms", "B allocated", "B elsewhere", "B read", "rows read")
                .map(column -> String.format(Locale.ROOT, " %11s %7s", column, ""))
                .collect(Collectors.joining());
        lines.append(String.format(Locale.ROOT, "%s%n%8s%s %6s%n", call, "flags", columns, "calls"));
    }

    /** Adds a line; what nobody counted is empty. */
    void add(int flags, Cost cost, OptionalLong bytesRead, OptionalLong rowsRead) {
        List<Double> now = List.of(
                cost.millis(),
                cost.allocatedByLoader(),
                cost.allocatedElsewhere(),
                orNothing(bytesRead),
                orNothing(rowsRead));
        lines.append(String.format(Locale.ROOT, "%8d", flags));
        for (int i = 0; i < now.size(); i++) {
            lines.append(String.format(Locale.ROOT, " %11s %7s", figure(now.get(i), i == 0), growth(now, i)));
        }
        lines.append(String.format(Locale.ROOT, " %6d%n", cost.times()));
        before = now;
    }

    private static double orNothing(OptionalLong count) {
        return count.isPresent() ? count.getAsLong() : Double.NaN;
    }

    private static String figure(double figure, boolean fraction) {
        return Double.isNaN(figure) ? "-" : String.format(Locale.ROOT, fraction ? "%.3f" : "%.0f", figure);
    }

    private String growth(List<Double> now, int column) {
        if (before.isEmpty() || Double.isNaN(now.get(column)) || before.get(column) == 0) {
            return "";
        }
        return String.format(Locale.ROOT, "x%.2f", now.get(column) / before.get(column));
    }

    @Override
    public String toString() {
        return lines.toString();
    }
}
