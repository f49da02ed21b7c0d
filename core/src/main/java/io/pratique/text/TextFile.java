package io.pratique.text;

import io.pratique.flags.spi.FlagText;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A file that people write by hand: UTF-8, short, without what no editor writes. Errors name the file, its fault and a
 * remedy, and nothing of its content.
 */
public final class TextFile {

    /** No file written by hand is as long; reading a log or a dump by mistake must not cost the heap. */
    private static final int LIMIT = 1 << 20;

    private final Path file;
    private final String kind;
    private final int limit;

    /**
     * A file that need not be there yet.
     *
     * @param file where it is
     * @param kind what it is, for errors, such as {@code flag file}
     */
    public TextFile(Path file, String kind) {
        this(file, kind, LIMIT);
    }

    /**
     * A file that a program may have written.
     *
     * @param file where it is
     * @param kind what it is, for errors
     * @param limit how long it may be, in bytes
     */
    public TextFile(Path file, String kind, int limit) {
        this.file = file;
        this.kind = kind;
        this.limit = limit;
    }

    /**
     * Reads all of it.
     *
     * @return its bytes
     * @throws IOException if it is missing, cannot be read or is too long, which is longer than 1 MiB unless stated
     */
    public byte[] bytes() throws IOException {
        try (InputStream in = open()) {
            return bytes(in);
        }
    }

    private InputStream open() throws IOException {
        try {
            return Files.newInputStream(file);
        } catch (NoSuchFileException e) {
            throw fault("is missing", e);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /**
     * Reads all of it from a stream that is already open.
     *
     * @param in what it is read from; stays open
     * @return its bytes
     * @throws IOException if it cannot be read or is too long
     */
    public byte[] bytes(InputStream in) throws IOException {
        byte[] bytes;
        try {
            bytes = in.readNBytes(limit + 1);
        } catch (IOException e) {
            throw unreadable(e);
        }
        if (bytes.length > limit) {
            throw fault("is longer than " + (limit >> 20) + " MiB; is it a " + kind + "?", null);
        }
        return bytes;
    }

    /**
     * What bytes of it say.
     *
     * @param bytes all of its bytes
     * @return the text, without a byte order mark
     * @throws IOException if they are not UTF-8, or hold a NUL character
     */
    public String text(byte[] bytes) throws IOException {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw fault("is not UTF-8 text; save it as UTF-8", e);
        }
        if (text.indexOf('\0') >= 0) {
            throw fault("holds a NUL character; is it a text file?", null);
        }
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /**
     * What its text says as a properties file.
     *
     * @param text all of its text
     * @return the properties
     * @throws IOException if it is none
     */
    public Properties properties(String text) throws IOException {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(text));
        } catch (IllegalArgumentException e) {
            throw fault("holds a \\u that four hexadecimal digits do not follow", e);
        }
        return properties;
    }

    private IOException unreadable(IOException cause) {
        return fault("cannot be read: " + FlagText.printable(cause), cause);
    }

    private IOException fault(String fault, @Nullable Exception cause) {
        return new IOException("The " + kind + " \"" + file + "\" " + fault, cause);
    }
}
