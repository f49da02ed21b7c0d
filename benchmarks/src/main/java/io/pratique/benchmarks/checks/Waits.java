package io.pratique.benchmarks.checks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** How often the measuring thread itself was blocked or waited during the iterations, by the JVM's own counts. */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.EVENTS)
public class Waits {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** Blocked and waiting, of the iteration that has just ended. */
    public long waits;

    private long before;

    /** None yet. */
    public Waits() {}

    /** Takes the count down. */
    @Setup(Level.Iteration)
    public void before() {
        // The first reading may itself wait, for a class to be loaded.
        long unused = soFar();
        waits = 0;
        before = soFar();
    }

    /** Takes the difference. */
    @TearDown(Level.Iteration)
    public void after() {
        waits = soFar() - before;
    }

    private static long soFar() {
        ThreadInfo info = THREADS.getThreadInfo(Thread.currentThread().getId());
        return info.getBlockedCount() + info.getWaitedCount();
    }
}
