package io.pratique.benchmarks.refresh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** What this process has read from files, as Linux counts it. */
final class ProcessReads {

    private static final Path COUNTS = Path.of("/proc/self/io");
    private static final String READ = "rchar: ";

    private ProcessReads() {}

    /** All bytes so far; empty where nobody counts them. */
    static OptionalLong bytes() throws IOException {
        if (!Files.isReadable(COUNTS)) {
            return OptionalLong.empty();
        }
        return Files.readAllLines(COUNTS).stream()
                .filter(line -> line.startsWith(READ))
                .mapToLong(line -> Long.parseLong(line.substring(READ.length())))
                .findFirst();
    }
}
