package io.pratique.release.steps;

import io.pratique.flags.spi.FlagText;
import io.pratique.release.io.Sha256;
import io.pratique.release.io.WholeFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A file that {@code pg_dump} has written, with its hash beside it. */
final class PostgresDump {

    static final Duration GRACE = Duration.ofSeconds(5);

    private static final Pattern ENTRY = Pattern.compile("\\d+; \\d+ \\d+ .*");
    private static final Pattern TABLE_DATA = Pattern.compile("\\d+; \\d+ \\d+ TABLE DATA .*");
    private static final Pattern VERSION = Pattern.compile(";\\s+Dumped (from database|by pg_dump) version: (\\d+).*");

    private final PostgresTools tools;
    private final Path file;

    PostgresDump(PostgresTools tools, Path file) {
        this.tools = tools;
        this.file = file;
    }

    /** What the archive says of itself. */
    private record Listing(long entries, long tables, String server, String program) {

        static Listing of(List<String> lines) {
            Map<String, String> versions = new HashMap<>();
            lines.stream()
                    .map(VERSION::matcher)
                    .filter(Matcher::matches)
                    .forEach(version -> versions.put(version.group(1), version.group(2)));
            return new Listing(
                    lines.stream().filter(ENTRY.asMatchPredicate()).count(),
                    lines.stream().filter(TABLE_DATA.asMatchPredicate()).count(),
                    versions.getOrDefault("from database", "unknown"),
                    versions.getOrDefault("by pg_dump", "unknown"));
        }

        void require(Path file) throws IOException {
            if (entries == 0) {
                throw new IOException("\"" + file + "\" holds nothing; is it the right database?");
            }
        }
    }

    Path file() {
        return file;
    }

    private Path beside(String ending) {
        return file.resolveSibling(file.getFileName() + ending);
    }

    /** Writes the file, and tells what it holds. */
    String make() throws IOException, InterruptedException {
        Path part = beside(".part");
        // A process of a release that was killed may still write to the old one.
        Files.deleteIfExists(part);
        createPrivate(part);
        try (ChildProcess dump = ChildProcess.start(
                tools.program("pg_dump", "--format=custom", "--no-password", "--file=" + part.toAbsolutePath()),
                GRACE)) {
            dump.awaitSuccess();
        }
        if (Files.size(part) == 0) {
            throw new IOException("pg_dump has written nothing to \"" + part + "\"");
        }
        Listing listing = list(part);
        listing.require(part);
        if (!listing.server().equals(listing.program())) {
            throw new IOException("server version mismatch: the server is of version " + listing.server()
                    + " and pg_dump of version " + listing.program()
                    + ", so what it writes may not be restorable there");
        }
        return keep(part, listing);
    }

    private String keep(Path part, Listing listing) throws IOException {
        String hash = Sha256.of(part);
        force(part);
        Path hashPart = beside(".sha256.part");
        Files.deleteIfExists(hashPart);
        createPrivate(hashPart);
        Files.writeString(hashPart, hash + "  " + file.getFileName() + "\n");
        force(hashPart);
        // Between these two moves there is no backup, rather than one with a hash that is not its own.
        Files.deleteIfExists(beside(".sha256"));
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Files.move(hashPart, beside(".sha256"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        WholeFile.forceDirectory(file);
        return file.getFileName() + ", " + Files.size(file) + " bytes, " + listing.tables()
                + " tables with data, SHA-256 " + hash;
    }

    private static void createPrivate(Path path) throws IOException {
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } else {
            Files.createFile(path);
        }
    }

    private static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** Throws unless the file is there, is the one that was made, and can be listed; tells what it holds. */
    String require() throws IOException, InterruptedException {
        if (!Files.isRegularFile(file) || !Files.isRegularFile(beside(".sha256"))) {
            throw new IOException("this release has no backup \"" + file
                    + "\" that was verified; restore the database by hand from another one");
        }
        String wanted = Files.readString(beside(".sha256")).split(" ", 2)[0];
        if (!Sha256.of(file).equals(wanted)) {
            throw new IOException("backup \"" + file + "\" has another SHA-256 than \""
                    + FlagText.printable(wanted, 64)
                    + "\", so it is not what this release has written; restore the database by hand from another one");
        }
        Listing listing = list(file);
        listing.require(file);
        return file.getFileName() + " can be listed and holds " + listing.tables() + " tables with data";
    }

    private Listing list(Path path) throws IOException, InterruptedException {
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        try (ChildProcess listing = ChildProcess.start(
                tools.program("pg_restore", "--list", path.toAbsolutePath().toString()), GRACE, lines::add)) {
            listing.awaitSuccess();
        }
        return Listing.of(lines);
    }
}
