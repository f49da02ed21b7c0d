package io.pratique.benchmarks.refresh;

import com.sun.management.ThreadMXBean;
import io.pratique.benchmarks.shared.Spread;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;

/** What one call costs, by the medians of many. Not for use by several threads at once. */
final class Cost {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Spread nanos = new Spread();
    private final Spread loading = new Spread();
    private final Spread elsewhere = new Spread();
    private int times;

    /** A call that is measured. */
    @FunctionalInterface
    interface Call {

        void run() throws Exception;
    }

    /** Makes a call that does its work on the reader's thread. Other threads must be idle but for what it has them do. */
    void add(Reader reader, Call call) throws Exception {
        long caller = Thread.currentThread().getId();
        Map<Long, Long> before = allocated();
        // The caller's own comes without what these looks allocate themselves.
        long own = THREADS.getCurrentThreadAllocatedBytes();
        long start = System.nanoTime();
        call.run();
        long taken = System.nanoTime() - start;
        own = THREADS.getCurrentThreadAllocatedBytes() - own;
        Map<Long, Long> after = allocated();
        after.replaceAll((thread, bytes) -> bytes - before.getOrDefault(thread, 0L));
        after.put(caller, own);
        long ofLoading = after.getOrDefault(reader.thread(), 0L);
        nanos.add(taken);
        loading.add(ofLoading);
        elsewhere.add(after.values().stream().mapToLong(Long::longValue).sum() - ofLoading);
        times++;
    }

    private static Map<Long, Long> allocated() {
        long[] threads = THREADS.getAllThreadIds();
        long[] bytes = THREADS.getThreadAllocatedBytes(threads);
        Map<Long, Long> allocated = new HashMap<>();
        for (int i = 0; i < threads.length; i++) {
            // A thread that has ended meanwhile has -1.
            allocated.put(threads[i], Math.max(0, bytes[i]));
        }
        return allocated;
    }

    int times() {
        return times;
    }

    /** In milliseconds. */
    double millis() {
        return nanos.at(0.5) / 1e6;
    }

    /** The bytes allocated on the thread that loads. */
    double allocatedByLoader() {
        return loading.at(0.5);
    }

    /** The bytes allocated on all other threads meanwhile. */
    double allocatedElsewhere() {
        return elsewhere.at(0.5);
    }
}
