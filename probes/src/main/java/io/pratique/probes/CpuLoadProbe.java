package io.pratique.probes;

import com.sun.management.OperatingSystemMXBean;
import io.pratique.readiness.Probe;
import io.pratique.readiness.ProbeResult;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Asks how busy the processors were since the last check, or since anybody else in the process asked the JVM for it: over
 * 90 % unless set otherwise is saturated; it is never down. In a container these are the processors that it was given.
 * Immutable.
 *
 * <pre>{@code
 * CpuLoadProbe.system().saturatedOver(80)
 * }</pre>
 *
 * <p>Where the platform does not tell the load, the check is broken, and says so.
 */
public final class CpuLoadProbe implements Probe {

    private static final double WHOLE = 100;

    private final String subject;
    private final ToDoubleFunction<OperatingSystemMXBean> load;
    private final int saturatedOver;

    private CpuLoadProbe(String subject, ToDoubleFunction<OperatingSystemMXBean> load, int saturatedOver) {
        this.subject = subject;
        this.load = load;
        this.saturatedOver = saturatedOver;
    }

    /**
     * Asks about all that runs on the machine, or in the container.
     *
     * @return a probe that is saturated over 90 %
     */
    public static CpuLoadProbe system() {
        return new CpuLoadProbe("system", OperatingSystemMXBean::getCpuLoad, 90);
    }

    /**
     * Asks about this process alone.
     *
     * @return a probe that is saturated over 90 % of all processors
     */
    public static CpuLoadProbe process() {
        return new CpuLoadProbe("process", OperatingSystemMXBean::getProcessCpuLoad, 90);
    }

    /**
     * A higher load than this is saturated.
     *
     * @param percent of all processors, from 0 to 100
     * @return a new probe
     * @throws IllegalArgumentException if it is anything else
     */
    public CpuLoadProbe saturatedOver(int percent) {
        return new CpuLoadProbe(
                subject,
                load,
                Arguments.within("The percentage over which a CpuLoadProbe is saturated", percent, 0, (int) WHOLE));
    }

    @Override
    public ProbeResult check() {
        double percent = WHOLE * load.applyAsDouble(ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class));
        // Not a number either.
        if (!(percent >= 0)) {
            throw new IllegalStateException("the CPU load of the " + subject + " is not known on this platform");
        }
        return percent > saturatedOver
                ? ProbeResult.saturated(String.format(Locale.ROOT, "CPU load of the %s %.0f %%", subject, percent))
                : ProbeResult.up();
    }

    /** Whose load, and what counts as busy. */
    @Override
    public String toString() {
        return "CpuLoadProbe[" + subject + ", saturated over " + saturatedOver + " %]";
    }
}
