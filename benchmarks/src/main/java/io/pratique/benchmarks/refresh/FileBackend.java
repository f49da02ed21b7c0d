package io.pratique.benchmarks.refresh;

import io.pratique.env.EnvFlagSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.OptionalLong;

/** A file of lines, put in the place of the one before as a whole. */
final class FileBackend implements Backend {

    private final Path directory = Files.createTempDirectory("pratique-benchmark-file");
    private final Path file = directory.resolve("flags.env");
    private int flags;

    FileBackend() throws IOException {}

    @Override
    public String title() {
        return "a file";
    }

    @Override
    public void fill(int number) throws IOException {
        flags = number;
        change("on");
    }

    @Override
    public void change(String value) throws IOException {
        StringBuilder text = new StringBuilder();
        int changing = Backend.changing(flags);
        for (int i = 0; i < flags; i++) {
            text.append(Backend.key(i))
                    .append('=')
                    .append(i < changing ? value : "on")
                    .append('\n');
        }
        Path next = Files.writeString(directory.resolve("next"), text);
        var unused = Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public Reader open() {
        return new Reader.OfSource(EnvFlagSource.dotEnvFile(file));
    }

    @Override
    public OptionalLong bytesRead() throws IOException {
        return ProcessReads.bytes();
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
        Files.delete(directory);
    }
}
