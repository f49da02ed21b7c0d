package io.pratique.flags;

import io.pratique.flags.spi.FlagSet;
import io.pratique.time.Timeline;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Last-known-good values on disk, so that a restart during an outage forgets nothing. The file is replaced as a whole:
 * written beside, forced to disk, renamed over. One process writes it, the one that holds the lock on the file beside
 * it; others only read.
 *
 * <p>Nothing here throws: a disk that fails costs the memory across a restart, never the flags.
 */
final class SnapshotFile implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FlagClient.class);

    /** More than any set of flags takes; a larger file is not ours. */
    private static final long MAX_BYTES = 256L << 20;

    /** As many as Linux follows. */
    private static final int MAX_LINKS = 40;

    private final Path path;
    private final Timeline timeline;
    private List<Object> written = List.of();
    private final SnapshotLock lock;
    private boolean saidReadOnly;
    private boolean failing;
    private boolean closed;

    SnapshotFile(Path path, Timeline timeline) {
        this.path = followed(path.toAbsolutePath());
        this.lock = new SnapshotLock(this.path.resolveSibling(this.path.getFileName() + ".lock"));
        this.timeline = timeline;
    }

    /** Where a link leads: to replace the link itself would leave the place that was meant without a file. */
    private static Path followed(Path path) {
        Path target = path;
        for (int links = 0; links < MAX_LINKS && Files.isSymbolicLink(target); links++) {
            try {
                target = target.resolveSibling(Files.readSymbolicLink(target));
            } catch (IOException unreadable) {
                LOG.debug("The link {} cannot be followed", target, unreadable);
                return target;
            }
        }
        return target;
    }

    /** What an earlier process left; nothing if there is no file or it cannot be believed. */
    SnapshotText.Content read() {
        try {
            if (!Files.exists(path)) {
                return SnapshotText.Content.EMPTY;
            }
            return SnapshotText.read(readIfOurs(), Moment.now(timeline));
        } catch (IOException | RuntimeException e) {
            LOG.atWarn().addKeyValue("file", path).log("Snapshot file {} is ignored: {}", path, e.toString());
            return SnapshotText.Content.EMPTY;
        }
    }

    /** Looks before it reads: a pipe would not end, and the data of others may be large. */
    private byte[] readIfOurs() throws IOException {
        requireFile();
        if (Files.size(path) > MAX_BYTES) {
            throw new IllegalArgumentException("it is larger than any snapshot");
        }
        try (InputStream start = Files.newInputStream(path)) {
            SnapshotText.requireHeader(start.readNBytes(SnapshotText.HEADER_LENGTH));
        }
        return Files.readAllBytes(path);
    }

    private void requireFile() throws IOException {
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new IOException("it is a directory, a pipe or a device; give the path of a file");
        }
    }

    /** Writes what is held, unless the file says so already or another process writes it. */
    synchronized void write(Snapshot snapshot) {
        // A file that somebody has removed says nothing.
        if (!content(snapshot).equals(written) || !Files.exists(path)) {
            writeAnyway(snapshot);
        }
    }

    /** Writes what is held though the file may say so already: for the times at which the sources last answered. */
    synchronized void writeAnyway(Snapshot snapshot) {
        if (closed) {
            return;
        }
        List<Object> content = content(snapshot);
        // Files close under the hands of an interrupted thread, and this may be the last chance to write.
        boolean interrupted = Thread.interrupted();
        try {
            if (mayWrite()) {
                replace(SnapshotText.write(snapshot, Moment.now(timeline)));
                written = content;
                failing = false;
            }
        } catch (IOException | RuntimeException e) {
            LOG.atLevel(failing ? Level.DEBUG : Level.WARN)
                    .addKeyValue("file", path)
                    .log("Snapshot file {} cannot be written, a restart would forget: {}", path, e.toString());
            failing = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** What makes two snapshots the same to the file. Maps of held keys are compared by identity, which is cheap. */
    private static List<Object> content(Snapshot snapshot) {
        List<Object> content = new ArrayList<>();
        content.add(snapshot.overrides());
        for (SourceState source : snapshot.sources()) {
            FlagSet delivered = source.delivered();
            content.add(new SameMap(source.held()));
            content.add(delivered != null);
            content.add(Optional.ofNullable(delivered == null ? null : delivered.historyMark()));
        }
        return content;
    }

    private record SameMap(Map<String, Held> map) {

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof SameMap that && map == that.map;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(map);
        }
    }

    private boolean mayWrite() throws IOException {
        Path parent = path.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        boolean mine = lock.acquire();
        if (!mine && !saidReadOnly) {
            saidReadOnly = true;
            LOG.atWarn()
                    .addKeyValue("file", path)
                    .log("Snapshot file {} is written by another client; this one only reads it", path);
        }
        return mine;
    }

    private void replace(byte[] bytes) throws IOException {
        requireFile();
        Path beside = path.resolveSibling(path.getFileName() + ".tmp");
        try (FileChannel channel = FileChannel.open(
                beside, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                int unused = channel.write(rest);
            }
            channel.force(true);
        }
        Files.move(beside, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forceDirectory();
    }

    /** The rename itself must survive a crash too; where directories cannot be forced, it survives as the system sees fit. */
    private void forceDirectory() {
        Path parent = path.getParent();
        if (parent == null) {
            return;
        }
        try (FileChannel directory = FileChannel.open(parent, StandardOpenOption.READ)) {
            directory.force(true);
        } catch (IOException e) {
            LOG.debug("Directory {} cannot be forced to disk", parent, e);
        }
    }

    /** Writes no more, and lets another client do so. */
    @Override
    public synchronized void close() {
        closed = true;
        try {
            lock.close();
        } catch (IOException e) {
            LOG.debug("The lock on {} was not released", path, e);
        }
    }
}
