package io.pratique.env;

import io.pratique.text.DotEnv;
import io.pratique.text.TextFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.zip.CRC32;

/** The variables of one file. */
final class FileOrigin implements Origin {

    private static final String KIND = "flag file";

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
        return new Look.Outage("The " + KIND + " \"" + file + "\" " + fault);
    }

    /** The file as one sees it before opening it. */
    private record Closed(Path file, Format format, Stamp stamp) implements Look {

        @Override
        public void readInto(Draft draft) throws IOException {
            TextFile content = new TextFile(file, KIND);
            byte[] bytes = content.bytes();
            String text = content.text(bytes);
            if (format == Format.PROPERTIES) {
                readProperties(content.properties(text), draft);
                return;
            }
            List<Integer> unparsed = new ArrayList<>();
            new DotEnv(text).read(draft::add, slip -> {
                unparsed.add(slip.line());
                keep(slip, draft);
            });
            if (!unparsed.isEmpty()) {
                CRC32 checksum = new CRC32();
                checksum.update(bytes);
                draft.unparsed(new Draft.Unparsed(unparsed, checksum.getValue()));
            }
        }

        @Override
        public boolean isExact() {
            return stamp.isExact();
        }

        /**
         * A line that does not parse and yet names a flag is that flag's text. No line is a flag's word, so the flag keeps
         * its last valid value; without this, the slip of a pen would delete it and bring back what was killed.
         */
        private static void keep(DotEnv.Slip slip, Draft draft) {
            if (slip.name() != null) {
                draft.add(slip.name(), slip.text());
            }
        }

        private static void readProperties(Properties properties, Draft draft) {
            for (String name : properties.stringPropertyNames()) {
                draft.add(name, properties.getProperty(name, ""));
            }
        }
    }
}
