package io.pratique.release;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A number that a holder counts on with, in a file of eight bytes. It needs no space beside, so a full disk stops it not. */
final class Heartbeat implements AutoCloseable {

    /** What nobody has counted to. */
    static final long NONE = -1;

    private final Path file;
    private final FileChannel channel;
    private long beats;

    private Heartbeat(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    static Heartbeat start(Path file) throws IOException {
        Heartbeat started =
                new Heartbeat(file, FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
        try {
            started.beat();
            return started;
        } catch (IOException e) {
            started.channel.close();
            throw e;
        }
    }

    void beat() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).putLong(0, ++beats);
        while (bytes.hasRemaining()) {
            channel.write(bytes, bytes.position());
        }
    }

    /** How far a holder has counted. */
    static long read(Path file) throws IOException {
        try {
            byte[] bytes = Files.readAllBytes(file);
            return bytes.length == Long.BYTES ? ByteBuffer.wrap(bytes).getLong() : NONE;
        } catch (NoSuchFileException e) {
            return NONE;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(file);
    }
}
