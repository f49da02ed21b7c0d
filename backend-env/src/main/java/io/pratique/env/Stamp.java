package io.pratique.env;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a file looks like without being read, symbolic links followed.
 *
 * @param size in bytes
 * @param modified as precise as the file system has it
 * @param changed the time of the last change of content or attributes, which nobody can set: it gives away a file whose
 *     time of modification was put back; null where the file system has none
 * @param identity gives away another file at the same place; null where the file system has none
 * @param isFile whether it is a regular file
 */
record Stamp(
        long size,
        @Nullable FileTime modified,
        @Nullable FileTime changed,
        @Nullable Object identity,
        boolean isFile) {

    /** What is there by name only: a link that leads nowhere, or a file that may not be seen. */
    static final Stamp UNREADABLE = new Stamp(-1, null, null, null, true);

    private static final String UNIX = "unix:size,lastModifiedTime,ctime,fileKey,isRegularFile";

    static Stamp of(Path file) throws IOException {
        if (!file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            BasicFileAttributes basic = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(basic.size(), basic.lastModifiedTime(), null, basic.fileKey(), basic.isRegularFile());
        }
        Map<String, Object> unix = Files.readAttributes(file, UNIX);
        return new Stamp(
                unix.get("size") instanceof Long size ? size : -1,
                unix.get("lastModifiedTime") instanceof FileTime time ? time : null,
                unix.get("ctime") instanceof FileTime time ? time : null,
                unix.get("fileKey"),
                Boolean.TRUE.equals(unix.get("isRegularFile")));
    }

    /**
     * Whether no edit of a file that had been still leaves this stamp as it is: the file system tells when a file was
     * changed, and in parts of a second.
     */
    boolean isExact() {
        return changed != null && changed.to(TimeUnit.NANOSECONDS) % TimeUnit.SECONDS.toNanos(1) != 0;
    }

    /** This stamp and the name it belongs to in 64 bits, for a directory whose files are too many to keep the stamps. */
    long hash(String name) {
        long hash = 0;
        for (int i = 0; i < name.length(); i++) {
            hash = 31 * hash + name.charAt(i);
        }
        hash = mixed(hash) + size;
        hash = mixed(hash) + nanos(modified);
        hash = mixed(hash) + nanos(changed);
        return mixed(mixed(hash) + Objects.hashCode(identity));
    }

    private static long nanos(@Nullable FileTime time) {
        return time == null ? 0 : time.to(TimeUnit.NANOSECONDS);
    }

    /** Spreads each bit over all others, as the end of MurmurHash3 does. */
    private static long mixed(long hash) {
        long h = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return h ^ (h >>> 33);
    }
}
