package io.pratique.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/guide/configuration.md shows is so. */
@Tag("C-5")
class GuideTest {

    private static final Path PAGE = Path.of("..", "docs", "guide", "configuration.md");

    /** What variables of some types need. */
    private static final Map<String, String> OF_TYPE = Map.of(
            "integer",
            ", \"min\": 1, \"max\": 2",
            "one-of",
            ", \"values\": [\"a\"]",
            "url",
            ", \"schemes\": [\"http\"]");

    @TempDir
    Path directory;

    /** The first block of a language below a heading. */
    private static String block(String heading, String language) throws IOException {
        String page = Files.readString(PAGE);
        int begin = page.indexOf("```" + language + "\n", page.indexOf("## " + heading + "\n")) + language.length() + 4;
        return page.substring(begin, page.indexOf("```", begin));
    }

    private static List<String> first(String pattern, String text) {
        return Pattern.compile(pattern, Pattern.MULTILINE)
                .matcher(text)
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    private ConfigSchema schemaInAFile() throws IOException {
        Path file = directory.resolve("schema.json");
        return ConfigSchema.read(Files.writeString(file, block("Without the program's classes", "json")));
    }

    @Test
    void theFileIsASchema() throws IOException {
        ConfigSchema schema = schemaInAFile();

        ConfigReport report = schema.validate(ConfigValues.of(
                "map", Map.of("DATABASE_URL", "postgresql://db/x", "DEAD_DAYS", "1", "SENT_DAYS", "2")));

        assertThat(report.problems())
                .extracting(ConfigProblem::toString)
                .containsExactly("DEAD_DAYS should not be less than SENT_DAYS");
        assertThat(report.warnings()).hasSize(1);
    }

    @Test
    void theFileKnowsEachTypeThatIsListed() throws IOException {
        String page = Files.readString(PAGE);
        String listed = page.substring(page.indexOf("Types are "), page.indexOf("; conditions are"));

        List<String> types = first("`([\\w-]+)`", listed);

        assertThat(types).hasSizeGreaterThan(10);
        for (String type : types) {
            Path file = Files.writeString(
                    directory.resolve(type + ".json"), """
                    {"schema": "one", "variables": [{"name": "A", "type": "%s" %s}]}
                    """.formatted(type, OF_TYPE.getOrDefault(type, "")));
            assertThat(ConfigSchema.read(file).markdown()).as(type).contains("`A`");
        }
    }

    @Test
    void theTableHasEachType() throws IOException {
        String table = Files.readString(PAGE);

        assertThat(first("^\\| `(\\w+)`", table.substring(0, table.indexOf("## A failed boot"))))
                .containsExactly(
                        "text",
                        "oneOf",
                        "integer",
                        "url",
                        "hosts",
                        "duration",
                        "size",
                        "bool",
                        "flag",
                        "pemKey",
                        "publicKey",
                        "file");
    }

    @Test
    void theProgramCompiles() throws IOException {
        String imports = """
                package guide;
                import io.pratique.config.*;
                import java.nio.file.Path;
                """;
        String program = block("A schema", "java");
        String values = "class Values { static final ConfigSchema SCHEMA = CoreApiConfig.SCHEMA; static void read() {\n"
                + block("Where values come from", "java") + "}}";

        Path source = Files.writeString(directory.resolve("CoreApiConfig.java"), imports + program + values);
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said, true);
        int code = ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(out, out, "-cp", "target/classes", "-d", directory.toString(), source.toString());

        assertThat(code).as(said.toString()).isZero();
    }
}
