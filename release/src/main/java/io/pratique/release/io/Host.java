package io.pratique.release.io;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a machine tells of its resources. */
public interface Host {

    /** The machine that this runs on, or the container. */
    Host THIS = new ThisHost();

    /** Bytes that the disk of a path has room for. */
    long freeDisk(Path path) throws IOException;

    /** The load of the last minute by processors; negative if the platform does not tell it. */
    double loadPerProcessor();

    /** Bytes that can be given to processes. */
    long freeMemory();

    /** Bytes of memory that there are, given away or not. */
    long totalMemory();

    /** As the JDK tells it, but for what Linux knows better. */
    final class ThisHost implements Host {

        private static final Path MEMORY = Path.of("/proc/meminfo");
        private static final int KIBI = 1024;

        private ThisHost() {}

        private static OperatingSystemMXBean system() {
            return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        }

        @Override
        public long freeDisk(Path path) throws IOException {
            return Files.getFileStore(path).getUsableSpace();
        }

        @Override
        public double loadPerProcessor() {
            return system().getSystemLoadAverage() / system().getAvailableProcessors();
        }

        @Override
        public long totalMemory() {
            return system().getTotalMemorySize();
        }

        /** What Linux calls free leaves out its caches, which it gives back; a container's limit only the JDK knows. */
        @Override
        public long freeMemory() {
            try {
                List<String> lines = Files.readAllLines(MEMORY);
                boolean limited = system().getTotalMemorySize() < bytes(lines, "MemTotal:");
                return limited ? system().getFreeMemorySize() : bytes(lines, "MemAvailable:");
            } catch (IOException | IllegalArgumentException notLinux) {
                return system().getFreeMemorySize();
            }
        }

        private static long bytes(List<String> lines, String name) {
            String line = lines.stream()
                    .filter(each -> each.startsWith(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(MEMORY + " has no " + name));
            return KIBI
                    * Long.parseLong(
                            line.substring(name.length()).replace("kB", "").strip());
        }
    }
}
