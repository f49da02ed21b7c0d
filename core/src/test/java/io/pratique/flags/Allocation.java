package io.pratique.flags;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.BooleanSupplier;

/** What checks take of the heap, by the JVM's own count for the calling thread, which is exact to the byte. */
public final class Allocation {

    private static final ThreadMXBean THREADS = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
    private static final int CHECKS = 200_000;

    private Allocation() {}

    /** The bytes that a check takes, in the interpreter and compiled: a compiler may remove what the first calls paid. */
    public static long bytes(BooleanSupplier check) {
        return Math.max(fewest(check, 20), fewest(check, CHECKS));
    }

    /** The fewest bytes that as many checks took: what the JVM itself needs at times is not the check's. */
    private static long fewest(BooleanSupplier check, int checks) {
        THREADS.setThreadAllocatedMemoryEnabled(true);
        long fewest = Long.MAX_VALUE;
        int on = 0;
        for (int round = 0; round < 20 && fewest > 0; round++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < checks; i++) {
                on += check.getAsBoolean() ? 1 : 0;
            }
            fewest = Math.min(fewest, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(on).isNotNegative();
        return fewest;
    }
}
