package io.pratique.release.checks;

import io.pratique.flags.spi.FlagText;
import io.pratique.release.InconclusiveException;
import io.pratique.release.StepAction;
import io.pratique.release.StepContext;
import io.pratique.release.io.Host;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether the machine that this runs on has room: on its disks, on its processors, in its memory. It has no bounds
 * but those that it is given. Immutable; each setter gives a new check.
 *
 * <pre>{@code
 * ResourceCheck.ofHost().freeDisk(Path.of("/var/lib/worker"), 1L << 30).loadPerProcessor(2).freeMemory(256L << 20)
 * }</pre>
 *
 * <p>A figure that the platform does not tell leaves the check inconclusive.
 */
public final class ResourceCheck implements StepAction {

    private final Host host;
    private final Map<Path, Long> leastDisk;
    private final @Nullable Double mostLoad;
    private final @Nullable Long leastMemory;

    private ResourceCheck(Host host, Map<Path, Long> leastDisk, @Nullable Double mostLoad, @Nullable Long leastMemory) {
        this.host = host;
        this.leastDisk = leastDisk;
        this.mostLoad = mostLoad;
        this.leastMemory = leastMemory;
    }

    /**
     * A check of this machine.
     *
     * @return a check without bounds, which passes
     */
    public static ResourceCheck ofHost() {
        return of(Host.THIS);
    }

    static ResourceCheck of(Host host) {
        return new ResourceCheck(host, Map.of(), null, null);
    }

    /**
     * The same check that also wants room on a disk.
     *
     * @param path on that disk; it must be there
     * @param bytes what must be free at least, positive
     * @return a new check
     * @throws IllegalArgumentException if the path is null, or the bytes are not positive
     */
    public ResourceCheck freeDisk(Path path, long bytes) {
        if (path == null) {
            throw new IllegalArgumentException("path of a disk must be given, but is null");
        }
        Map<Path, Long> more = new LinkedHashMap<>(leastDisk);
        more.put(path, requirePositive("free disk", bytes));
        return new ResourceCheck(host, more, mostLoad, leastMemory);
    }

    /**
     * The same check that also wants the processors not too busy. A container is often told the load of the whole machine
     * beside the number of its own processors; leave this out there.
     *
     * @param most of the load average of the last minute for each processor, positive
     * @return a new check
     * @throws IllegalArgumentException if it is not positive
     */
    public ResourceCheck loadPerProcessor(double most) {
        if (!(most > 0)) {
            throw new IllegalArgumentException("load per processor must be positive, but is \"" + most + "\"");
        }
        return new ResourceCheck(host, leastDisk, most, leastMemory);
    }

    /**
     * The same check that also wants memory. On Linux what its caches would give back is free; in a container with a limit
     * it is what the JDK calls free.
     *
     * @param bytes what must be free at least, positive
     * @return a new check
     * @throws IllegalArgumentException if they are not positive
     */
    public ResourceCheck freeMemory(long bytes) {
        return new ResourceCheck(host, leastDisk, mostLoad, requirePositive("free memory", bytes));
    }

    private static long requirePositive(String what, long bytes) {
        if (bytes <= 0) {
            throw new IllegalArgumentException(what + " must be a positive number of bytes, but is \"" + bytes + "\"");
        }
        return bytes;
    }

    /**
     * Looks at all of it.
     *
     * @throws IllegalStateException with all that is short
     * @throws InconclusiveException if nothing is, but a figure is not told
     */
    @Override
    public void run(StepContext context) throws InconclusiveException {
        List<String> figures = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        leastDisk.forEach((path, least) -> lookAtDisk(path, least, figures, faults, unknown));
        if (mostLoad != null) {
            double load = host.loadPerProcessor();
            String said = String.format(Locale.ROOT, "load per processor is %.2f", load);
            if (load < 0 || Double.isNaN(load)) {
                unknown.add("the load is not told on this platform");
            } else {
                (load > mostLoad ? faults : figures).add(said + (load > mostLoad ? ", over " + mostLoad : ""));
            }
        }
        if (leastMemory != null) {
            long free = host.freeMemory();
            String said = free + " bytes of memory are free";
            (free < leastMemory ? faults : figures).add(said + (free < leastMemory ? ", not " + leastMemory : ""));
        }
        if (!faults.isEmpty()) {
            throw new IllegalStateException(String.join("; ", faults) + "; make room before releasing");
        }
        if (!unknown.isEmpty()) {
            throw new InconclusiveException(String.join("; ", unknown));
        }
        context.tell(figures.isEmpty() ? "no bounds are set" : String.join(", ", figures));
    }

    private void lookAtDisk(Path path, long least, List<String> figures, List<String> faults, List<String> unknown) {
        String shown = FlagText.printable(path.toString(), 200);
        try {
            long free = host.freeDisk(path);
            String said = free + " bytes are free at \"" + shown + "\"";
            (free < least ? faults : figures).add(said + (free < least ? ", not " + least : ""));
        } catch (NoSuchFileException e) {
            faults.add("\"" + shown + "\" is not there");
        } catch (IOException e) {
            unknown.add("the disk of \"" + shown + "\" does not tell its room: " + FlagText.printable(e));
        }
    }
}
