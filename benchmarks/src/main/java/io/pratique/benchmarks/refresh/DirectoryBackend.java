package io.pratique.benchmarks.refresh;

import io.pratique.env.EnvFlagSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** A directory of one file per flag. */
final class DirectoryBackend implements Backend {

    private final Path directory = Files.createTempDirectory("pratique-benchmark-directory");
    private int flags;

    DirectoryBackend() throws IOException {}

    @Override
    public String title() {
        return "a directory of one file per flag";
    }

    @Override
    public void fill(int number) throws IOException {
        write(flags, number, "on");
        flags = number;
    }

    @Override
    public void change(String value) throws IOException {
        write(0, Backend.changing(flags), value);
    }

    private void write(int from, int to, String value) throws IOException {
        for (int i = from; i < to; i++) {
            var unused = Files.writeString(directory.resolve(Backend.key(i)), value);
        }
    }

    @Override
    public Reader open() {
        return new Reader.OfSource(EnvFlagSource.directory(directory));
    }

    @Override
    public OptionalLong bytesRead() throws IOException {
        return ProcessReads.bytes();
    }

    @Override
    public void close() throws IOException {
        for (int i = 0; i < flags; i++) {
            Files.deleteIfExists(directory.resolve(Backend.key(i)));
        }
        Files.delete(directory);
    }
}
