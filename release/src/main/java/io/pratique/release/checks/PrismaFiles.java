package io.pratique.release.checks;

import io.pratique.release.io.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Prisma's migrations: directories that sort in the order in which they are applied. */
final class PrismaFiles implements MigrationLayout.Files {

    private static final String SCRIPT = "migration.sql";

    /** Checksums that a file may have in the history, by the directory's name; none if the script is missing. */
    private final SortedMap<String, Set<String>> files;

    private PrismaFiles(SortedMap<String, Set<String>> files) {
        this.files = files;
    }

    static PrismaFiles in(Path directory) throws IOException {
        SortedMap<String, Set<String>> files = new TreeMap<>();
        for (Path each : MigrationLayout.walk(directory, 1)) {
            if (!each.equals(directory) && Files.isDirectory(each)) {
                Path script = each.resolve(SCRIPT);
                files.put(each.getFileName().toString(), Files.exists(script) ? checksums(script) : Set.of());
            }
        }
        return new PrismaFiles(files);
    }

    /** As it is, with the line ends of Unix and with those of Windows: Prisma takes all three for the same script. */
    private static Set<String> checksums(Path script) throws IOException {
        LineEnds ends = new LineEnds();
        MigrationText.read(script, ends);
        return ends.checksums();
    }

    private record Row(String name, String checksum, boolean finished, boolean rolledBack) {}

    @Override
    public boolean compare(Connection connection, HistoryTable table, MigrationFindings findings) throws SQLException {
        List<Row> history = table.read(
                connection,
                "started_at",
                row -> new Row(
                        String.valueOf(row.getString(1)),
                        String.valueOf(row.getString(2)),
                        row.getObject(3) != null,
                        row.getObject(4) != null),
                "migration_name",
                "checksum",
                "finished_at",
                "rolled_back_at");
        TreeMap<String, Row> rows = new TreeMap<>();
        if (history != null) {
            // One that has not finished stops Prisma, whatever came after it.
            history.stream()
                    .filter(row -> !row.rolledBack())
                    .forEach(row -> rows.merge(row.name(), row, (before, after) -> before.finished() ? after : before));
        }
        rows.values().forEach(row -> look(row, findings));
        String newest = rows.isEmpty() ? null : rows.lastKey();
        files.forEach((name, checksums) -> {
            if (checksums.isEmpty()) {
                findings.fault(MigrationFindings.shown(name) + " holds no " + SCRIPT);
            } else if (!rows.containsKey(name)) {
                unapplied(name, newest, findings);
            }
        });
        return history != null;
    }

    private void look(Row row, MigrationFindings findings) {
        Set<String> checksums = files.get(row.name());
        if (!row.finished()) {
            findings.failed(row.name());
        } else if (checksums == null) {
            findings.fileless(row.name());
        } else if (!checksums.isEmpty() && !checksums.contains(row.checksum())) {
            findings.drifted(row.name());
        } else {
            findings.applied();
        }
    }

    private static void unapplied(String name, @Nullable String newest, MigrationFindings findings) {
        if (newest != null && name.compareTo(newest) < 0) {
            findings.late(name);
        } else {
            findings.pending(name);
        }
    }

    /** Takes a script for its three checksums. */
    private static final class LineEnds implements MigrationText.Sink {

        private final MessageDigest asIs = Sha256.begun();
        private final MessageDigest unix = Sha256.begun();
        private final MessageDigest windows = Sha256.begun();
        private boolean returned;

        @Override
        public void take(byte[] bytes, int length) {
            asIs.update(bytes, 0, length);
            for (int i = 0; i < length; i++) {
                add(bytes[i]);
            }
        }

        private void add(byte each) {
            if (returned && each != '\n') {
                unix.update((byte) '\r');
            }
            returned = each == '\r';
            if (!returned) {
                unix.update(each);
            }
            if (each == '\n') {
                windows.update((byte) '\r');
            }
            windows.update(each);
        }

        Set<String> checksums() {
            if (returned) {
                unix.update((byte) '\r');
            }
            return Stream.of(asIs, unix, windows).map(Sha256::of).collect(Collectors.toSet());
        }
    }
}
