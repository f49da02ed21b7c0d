package io.pratique.release.checks;

import io.pratique.flags.spi.FlagText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the bytes of a migration piece by piece, whatever its length. */
final class MigrationText {

    /** Far above any migration that is written by people; reading it takes seconds. */
    static final long MOST_BYTES = 1L << 30;

    /** Takes pieces of a file. */
    @FunctionalInterface
    interface Sink {
        void take(byte[] bytes, int length);
    }

    private MigrationText() {}

    static void read(Path file, Sink sink) throws IOException {
        try {
            requireLength(Files.size(file));
            pour(file, sink);
        } catch (IOException e) {
            throw new IOException(
                    "migration \"" + FlagText.printable(file.toString(), 200) + "\" cannot be read: "
                            + FlagText.printable(e),
                    e);
        }
    }

    private static void requireLength(long length) throws IOException {
        if (length > MOST_BYTES) {
            throw new IOException("it has more than " + MOST_BYTES + " bytes; is it a migration?");
        }
    }

    /** Counts as well, for what is no file has no length, and what is one may grow. */
    private static void pour(Path file, Sink sink) throws IOException {
        long length = 0;
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[1 << 16];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                length += read;
                requireLength(length);
                sink.take(buffer, read);
            }
        }
    }
}
