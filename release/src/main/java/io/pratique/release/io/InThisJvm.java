package io.pratique.release.io;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What this JVM holds, whatever class loader asks. The operating system tells processes apart, not threads; and it drops
 * all locks that a process has on a file when that process closes the file once, however often it had opened it. So a file
 * that this JVM has locked must not be opened by it again.
 */
public final class InThisJvm {

    private static final String KEY = "io.pratique.release.locks";

    private InThisJvm() {}

    /** The system properties are the one map that all class loaders share. */
    @SuppressWarnings("unchecked") // nobody else uses this key
    private static Map<String, ReentrantLock> locks() {
        return (Map<String, ReentrantLock>)
                System.getProperties().computeIfAbsent(KEY, key -> new ConcurrentHashMap<String, ReentrantLock>());
    }

    private static String name(Path file) {
        return file.toAbsolutePath().normalize().toString();
    }

    /** The lock that stands before the locking of a file. */
    public static ReentrantLock before(Path file) {
        return locks().computeIfAbsent(name(file), key -> new ReentrantLock());
    }

    /** Notes that a file is held, until it is let go. */
    public static void hold(Path file) {
        locks().put(name(file), new ReentrantLock());
    }

    public static void letGo(Path file) {
        locks().remove(name(file));
    }

    public static boolean holds(Path file) {
        return locks().containsKey(name(file));
    }
}
