package io.pratique.env;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.zip.CRC32;

/** The variables of one file. */
final class FileOrigin implements Origin {

    /** No file of flags is as long; reading a log or a dump by mistake must not cost the heap. */
    private static final int LIMIT = 1 << 20;

    /** How the file is written. */
    enum Format {
        DOTENV,
        PROPERTIES
    }

    private final Path file;
    private final Format format;

    FileOrigin(Path file, Format format) {
        this.file = file;
        this.format = format;
    }

    @Override
    public Look look() {
        try {
            Stamp stamp = Stamp.of(file);
            return stamp.isFile() ? new Closed(file, format, stamp) : outage("is not a regular file");
        } catch (NoSuchFileException e) {
            return outage("is missing");
        } catch (IOException e) {
            return outage("cannot be read: " + e);
        }
    }

    private Look outage(String fault) {
        return new Look.Outage(message(file, fault));
    }

    private static String message(Path file, String fault) {
        return "The flag file \"" + file + "\" " + fault;
    }

    /** The file as one sees it before opening it. */
    private record Closed(Path file, Format format, Stamp stamp) implements Look {

        @Override
        public void readInto(Draft draft) throws IOException {
            byte[] bytes;
            try (InputStream in = Files.newInputStream(file)) {
                bytes = in.readNBytes(LIMIT + 1);
            }
            String text = decode(bytes);
            if (format == Format.PROPERTIES) {
                readProperties(text, draft);
                return;
            }
            List<Integer> unparsed = new DotEnv(text).read(draft::add);
            if (!unparsed.isEmpty()) {
                CRC32 checksum = new CRC32();
                checksum.update(bytes);
                draft.unparsed(new Draft.Unparsed(unparsed, checksum.getValue()));
            }
        }

        private String decode(byte[] bytes) throws IOException {
            if (bytes.length > LIMIT) {
                throw new IOException(message(file, "is longer than 1 MiB; is it a file of flags?"));
            }
            String text;
            try {
                text = StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
            } catch (CharacterCodingException e) {
                throw new IOException(message(file, "is not UTF-8 text; save it as UTF-8"), e);
            }
            if (text.indexOf('\0') >= 0) {
                throw new IOException(message(file, "holds a NUL character; is it a text file?"));
            }
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        }

        private void readProperties(String text, Draft draft) throws IOException {
            Properties properties = new Properties();
            try {
                properties.load(new StringReader(text));
            } catch (IllegalArgumentException e) {
                throw new IOException(message(file, "holds a \\u that four hexadecimal digits do not follow"), e);
            }
            for (String name : properties.stringPropertyNames()) {
                draft.add(name, properties.getProperty(name, ""));
            }
        }
    }
}
