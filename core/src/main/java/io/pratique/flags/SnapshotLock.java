package io.pratique.flags;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The right to write a snapshot file, which one client on the machine has at a time: a lock on a file beside it. The
 * system frees it when the process ends, however it ends.
 *
 * <p>Not for use by several threads at once.
 */
final class SnapshotLock implements AutoCloseable {

    /**
     * What clients of this process hold. A second client must not so much as open the lock file: where a lock belongs to
     * the process, as it does on POSIX systems, closing any channel to the file gives it up.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path file;
    private @Nullable Path claimed;
    private @Nullable FileChannel channel;

    SnapshotLock(Path file) {
        this.file = file;
    }

    /** Whether the right is held from now on; false if someone else has it. */
    boolean acquire() throws IOException {
        if (channel != null) {
            return true;
        }
        Path claim = file.resolveSibling(".").toRealPath().resolve(file.getFileName());
        if (!HELD.add(claim)) {
            return false;
        }
        FileChannel locked = null;
        try {
            locked = lock(claim);
        } finally {
            if (locked == null) {
                HELD.remove(claim);
            }
        }
        claimed = claim;
        channel = locked;
        return locked != null;
    }

    private static @Nullable FileChannel lock(Path file) throws IOException {
        FileChannel opened = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (opened.tryLock() != null) {
                return opened;
            }
        } catch (OverlappingFileLockException heldUnderAnotherClassLoader) {
            // As good as held by another process.
        } catch (IOException e) {
            opened.close();
            throw e;
        }
        opened.close();
        return null;
    }

    /** Lets another client have it. */
    @Override
    public void close() throws IOException {
        if (channel != null && claimed != null) {
            try {
                channel.close();
            } finally {
                HELD.remove(claimed);
                channel = null;
            }
        }
    }
}
