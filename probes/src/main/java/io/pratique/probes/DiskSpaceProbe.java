package io.pratique.probes;

import io.pratique.readiness.Probe;
import io.pratique.readiness.ProbeResult;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Asks how full the disk below a path is: saturated over 90 % used, unless set otherwise, and never down unless that is
 * asked for. What the operating system keeps for itself counts as used. Immutable; each setter gives a new probe.
 *
 * <pre>{@code
 * DiskSpaceProbe.of(Path.of("/var/lib/worker")).saturatedOver(80).downBelow(100L << 20)
 * }</pre>
 */
public final class DiskSpaceProbe implements Probe {

    private static final int WHOLE = 100;

    private final Path path;
    private final int saturatedOver;
    private final int downOver;
    private final long saturatedBelow;
    private final long downBelow;

    private DiskSpaceProbe(Path path, int saturatedOver, int downOver, long saturatedBelow, long downBelow) {
        this.path = path;
        this.saturatedOver = saturatedOver;
        this.downOver = downOver;
        this.saturatedBelow = saturatedBelow;
        this.downBelow = downBelow;
    }

    /**
     * Asks about the disk that a path lies on.
     *
     * @param path a file or directory; if it is not there, the probe is down
     * @return a probe that is saturated over 90 % used
     * @throws IllegalArgumentException if it is null
     */
    public static DiskSpaceProbe of(Path path) {
        return new DiskSpaceProbe(Arguments.required("The path of a DiskSpaceProbe", path), 90, WHOLE, 0, 0);
    }

    /**
     * More of the disk used than this is saturated.
     *
     * @param percent from 0 to 100; 100 for never
     * @return a new probe
     * @throws IllegalArgumentException if it is anything else
     */
    public DiskSpaceProbe saturatedOver(int percent) {
        return new DiskSpaceProbe(path, percent("saturated", percent), downOver, saturatedBelow, downBelow);
    }

    /**
     * More of the disk used than this is down.
     *
     * @param percent from 0 to 100; 100, as at first, for never
     * @return a new probe
     * @throws IllegalArgumentException if it is anything else
     */
    public DiskSpaceProbe downOver(int percent) {
        return new DiskSpaceProbe(path, saturatedOver, percent("down", percent), saturatedBelow, downBelow);
    }

    /**
     * Fewer bytes free than this are saturated.
     *
     * @param bytes positive
     * @return a new probe
     * @throws IllegalArgumentException if it is zero or negative
     */
    public DiskSpaceProbe saturatedBelow(long bytes) {
        return new DiskSpaceProbe(path, saturatedOver, downOver, bytes("saturated", bytes), downBelow);
    }

    /**
     * Fewer bytes free than this are down.
     *
     * @param bytes positive
     * @return a new probe
     * @throws IllegalArgumentException if it is zero or negative
     */
    public DiskSpaceProbe downBelow(long bytes) {
        return new DiskSpaceProbe(path, saturatedOver, downOver, saturatedBelow, bytes("down", bytes));
    }

    private static int percent(String what, int percent) {
        return Arguments.within("The percentage over which a DiskSpaceProbe is " + what, percent, 0, WHOLE);
    }

    private static long bytes(String what, long bytes) {
        return Arguments.positive("The free space below which a DiskSpaceProbe is " + what, bytes);
    }

    @Override
    public ProbeResult check() throws IOException {
        FileStore disk = Files.getFileStore(path);
        long free = disk.getUsableSpace();
        long total = disk.getTotalSpace();
        if (total <= 0) {
            throw new IllegalStateException("the file system of " + path + " does not tell its size");
        }
        double used = WHOLE * (1 - (double) free / total);
        String found = String.format(Locale.ROOT, "%.1f %% used, %d bytes free at %s", used, free, path);
        if (used > downOver || free < downBelow) {
            return ProbeResult.down(found);
        }
        return used > saturatedOver || free < saturatedBelow ? ProbeResult.saturated(found) : ProbeResult.up();
    }

    /** What the operating system says of the path is down. */
    @Override
    public @Nullable ProbeResult classify(Throwable failure) {
        return FileFault.classify(failure);
    }

    /** The path. */
    @Override
    public String toString() {
        return "DiskSpaceProbe[" + path + "]";
    }
}
