package io.pratique.release.incidents;

import io.pratique.release.io.InThisJvm;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lets one thread of all processes of a host at a file: within this JVM threads queue before the file is opened, for the
 * reasons that {@link InThisJvm} gives. It ends with the process.
 */
final class QueueLock implements AutoCloseable {

    private static final long PAUSE_MILLIS = 10;

    private final ReentrantLock inThisJvm;
    private final FileChannel channel;

    private QueueLock(ReentrantLock inThisJvm, FileChannel channel) {
        this.inThisJvm = inThisJvm;
        this.channel = channel;
    }

    /**
     * Takes the lock.
     *
     * @param directory is there; the same for all
     * @param name of the file, which is used for nothing else
     * @param atMost how long to wait for a thread of this JVM, and then for another process
     * @return null if somebody else has it for longer
     */
    static @Nullable QueueLock acquire(Path directory, String name, Duration atMost)
            throws IOException, InterruptedException {
        Path file = directory.toRealPath().resolve(name);
        ReentrantLock inThisJvm = InThisJvm.before(file);
        if (!inThisJvm.tryLock(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            return null;
        }
        FileChannel locked = null;
        try {
            locked = locked(file, atMost);
            return locked == null ? null : new QueueLock(inThisJvm, locked);
        } finally {
            if (locked == null) {
                inThisJvm.unlock();
            }
        }
    }

    private static @Nullable FileChannel locked(Path file, Duration atMost) throws IOException, InterruptedException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean locked = false;
        try {
            locked = isLocked(channel);
            for (long left = atMost.toMillis(); !locked && left > 0; left -= PAUSE_MILLIS) {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
                locked = isLocked(channel);
            }
            return locked ? channel : null;
        } finally {
            if (!locked) {
                channel.close();
            }
        }
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException takenByThisJvm) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            inThisJvm.unlock();
        }
    }
}
