package io.pratique.probes;

import io.pratique.readiness.Probe;
import io.pratique.readiness.ProbeResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Asks whether a directory can be used: it is there, and a file can be written to it and deleted. Immutable; each setter
 * gives a new probe.
 *
 * <pre>{@code
 * DirectoryProbe.of(Path.of("/mnt/artifacts")).marker("this-is-mounted").minimumFree(1L << 30)
 * }</pre>
 *
 * <p>A full disk is saturated, so that jobs which make room still run; all else that the operating system says of the
 * directory is down. A mount that hangs, hangs the check, and the gate gives that up; a mount that is gone leaves an
 * empty directory, which only a {@linkplain #marker marker} tells from the real one.
 */
public final class DirectoryProbe implements Probe {

    private final Path directory;
    private final @Nullable String marker;
    private final long minimumFree;

    private DirectoryProbe(Path directory, @Nullable String marker, long minimumFree) {
        this.directory = directory;
        this.marker = marker;
        this.minimumFree = minimumFree;
    }

    /**
     * Asks whether a directory takes files.
     *
     * @param directory need not be there yet
     * @return a probe
     * @throws IllegalArgumentException if it is null
     */
    public static DirectoryProbe of(Path directory) {
        return new DirectoryProbe(Arguments.required("The directory of a DirectoryProbe", directory), null, 0);
    }

    /**
     * A file that has to be there besides; without it the probe is down. Put it on what is to be mounted.
     *
     * @param name relative to the directory
     * @return a new probe
     * @throws IllegalArgumentException if it is null, blank, or leads out of the directory
     */
    public DirectoryProbe marker(String name) {
        String text = Arguments.notBlank("The marker of a DirectoryProbe", name);
        if (text.indexOf('\0') >= 0 || !directory.resolve(text).normalize().startsWith(directory.normalize())) {
            throw Arguments.refused(
                    "The marker of a DirectoryProbe",
                    "must lie in the directory",
                    name,
                    "give the name of a file in it");
        }
        return new DirectoryProbe(directory, text, minimumFree);
    }

    /**
     * How many bytes have to be free; fewer are saturated.
     *
     * @param bytes positive
     * @return a new probe
     * @throws IllegalArgumentException if it is zero or negative
     */
    public DirectoryProbe minimumFree(long bytes) {
        return new DirectoryProbe(directory, marker, Arguments.positive("The free space of a DirectoryProbe", bytes));
    }

    @Override
    public ProbeResult check() throws IOException {
        if (!Files.isDirectory(directory)) {
            throw Files.exists(directory)
                    ? new NotDirectoryException(directory.toString())
                    : new NoSuchFileException(directory.toString());
        }
        if (marker != null && !Files.exists(directory.resolve(marker))) {
            return ProbeResult.down("no marker \"" + marker + "\" in " + directory + ": perhaps it is not mounted");
        }
        Path written = Files.createTempFile(directory, ".pratique-", ".probe");
        try {
            Files.write(written, new byte[] {1});
        } catch (IOException refused) {
            // What the system says of a full disk is in the language of the machine.
            if (Files.getFileStore(directory).getUsableSpace() == 0) {
                return ProbeResult.saturated("no space left in " + directory);
            }
            throw refused;
        } finally {
            Files.delete(written);
        }
        long free = minimumFree == 0 ? 0 : Files.getFileStore(directory).getUsableSpace();
        return free < minimumFree
                ? ProbeResult.saturated(free + " bytes free in " + directory + ", not " + minimumFree)
                : ProbeResult.up();
    }

    /** A full disk is saturated; what else the operating system says of the directory is down. */
    @Override
    public @Nullable ProbeResult classify(Throwable failure) {
        return FileFault.classify(failure);
    }

    /** The directory. */
    @Override
    public String toString() {
        return "DirectoryProbe[" + directory + "]";
    }
}
