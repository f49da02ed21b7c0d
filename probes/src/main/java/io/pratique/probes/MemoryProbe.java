package io.pratique.probes;

import io.pratique.readiness.Probe;
import io.pratique.readiness.ProbeResult;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.Locale;

/**
 * Asks how much of the heap is still in use after garbage was collected: over 95 % of the maximum, unless set otherwise,
 * is saturated; it is never down. What was allocated since the last collection does not count, for a heap that fills up
 * between two collections is in good health. Until one has been made, nothing is in use. Immutable.
 *
 * <pre>{@code
 * MemoryProbe.heap().saturatedOver(90)
 * }</pre>
 */
public final class MemoryProbe implements Probe {

    private static final double WHOLE = 100;

    private final int saturatedOver;

    private MemoryProbe(int saturatedOver) {
        this.saturatedOver = saturatedOver;
    }

    /**
     * Asks about the heap of this process.
     *
     * @return a probe that is saturated over 95 %
     */
    public static MemoryProbe heap() {
        return new MemoryProbe(95);
    }

    /**
     * More of the heap in use than this is saturated.
     *
     * @param percent from 0 to 100
     * @return a new probe
     * @throws IllegalArgumentException if it is anything else
     */
    public MemoryProbe saturatedOver(int percent) {
        return new MemoryProbe(
                Arguments.within("The percentage over which a MemoryProbe is saturated", percent, 0, (int) WHOLE));
    }

    @Override
    public ProbeResult check() {
        long used = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .mapToLong(MemoryProbe::afterCollection)
                .sum();
        double percent = WHOLE * used / Runtime.getRuntime().maxMemory();
        return percent > saturatedOver
                ? ProbeResult.saturated(String.format(Locale.ROOT, "%.1f %% of the heap in use", percent))
                : ProbeResult.up();
    }

    /** Some pools are not collected. */
    private static long afterCollection(MemoryPoolMXBean pool) {
        MemoryUsage usage = pool.getCollectionUsage();
        return usage == null ? 0 : usage.getUsed();
    }

    /** What counts as full. */
    @Override
    public String toString() {
        return "MemoryProbe[heap, saturated over " + saturatedOver + " %]";
    }
}
