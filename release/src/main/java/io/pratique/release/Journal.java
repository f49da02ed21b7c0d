package io.pratique.release;

import io.pratique.flags.spi.FlagText;
import io.pratique.release.JournalEntry.Header;
import io.pratique.release.io.Sha256;
import io.pratique.release.io.WholeFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
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
    private final @Nullable Object identity;

    /** Steps ask for it on threads of their own, which may go on while the next entry is written. */
    private final List<JournalEntry> entries;

    private long length;
    private String hash;

    private Journal(Path file, FileChannel channel, JournalText.Content content) throws IOException {
        this.file = file;
        this.reserve = reserveOf(file);
        this.channel = channel;
        this.header = content.header();
        this.identity = identity(file);
        this.entries = new CopyOnWriteArrayList<>(content.entries());
        this.length = content.length();
        this.hash = content.hash();
    }

    private static Path reserveOf(Path file) {
        return file.resolveSibling(file.getFileName() + ".reserve");
    }

    /** Writes a new journal, or none if it fails. */
    static Journal begin(Path file, Header header) throws IOException {
        return rewritten(file, JournalText.line(header));
    }

    /**
     * Opens a journal to go on with it, without a last line that was not written whole. It is another file from now on:
     * whoever had it before, and does not know that he has lost it, writes where nobody reads.
     *
     * @return null if there is none
     * @throws IllegalArgumentException if it cannot be gone on with
     */
    static @Nullable Journal open(Path file) throws IOException {
        JournalText.Content content = read(file);
        return content == null ? null : rewritten(file, Arrays.copyOf(Files.readAllBytes(file), content.length()));
    }

    private static Journal rewritten(Path file, byte[] lines) throws IOException {
        JournalText.Content content = JournalText.read(lines);
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(draft);
        FileChannel channel = FileChannel.open(draft, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            writeFully(channel, 0, lines);
            channel.force(true);
            reserve(file);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
            WholeFile.forceDirectory(file);
            return new Journal(file, channel, content);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Random, for file systems that compress. A disk that is full already has nothing to reserve. */
    private static void reserve(Path file) throws IOException {
        byte[] bytes = new byte[RESERVE_BYTES];
        new SecureRandom().nextBytes(bytes);
        try {
            Files.write(reserveOf(file), bytes);
        } catch (IOException full) {
            Files.deleteIfExists(reserveOf(file));
        }
    }

    /** What a journal holds; null if there is none. */
    static JournalText.@Nullable Content read(Path file) throws IOException {
        try {
            return JournalText.read(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw new IOException("The journal \"" + file + "\" cannot be read: " + FlagText.printable(e), e);
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
     * @param atAnyCost whether the reserve is given up if the disk is full
     * @throws IOException if it cannot be written; then it is not there
     */
    void append(JournalEntry entry, boolean atAnyCost) throws IOException {
        requireMine();
        byte[] line = JournalText.line(entry, hash);
        try {
            write(line);
        } catch (IOException full) {
            if (!atAnyCost || !Files.deleteIfExists(reserve)) {
                throw full;
            }
            write(line);
        }
        entries.add(entry);
        length += line.length;
        hash = Sha256.of(line);
    }

    private void requireMine() throws IOException {
        if (!Objects.equals(identity, identity(file))) {
            throw new IOException("the journal \"" + file + "\" is another process's by now");
        }
    }

    private static @Nullable Object identity(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
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

    /** Puts a journal that has ended where the past is kept. */
    void moveTo(Path past) throws IOException {
        requireMine();
        channel.close();
        Files.deleteIfExists(reserve);
        move(file, past);
    }

    /** Moves a journal to where there is none. */
    static void move(Path from, Path to) throws IOException {
        if (Files.exists(to)) {
            throw new FileAlreadyExistsException(to.toString(), null, "this journal is there already; move it away");
        }
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        WholeFile.forceDirectory(to);
        WholeFile.forceDirectory(from);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
