package io.pratique.release.checks;

import io.pratique.flags.spi.FlagText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;

/** Whose migrations they are, and so how files are named and what the history tells. */
enum MigrationLayout {
    FLYWAY("flyway_schema_history") {
        @Override
        Files files(Path directory) throws IOException {
            return FlywayFiles.in(directory);
        }
    },
    PRISMA("_prisma_migrations") {
        @Override
        Files files(Path directory) throws IOException {
            return PrismaFiles.in(directory);
        }
    };

    private static final int MOST_FILES = 100_000;

    private final String table;

    MigrationLayout(String table) {
        this.table = table;
    }

    /** Where the tool keeps its history unless it is told otherwise. */
    String table() {
        return table;
    }

    abstract Files files(Path directory) throws IOException;

    /** The migrations of a directory, read. */
    interface Files {

        /** Whether there is a history at all; what it says of these files goes into the findings. */
        boolean compare(Connection connection, HistoryTable table, MigrationFindings findings) throws SQLException;
    }

    /** Everything below a directory down to a depth, in a fixed order. */
    static List<Path> walk(Path directory, int depth) throws IOException {
        if (!java.nio.file.Files.isDirectory(directory)) {
            throw new IOException("directory of migrations \"" + FlagText.printable(directory.toString(), 200)
                    + "\" is missing; name the one that is released");
        }
        try (Stream<Path> all = java.nio.file.Files.walk(directory, depth, FileVisitOption.FOLLOW_LINKS)) {
            List<Path> found = all.limit(MOST_FILES + 1L).sorted().toList();
            if (found.size() > MOST_FILES) {
                throw new IOException("directory \"" + FlagText.printable(directory.toString(), 200)
                        + "\" holds more than " + MOST_FILES + " files; is it that of the migrations?");
            }
            return found;
        } catch (UncheckedIOException e) {
            throw new IOException(
                    "directory of migrations \"" + FlagText.printable(directory.toString(), 200) + "\" cannot be read: "
                            + FlagText.printable(e),
                    e.getCause());
        }
    }
}
