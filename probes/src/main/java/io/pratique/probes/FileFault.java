package io.pratique.probes;

import io.pratique.readiness.ProbeResult;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the operating system says of a path. */
final class FileFault {

    private static final Set<String> FULL = Set.of("No space left on device", "Disk quota exceeded");

    /** What the operating system says of a mount that is not what it was, in the words of Linux. */
    private static final Set<String> GONE = Set.of(
            "Input/output error",
            "Stale file handle",
            "Read-only file system",
            "Transport endpoint is not connected",
            "Host is down",
            "No such device");

    private FileFault() {}

    /** Down or saturated; null if the fault is not the storage's. */
    static @Nullable ProbeResult classify(Throwable thrown) {
        if (thrown instanceof ReadOnlyFileSystemException) {
            return ProbeResult.down("read-only");
        }
        if (!(thrown instanceof IOException) || Causes.isOurs(thrown)) {
            return null;
        }
        FileSystemException fault = thrown instanceof FileSystemException named ? named : null;
        // Whoever reads or writes an open file is told the reason alone.
        String reason = String.valueOf(fault == null ? thrown.getMessage() : fault.getReason());
        if (FULL.contains(reason)) {
            return ProbeResult.saturated(reason);
        }
        if (fault == null) {
            return GONE.contains(reason) ? ProbeResult.down(reason) : null;
        }
        return ProbeResult.down(fault.getFile() + ": " + words(fault, reason));
    }

    private static String words(FileSystemException fault, String reason) {
        if (fault instanceof NoSuchFileException) {
            return "does not exist";
        }
        if (fault instanceof NotDirectoryException) {
            return "is no directory";
        }
        return fault instanceof AccessDeniedException ? "no access" : reason;
    }
}
