package io.pratique.release.checks;

import io.pratique.release.checks.FlywayHistory.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** Flyway's migrations in SQL, by what their names say. Those that undo others wait for a call of their own. */
final class FlywayFiles implements MigrationLayout.Files {

    private static final int DEEPEST = 50;

    private static final Pattern VERSIONED =
            Pattern.compile("([VB])(" + FlywayVersion.PATTERN + ")(?:__.*)?(?i:\\.sql)", Pattern.DOTALL);
    private static final Pattern REPEATABLE = Pattern.compile("R__(.*)(?i:\\.sql)", Pattern.DOTALL);

    /** What somebody may have meant for a migration, and Flyway passes over. */
    private static final Pattern MISNAMED = Pattern.compile("(?:[VB][\\d._]|R_).*(?i:\\.sql)", Pattern.DOTALL);

    private final NavigableMap<FlywayVersion, Script> versioned = new TreeMap<>();
    private final NavigableMap<FlywayVersion, Script> baselines = new TreeMap<>();
    private final Map<String, Script> repeatables = new TreeMap<>();
    private final List<String> twice = new ArrayList<>();
    private final List<String> misnamed = new ArrayList<>();

    /** A file; of one with placeholders only Flyway knows what it has made its checksum of. */
    private record Script(String name, int checksum, boolean placeholders) {

        boolean differs(Row row) {
            return row.checksum() == null || row.checksum() != checksum;
        }
    }

    private FlywayFiles() {}

    static FlywayFiles in(Path directory) throws IOException {
        FlywayFiles files = new FlywayFiles();
        for (Path each : MigrationLayout.walk(directory, DEEPEST)) {
            if (!Files.isDirectory(each)) {
                files.add(each);
            }
        }
        return files;
    }

    private void add(Path file) throws IOException {
        String name = file.getFileName().toString();
        Matcher version = VERSIONED.matcher(name);
        Matcher repeatable = REPEATABLE.matcher(name);
        if (version.matches()) {
            Map<FlywayVersion, Script> those = version.group(1).equals("V") ? versioned : baselines;
            add(those, FlywayVersion.of(version.group(2)), script(file));
        } else if (repeatable.matches()) {
            add(repeatables, repeatable.group(1).replace('_', ' '), script(file));
        } else if (MISNAMED.matcher(name).matches()) {
            misnamed.add(MigrationFindings.shown(name));
        }
    }

    private <K> void add(Map<K, Script> those, K key, Script script) {
        Script other = those.putIfAbsent(key, script);
        if (other != null) {
            twice.add(MigrationFindings.shown(other.name()) + " and " + MigrationFindings.shown(script.name())
                    + " are one and the same migration");
        }
    }

    private static Script script(Path file) throws IOException {
        Lines lines = new Lines();
        MigrationText.read(file, lines);
        return new Script(file.getFileName().toString(), (int) lines.crc.getValue(), lines.placeholders);
    }

    @Override
    public boolean compare(Connection connection, HistoryTable table, MigrationFindings findings) throws SQLException {
        FlywayHistory history = FlywayHistory.read(connection, table);
        twice.forEach(findings::fault);
        if (!misnamed.isEmpty()) {
            findings.remark("Flyway passes over " + misnamed.size() + " for their names, such as " + misnamed.get(0));
        }
        history.failedUndo().forEach(findings::failed);
        history.versioned().forEach((version, row) -> look(row, file(version, row), findings));
        FlywayVersion baseline = baseline(history, findings);
        FlywayVersion newest = history.newest();
        versioned.forEach((version, script) -> {
            boolean below = baseline != null && version.compareTo(baseline) <= 0;
            if (!below && !history.versioned().containsKey(version)) {
                unapplied(script, newest != null && version.compareTo(newest) < 0, findings);
            }
        });
        compareRepeatables(history.repeatables(), findings);
        return history.exists();
    }

    private @Nullable Script file(FlywayVersion version, Row row) {
        return row.baseline() ? baselines.get(version) : versioned.get(version);
    }

    /** What is not after it came with it. In a history without one, the newest file of that kind will be the first. */
    private @Nullable FlywayVersion baseline(FlywayHistory history, MigrationFindings findings) {
        if (history.newest() != null || baselines.isEmpty()) {
            return history.baseline();
        }
        findings.pending(baselines.lastEntry().getValue().name());
        return baselines.lastKey();
    }

    private static void look(Row row, @Nullable Script script, MigrationFindings findings) {
        if (!row.success()) {
            findings.failed(row.script());
        } else if (script == null && row.isSql()) {
            findings.fileless(row.script());
        } else if (script != null && script.differs(row)) {
            findings.drifted(script.name());
        } else {
            findings.applied();
        }
    }

    private static void unapplied(Script script, boolean late, MigrationFindings findings) {
        if (late) {
            findings.late(script.name());
        } else {
            findings.pending(script.name());
        }
    }

    private void compareRepeatables(Map<String, Row> rows, MigrationFindings findings) {
        rows.forEach((description, row) -> {
            Script script = repeatables.get(description);
            if (!row.success()) {
                findings.failed(row.script());
            } else if (script == null && row.isSql()) {
                findings.fileless(row.script());
            } else if (script != null && script.differs(row) && !script.placeholders()) {
                findings.pending(script.name());
            } else {
                findings.applied();
            }
        });
        repeatables.forEach((description, script) -> {
            if (!rows.containsKey(description)) {
                findings.pending(script.name());
            } else if (script.placeholders()) {
                findings.remark(MigrationFindings.shown(script.name()) + " has placeholders and was not compared");
            }
        });
    }

    /** Takes a file for what Flyway makes its checksum of: its lines without their ends, and without a byte order mark. */
    private static final class Lines implements MigrationText.Sink {

        private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

        private final CRC32 crc = new CRC32();
        private boolean placeholders;
        private int marked;
        private boolean begun;
        private byte before;

        @Override
        public void take(byte[] bytes, int length) {
            for (int i = 0; i < length; i++) {
                take(bytes[i]);
            }
        }

        private void take(byte each) {
            if (!begun && each == MARK[marked]) {
                marked++;
                begun = marked == MARK.length;
                return;
            }
            if (!begun) {
                begun = true;
                crc.update(MARK, 0, marked);
            }
            placeholders |= before == '$' && each == '{';
            before = each;
            if (each != '\n' && each != '\r') {
                crc.update(each);
            }
        }
    }
}
