package io.pratique.db;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The SQL of the guide, as it stands there: what is tested is what is read. */
final class Guide {

    private static final Path GUIDE = Path.of("../docs/guide/postgresql.md");

    private static final String ROLE = """
            DO $$ BEGIN
                IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '%1$s') THEN
                    CREATE ROLE %1$s LOGIN PASSWORD 'secret';
                END IF;
            END $$""";

    private Guide() {}

    /** What a role that reads needs, for the tables of one schema. */
    static String[] toRead(String role, String schema) {
        return with(role, schema, "readers");
    }

    /** What a role that writes needs besides. */
    static String[] toWrite(String role, String schema) {
        return with(role, schema, "writers");
    }

    private static String[] with(String role, String schema, String block) {
        return Stream.concat(
                        Stream.of(ROLE.formatted(role)),
                        statements(block).stream()
                                .map(sql -> sql.replace("ops", schema).replace("flag_" + block, role)))
                .toArray(String[]::new);
    }

    /** The statements of the block whose first line is a comment with that word. */
    static List<String> statements(String block) {
        Pattern pattern =
                Pattern.compile("```sql\\R-- " + Pattern.quote(block) + "\\b[^\\n]*\\R(.*?)```", Pattern.DOTALL);
        Matcher found = pattern.matcher(guide());
        if (!found.find()) {
            throw new IllegalStateException("no block of SQL \"" + block + "\" in " + GUIDE);
        }
        return Stream.of(found.group(1).split(";\\s*\\R", -1))
                .filter(sql -> !sql.isBlank())
                .toList();
    }

    /** What the guide says a source says when its server is away. */
    static List<String> remedies() {
        return Pattern.compile("(?m)^\\| `([^`]+?)(?: \\.\\.\\.)?` \\|")
                .matcher(guide().split("\n## When the server is away\n", -1)[1].split("\n## ", -1)[0])
                .results()
                .map(row -> row.group(1))
                .toList();
    }

    private static String guide() {
        try {
            return Files.readString(GUIDE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
