package io.pratique.env;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A directory of one file per variable. In a mounted ConfigMap or Secret the files are links through {@code ..data},
 * itself a link to the directory of one generation, which Kubernetes replaces as a whole. There, everything is read in
 * the one generation that {@code ..data} led to at the time of the look, so no two generations can mix.
 */
final class DirectoryOrigin implements Origin {

    private static final String DATA = "..data";

    /** Longer texts are cut: no flag's word is as long, and not every file in a directory need be a flag. */
    private static final int LIMIT = 1 << 16;

    private final Path directory;
    private volatile boolean wasMount;

    DirectoryOrigin(Path directory) {
        this.directory = directory;
    }

    /** A generation that is replaced meanwhile is gone, and no outage. */
    @Override
    public Look look() {
        while (true) {
            Path generation = generation();
            try {
                return lookInto(inside());
            } catch (Fault e) {
                return outage(e.getMessage());
            } catch (IOException e) {
                if (Objects.equals(generation, generation())) {
                    return outage(e);
                }
            }
        }
    }

    /** What {@code ..data} leads to; null if it leads nowhere. */
    private @Nullable Path generation() {
        try {
            return Files.readSymbolicLink(directory.resolve(DATA));
        } catch (IOException | UnsupportedOperationException noLink) {
            return null;
        }
    }

    /** Where the files are. */
    private Path inside() throws IOException {
        Path data = directory.resolve(DATA);
        if (Files.exists(data, LinkOption.NOFOLLOW_LINKS)) {
            wasMount = true;
            return data.toRealPath();
        }
        if (wasMount) {
            throw new Fault("has lost its \"..data\"; is the volume still mounted?");
        }
        return directory;
    }

    /** The sum of the hashes, since the names come in any order. */
    private Look lookInto(Path inside) throws IOException {
        long[] sum = new long[3];
        forEachFile(inside, !inside.equals(directory), (name, stamp) -> {
            sum[0]++;
            sum[1] += stamp.hash(name);
            sum[2] += stamp.isExact() ? 0 : 1;
        });
        return new Listing(this, inside, sum[0], sum[1], sum[2] == 0);
    }

    /** Does something to each file of a directory. */
    @FunctionalInterface
    private interface FileVisitor {

        void visit(String name, Stamp stamp) throws IOException;
    }

    private static void forEachFile(Path inside, boolean isGeneration, FileVisitor visitor) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(inside)) {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                Stamp stamp = name.startsWith(".") ? null : stamp(entry);
                if (!isGeneration && isPartOfMount(entry, name, stamp)) {
                    throw new Fault("is a mount without \"..data\"; is the volume mounted in whole?");
                }
                if (stamp != null && stamp.isFile()) {
                    visitor.visit(name, stamp);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private static Stamp stamp(Path entry) {
        try {
            return Stamp.of(entry);
        } catch (IOException e) {
            return Stamp.UNREADABLE;
        }
    }

    /** Whether something is found only beside {@code ..data}: a generation, or a link into {@code ..data}. */
    private static boolean isPartOfMount(Path entry, String name, @Nullable Stamp stamp) throws IOException {
        return name.startsWith("..")
                || (Stamp.UNREADABLE.equals(stamp)
                        && Files.isSymbolicLink(entry)
                        && Files.readSymbolicLink(entry).startsWith(DATA));
    }

    private Look outage(IOException e) {
        if (e instanceof NoSuchFileException) {
            return outage("is missing");
        }
        return outage(e instanceof NotDirectoryException ? "is not a directory" : "cannot be read: " + e);
    }

    private Look outage(String fault) {
        return new Look.Outage(message(fault));
    }

    private String message(String fault) {
        return "The flag directory \"" + directory + "\" " + fault;
    }

    /** All or nothing: a flag whose file is there and cannot be read is not a flag that is gone. */
    private void read(Path inside, Draft draft) throws IOException {
        forEachFile(inside, true, (name, stamp) -> draft.add(name, read(inside.resolve(name))));
    }

    private String read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return withoutLineEnd(new String(in.readNBytes(LIMIT), StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            // A link that leads nowhere: its flag is not gone, so it is spoilt. Of a file that has just vanished, the
            // next look tells.
            return "";
        } catch (IOException e) {
            // Its message names a file that may be no flag at all, so only its kind is passed on.
            throw new IOException(
                    message("has a file that cannot be read: " + e.getClass().getSimpleName()));
        }
    }

    /** Editors and {@code echo} end a file with a line end, which is no part of the value. */
    private static String withoutLineEnd(String text) {
        int end = text.length();
        if (text.endsWith("\n")) {
            end -= text.endsWith("\r\n") ? 2 : 1;
        }
        return text.substring(0, end);
    }

    /** The files of a directory as one sees them before opening any. */
    private record Listing(DirectoryOrigin origin, Path inside, long files, long hash, boolean isExact)
            implements Look {

        @Override
        public void readInto(Draft draft) throws IOException {
            origin.read(inside, draft);
        }
    }

    /** What is wrong with the directory, to be put behind its name. */
    private static final class Fault extends IOException {

        private static final long serialVersionUID = 1L;
        private final String fault;

        Fault(String fault) {
            super(fault);
            this.fault = fault;
        }

        @Override
        public String getMessage() {
            return fault;
        }
    }
}
