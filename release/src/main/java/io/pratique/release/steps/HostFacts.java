package io.pratique.release.steps;

import io.pratique.release.io.Host;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.net.InetAddress;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** What can be told of the host that releases. Amounts are in bytes, times in seconds. */
final class HostFacts {

    private HostFacts() {}

    static Map<List<String>, Callable<?>> of(Path directory) {
        OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        Map<List<String>, Callable<?>> facts = new LinkedHashMap<>();
        facts.put(List.of("host", "name"), () -> InetAddress.getLocalHost().getHostName());
        facts.put(List.of("host", "system"), () -> system.getName() + " " + system.getVersion());
        facts.put(List.of("host", "uptimeSeconds"), HostFacts::uptime);
        facts.put(List.of("host", "load"), () -> load(system));
        facts.put(List.of("host", "processors"), system::getAvailableProcessors);
        facts.put(List.of("host", "memory"), HostFacts::memory);
        facts.put(List.of("host", "disk"), () -> disk(directory));
        return facts;
    }

    private static double uptime() throws IOException {
        return Double.parseDouble(Files.readString(Path.of("/proc/uptime")).split(" ", 2)[0]);
    }

    private static double load(OperatingSystemMXBean system) {
        double load = system.getSystemLoadAverage();
        if (load < 0) {
            throw new UnsupportedOperationException("this system tells no load");
        }
        return load;
    }

    private static Map<String, Long> memory() {
        return Map.of("total", Host.THIS.totalMemory(), "free", Host.THIS.freeMemory());
    }

    private static Map<String, Object> disk(Path directory) throws IOException {
        FileStore store = Files.getFileStore(directory);
        return Map.of("of", directory.toString(), "total", store.getTotalSpace(), "usable", store.getUsableSpace());
    }
}
