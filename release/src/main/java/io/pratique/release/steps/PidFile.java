package io.pratique.release.steps;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An empty file whose name tells of a process that runs for a release, for who goes on with that release meanwhile: after a
 * kill, or after the lock was taken away, the process may still be there. Its number may be another process's later, so the
 * name has the time of its start, in ticks of the kernel, and the boot that those are counted from.
 */
final class PidFile implements AutoCloseable {

    private static final String PREFIX = ".command-";
    private static final Path PROCESSES = Path.of("/proc");
    private static final int START_TICKS = 19;
    private static final long LOOK_MILLIS = 50;

    /** Steps may run several at a time, which do not wait for each other. */
    private static final Set<Path> OF_THIS_JVM = ConcurrentHashMap.newKeySet();

    private final Path file;

    private PidFile(Path file) {
        this.file = file;
    }

    /** Marks a process as one of a release. Null if that cannot be done, as on a full disk, where undoing must go on. */
    static @Nullable PidFile of(Path directory, long pid) {
        String start = start(pid);
        if (start == null) {
            return null;
        }
        Path file = directory.resolve(PREFIX + pid + "-" + start).toAbsolutePath();
        OF_THIS_JVM.add(file);
        try {
            return new PidFile(Files.createFile(file));
        } catch (IOException full) {
            OF_THIS_JVM.remove(file);
            return null;
        }
    }

    /** Waits until no process goes on that another JVM has started for the release of a directory. */
    static void awaitOthers(Path directory, Consumer<String> waiting) throws IOException, InterruptedException {
        List<Path> others = others(directory);
        if (!others.isEmpty()) {
            waiting.accept("waits for what an earlier run has started and what goes on, process " + pid(others.get(0))
                    + " and its children");
        }
        while (!others.isEmpty()) {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            others = others(directory);
        }
    }

    private static List<Path> others(Path directory) throws IOException {
        List<Path> others = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory.toAbsolutePath(), PREFIX + "*")) {
            for (Path file : files) {
                if (isAlive(file)) {
                    others.add(file);
                } else {
                    Files.deleteIfExists(file);
                }
            }
        } catch (NoSuchFileException gone) {
            return List.of();
        }
        others.removeAll(OF_THIS_JVM);
        return others;
    }

    private static boolean isAlive(Path file) {
        String pid = pid(file);
        return pid.matches("\\d{1,18}")
                && file.getFileName().toString().equals(PREFIX + pid + "-" + start(Long.parseLong(pid)));
    }

    private static String pid(Path file) {
        return file.getFileName().toString().substring(PREFIX.length()).replaceFirst("-.*", "");
    }

    /** When a process was started; null if it is gone, ended, or this is not Linux. */
    private static @Nullable String start(long pid) {
        try {
            String stat = new String(Files.readAllBytes(PROCESSES.resolve(pid + "/stat")), StandardCharsets.ISO_8859_1);
            // The name, which comes second and in parentheses, may hold anything.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            String boot = Files.readString(PROCESSES.resolve("sys/kernel/random/boot_id"))
                    .strip();
            return fields[0].equals("Z") ? null : fields[START_TICKS] + "-" + boot;
        } catch (IOException gone) {
            return null;
        }
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException stays) {
            // It tells of a process that is gone.
        }
        OF_THIS_JVM.remove(file);
    }
}
