package io.pratique.release;

import io.pratique.release.JournalEntry.Header;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a release is about to do and has done, each on the disk before the next is begun. Used by one thread at a time, and
 * by one process, which holds the lock of releases.
 */
final class Journal implements AutoCloseable {

    /** Given up when the disk is full, so that a release can still tell of what it undoes. */
    private static final int RESERVE_BYTES = 1 << 16;

    private final Path file;
    private final Path reserve;
    private final FileChannel channel;
    private final Header header;
    private final List<JournalEntry> entries;
    private long length;
    private String hash;

    private Journal(Path file, FileChannel channel, Header header, JournalText.Content content) {
        this.file = file;
        this.reserve = reserveOf(file);
        this.channel = channel;
        this.header = header;
        this.entries = new ArrayList<>(content.entries());
        this.length = content.length();
        this.hash = content.hash();
    }

    private static Path reserveOf(Path file) {
        return file.resolveSibling(file.getFileName() + ".reserve");
    }

    /** Writes a new journal, or none if it fails. */
    static Journal begin(Path file, Header header) throws IOException {
        byte[] line = JournalText.line(header);
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                draft, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            writeFully(channel, 0, line);
            channel.force(true);
        }
        Files.write(reserveOf(file), new byte[RESERVE_BYTES]);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        forceDirectory(file);
        Journal journal = open(file);
        if (journal == null) {
            throw new IOException("the journal \"" + file + "\" was not kept; is the disk sound?");
        }
        return journal;
    }

    /**
     * Opens a journal to go on with it, and cuts off a last line that was not written whole.
     *
     * @return null if there is none
     * @throws IllegalArgumentException if it cannot be gone on with
     */
    static @Nullable Journal open(Path file) throws IOException {
        JournalText.Content content = read(file);
        Header header = content == null ? null : content.header();
        if (content == null || header == null) {
            return null;
        }
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        try {
            channel.truncate(content.length());
            channel.force(true);
            return new Journal(file, channel, header, content);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** What a journal holds; null if there is none. */
    static JournalText.@Nullable Content read(Path file) throws IOException {
        try {
            return JournalText.read(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return null;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("The journal \"" + file + "\" cannot be read: " + e.getMessage(), e);
        }
    }

    Header header() {
        return header;
    }

    /** All entries so far, the oldest first. */
    List<JournalEntry> entries() {
        return List.copyOf(entries);
    }

    /**
     * Writes an entry. When this returns, a crash of the machine does not undo it.
     *
     * @throws IOException if it cannot be written; then it is not there
     */
    void append(JournalEntry entry) throws IOException {
        byte[] line = JournalText.line(entry, hash);
        try {
            write(line);
        } catch (IOException full) {
            if (!Files.deleteIfExists(reserve)) {
                throw full;
            }
            write(line);
        }
        entries.add(entry);
        length += line.length;
        hash = JournalText.hash(line);
    }

    private void write(byte[] line) throws IOException {
        try {
            writeFully(channel, length, line);
            channel.force(true);
        } catch (IOException e) {
            channel.truncate(length);
            throw e;
        }
    }

    private static void writeFully(FileChannel channel, long position, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            int written = channel.write(buffer, position + buffer.position());
            if (written < 0) {
                throw new IOException("nothing can be written any more");
            }
        }
    }

    /** A new name is on the disk only once its directory is. */
    private static void forceDirectory(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            } catch (IOException directoriesAreNotOpenedHere) {
                // As on Windows, which keeps names without being asked.
            }
        }
    }

    /** Puts a journal that has ended where the past is kept. */
    void moveTo(Path past) throws IOException {
        channel.close();
        Files.deleteIfExists(reserve);
        Files.move(file, past, StandardCopyOption.ATOMIC_MOVE);
        forceDirectory(past);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
