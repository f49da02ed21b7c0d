package io.pratique.benchmarks.shared;

import java.util.Arrays;
import java.util.Locale;

/** How times are spread. Not for use by several threads at once. */
public final class Spread {

    private long[] nanos = new long[1024];
    private int count;

    /** Nothing yet. */
    public Spread() {}

    /**
     * Takes a time down.
     *
     * @param time in nanoseconds
     */
    public void add(long time) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, count * 2);
        }
        nanos[count++] = time;
    }

    /**
     * The time that a share of all times does not exceed.
     *
     * @param share from 0 to 1
     * @return in nanoseconds
     */
    public long at(double share) {
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return sorted[Math.min(count - 1, (int) Math.ceil(share * count) - 1)];
    }

    static String heading() {
        return String.format(Locale.ROOT, "%-44s %9s %9s %9s", "milliseconds", "p50", "p99", "max");
    }

    String line(String what) {
        return String.format(
                Locale.ROOT, "%-44s %9.2f %9.2f %9.2f", what, at(0.5) / 1e6, at(0.99) / 1e6, at(1.0) / 1e6);
    }
}
