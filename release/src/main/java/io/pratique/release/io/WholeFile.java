package io.pratique.release.io;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A file that is only ever replaced as a whole: whoever reads it, and whoever finds it after a crash, has the old one or the
 * new one. One thread of one process writes it at a time.
 */
public final class WholeFile {

    private WholeFile() {}

    /** Replaces a file, on the disk when this returns, by way of one beside it whose name ends with {@code .new}. */
    public static void replace(Path file, byte[] bytes) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        write(draft, bytes);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        forceDirectory(file);
    }

    /** Writes a file that nobody reads yet. Not by a channel: an interrupt would close that, and half of it be there. */
    public static void write(Path file, byte[] bytes) throws IOException {
        try (FileOutputStream out = new FileOutputStream(file.toFile())) {
            out.write(bytes);
            out.getFD().sync();
        }
    }

    /** A new name is on the disk only once its directory is. */
    public static void forceDirectory(Path file) {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            } catch (IOException directoriesAreNotOpenedHere) {
                // As on Windows, which keeps names without being asked.
            }
        }
    }
}
