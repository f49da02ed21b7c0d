package io.pratique.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.pratique.config.ConfigSchema;
import io.pratique.config.ConfigVariable;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("C-5")
class ConfigCommandTest {

    /** As a program has it. */
    public static final class InAField {

        public static final ConfigSchema SCHEMA = ConfigSchema.named("in-a-field")
                .variable(ConfigVariable.port("PORT").required().shown())
                .build();

        private InAField() {}
    }

    /** As another program has it. */
    public static final class InAMethod {

        private InAMethod() {}

        public static ConfigSchema schema() {
            return ConfigSchema.named("in-a-method").build();
        }
    }

    @TempDir
    Path directory;

    private String schema;

    @BeforeEach
    void writeSchema() throws Exception {
        schema = file("schema.json", """
                {"schema": "core-api", "variables": [
                  {"name": "DATABASE_URL", "type": "url", "schemes": "postgresql", "required": true},
                  {"name": "PORT", "type": "port", "default": "5000", "shown": true}]}
                """);
    }

    private String file(String name, String content) throws Exception {
        return Files.writeString(directory.resolve(name), content).toString();
    }

    @Nested
    class Checking {

        @Test
        void aFileTellsAllThatIsWrongAndSaysNo() throws Exception {
            Command checked =
                    Command.run("config", "check", "--schema", schema, "--env-file", file(".env", "PORT=0\n"));

            assertThat(checked.code()).isEqualTo(1);
            assertThat(checked.lines())
                    .containsExactly(
                            "Configuration validation failed:",
                            "   - DATABASE_URL: DATABASE_URL is required",
                            "   - PORT: PORT must be a port from 1 to 65535, but is \"0\"",
                            "",
                            "Fix the configuration issues above and restart the application.");
        }

        @Test
        void theFirstOfSeveralFilesDecides() throws Exception {
            String upper = file("upper.env", "PORT=80\n");
            String lower = file("lower.env", "PORT=0\nDATABASE_URL=postgresql://db/x\n");

            assertThat(Command.run("config", "check", "--schema", schema, "--env-file", upper, "--env-file", lower)
                            .succeeds()
                            .out())
                    .contains("is valid");
            assertThat(Command.run("config", "check", "--schema", schema, "--env-file", lower, "--env-file", upper)
                            .code())
                    .isEqualTo(1);
        }

        @Test
        void theEnvironmentIsWhatIsCheckedOtherwise() {
            assertThat(Command.run("config", "check", "--schema", schema).out()).contains("DATABASE_URL is required");
        }

        @Test
        void givesJson() {
            assertThat(Command.run("config", "check", "--schema", schema, "--format", "json")
                            .out())
                    .contains("\"valid\" : false");
        }
    }

    @Nested
    class Schemas {

        @Test
        void areFoundInClasses() {
            assertThat(Command.run("config", "example", "--schema", InAField.class.getName())
                            .succeeds()
                            .lines())
                    .startsWith("# Configuration of in-a-field");
            assertThat(Command.run("config", "docs", "--schema", InAMethod.class.getName())
                            .succeeds()
                            .lines())
                    .startsWith("# Configuration of in-a-method");
        }

        @Test
        void areFoundOnAClassPath() {
            Command refused = Command.run("config", "docs", "--schema", "no.such.Schema", "--classpath", "/none");

            assertThat(refused.code()).isEqualTo(2);
            assertThat(refused.err())
                    .contains("\"no.such.Schema\"", "--classpath")
                    .doesNotContain("\tat ");
        }

        @Test
        void areMissedInAClassWithoutOne() {
            assertThat(Command.run("config", "docs", "--schema", String.class.getName())
                            .err())
                    .contains("has no schema");
        }

        @Test
        void areRefusedWithoutAStackTrace() throws Exception {
            Command refused = Command.run("config", "docs", "--schema", file("bad.json", "{"));

            assertThat(refused.code()).isEqualTo(2);
            assertThat(refused.err()).contains("bad.json").doesNotContain("\tat ");
        }
    }

    @Test
    void documentsArePrinted() {
        assertThat(Command.run("config", "example", "--schema", schema)
                        .succeeds()
                        .out())
                .contains("#PORT=5000");
        assertThat(Command.run("config", "docs", "--schema", schema).succeeds().out())
                .contains("| `PORT` |");
        assertThat(Command.run("config", "schema", "--schema", schema)
                        .succeeds()
                        .out())
                .contains("https://json-schema.org/draft/2020-12/schema");
    }

    /** Of commands that are not meant the parser knows no more than this. */
    @Test
    void helpListsAllCommandsWithWhatTheyDo() {
        assertThat(Command.run("--help").succeeds().out())
                .containsSubsequence(
                        "Checks a configuration by its schema", "Reads and writes the flags", "Asks a process how");
        assertThat(Command.run("flags", "--help").succeeds().out())
                .containsSubsequence(
                        "\n  accept", "\n  clear", "\n  export", "\n  get", "\n  history", "\n  import", "\n  list")
                .containsSubsequence("\n  off", "\n  on", "\n  watch")
                .contains("Turns a feature off, everywhere.");
        assertThat(Command.run("flags", "of").err()).contains("off");
    }

    @Test
    void helpIsPrintedForEachCommand() {
        assertThat(Command.run("--help").succeeds().out()).contains("config", "flags", "health", "Exit codes:");
        assertThat(Command.run("config", "check", "--help").succeeds().out()).contains("--env-file", "Exit codes:");
        assertThat(Command.run("flags", "off", "--help").succeeds().out()).contains("--reason", "--for", "--above");
        assertThat(Command.run("--version").succeeds().out()).startsWith("pratique ");
        assertThat(Command.run("flasg").code()).isEqualTo(2);
    }
}
