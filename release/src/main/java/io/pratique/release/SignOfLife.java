package io.pratique.release;

import io.pratique.release.io.InThisJvm;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A locked file: the operating system lets it go when the process is gone, however that came about. */
final class SignOfLife implements AutoCloseable {

    private final Path file;
    private final FileChannel channel;

    private SignOfLife(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    static SignOfLife give(Path file) throws IOException {
        if (InThisJvm.holds(file)) {
            throw new IOException("\"" + file + "\" is held by this JVM already");
        }
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() == null) {
                throw new IOException("\"" + file + "\" is held by another process");
            }
            InThisJvm.hold(file);
            return new SignOfLife(file, channel);
        } catch (IOException | OverlappingFileLockException e) {
            channel.close();
            throw e;
        }
    }

    /** Whether some process, be it this one, holds a file. */
    static boolean isGiven(Path file) throws IOException {
        if (InThisJvm.holds(file)) {
            return true;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            return channel.tryLock() == null;
        } catch (NoSuchFileException gone) {
            return false;
        } catch (OverlappingFileLockException takenJustNow) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            InThisJvm.letGo(file);
            Files.deleteIfExists(file);
        }
    }
}
