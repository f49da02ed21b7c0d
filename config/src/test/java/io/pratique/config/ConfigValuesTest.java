package io.pratique.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("C-5")
class ConfigValuesTest {

    private static final String SECRET = "hunter2-canary";

    @TempDir
    Path directory;

    private final ConfigSchema schema = ConfigSchema.named("worker")
            .variable(ConfigVariable.text("A").shown())
            .variable(ConfigVariable.text("B").shown())
            .build();

    private Path file(String name, String content) throws Exception {
        return Files.writeString(directory.resolve(name), content);
    }

    @Nested
    class Precedence {

        @Test
        void firstThatHasANameDecides() {
            ConfigReport report = schema.validate(ConfigValues.of("upper", Map.of("A", "1"))
                    .over(ConfigValues.of("middle", Map.of("A", "2", "B", "")))
                    .over(ConfigValues.of("lower", Map.of("A", "3", "B", "3"))));

            assertThat(report.text("A")).isEqualTo("1");
            assertThat(report.source("A")).contains("upper");
            assertThat(report.has("B"))
                    .as("an empty value covers the one below")
                    .isFalse();
        }

        @Test
        void processIsRead() {
            System.setProperty("pratique.config.test", "on");
            try {
                assertThat(ConfigValues.systemProperties().find("pratique.config.test"))
                        .isEqualTo(new ConfigValues.Found("on", "system properties"));
            } finally {
                System.clearProperty("pratique.config.test");
            }
            assertThat(ConfigValues.environment().names())
                    .containsAll(System.getenv().keySet());
        }
    }

    @Nested
    class AFile {

        @Test
        void ofAssignmentsIsRead() throws Exception {
            Path file = file(".env", "# comment\nexport A=\"x y\"\nB='z'\n");
            ConfigReport report = schema.validate(ConfigValues.file(file));

            assertThat(report.text("A")).isEqualTo("x y");
            assertThat(report.text("B")).isEqualTo("z");
            assertThat(report.source("A")).contains(file.toString());
        }

        @Test
        void ofPropertiesIsRead() throws Exception {
            assertThat(schema.validate(ConfigValues.file(file("worker.properties", "A = x\\u0020y\nB: z\n")))
                            .text("A"))
                    .isEqualTo("x y");
        }

        @Test
        void withALineThatIsNoAssignmentSaysWhichAndNotWhat() throws Exception {
            Path file = file(".env", "A=1\n" + SECRET + "\nB=2\n");
            ConfigReport report = schema.validate(ConfigValues.file(file));

            assertThat(report.isValid()).isTrue();
            assertThat(report.warnings()).extracting(ConfigProblem::toString).containsExactly(slip(file, 2));
        }

        private String slip(Path file, int line) {
            return "line " + line + " of " + file + " is no assignment; write NAME=value, with both quotes or none";
        }

        @ParameterizedTest
        @Tag("C-4")
        @ValueSource(
                strings = {
                    "A=\"80\" DATABASE_URL=postgresql://u:" + SECRET + "@h/db",
                    "A=\"" + SECRET,
                    "A='" + SECRET + "'x",
                    "A " + SECRET,
                    "export A=\"" + SECRET
                })
        void withALineThatOnlyNamesAVariableIsAProblemOfThatVariable(String slip) throws Exception {
            Path file = file(".env", "B=2\n" + slip + "\n");
            ConfigReport report = schema.validate(ConfigValues.file(file));

            assertThat(report.warnings()).isEmpty();
            assertThat(report.problems())
                    .extracting(ConfigProblem::toString)
                    .containsExactly("A: A cannot be read: " + slip(file, 2));
            assertThat(report.has("A")).isFalse();
            assertThat(report.toText() + report.toJson() + new ConfigException(report))
                    .contains("\"unread\"")
                    .doesNotContain(SECRET.substring(0, 4));
        }

        @ParameterizedTest
        @Tag("C-4")
        @ValueSource(strings = {" ", "\t", "", ",", ";"})
        void withAForgottenLineEndShowsNothingOfTheNextVariable(String between) throws Exception {
            ConfigSchema shown = ConfigSchema.named("shown")
                    .variable(ConfigVariable.port("PORT").shown())
                    .variable(ConfigVariable.text("BUCKET").shown())
                    .variable(ConfigVariable.text("DATABASE_URL"))
                    .build();
            ConfigReport report = shown.validate(ConfigValues.file(file(
                    ".env", "PORT=80" + between + "KEY=" + SECRET + "\nBUCKET=b" + between + "KEY=" + SECRET + "\n")));

            assertThat(report.problems())
                    .extracting(ConfigProblem::toString)
                    .containsExactly("PORT: PORT must be a port from 1 to 65535");
            assertThat(report.toText() + report.toJson() + new ConfigException(report))
                    .doesNotContain(SECRET.substring(0, 4));
        }

        @Test
        void withASlipThatALaterLineMendsIsNoProblem() throws Exception {
            Path file = file(".env", "A=\"1\nA=1\n");
            ConfigReport report = schema.validate(ConfigValues.file(file));

            assertThat(report.text("A")).isEqualTo("1");
            assertThat(report.warnings()).extracting(ConfigProblem::toString).containsExactly(slip(file, 1));
        }

        @Test
        void withASlipThatNamesAFlagLetsItFailOpen() throws Exception {
            ConfigReport report = ConfigSchema.named("flags")
                    .variable(ConfigVariable.flag("CLEANUP_ENABLED").shown())
                    .build()
                    .validate(ConfigValues.file(file(".env", "CLEANUP_ENABLED=\"off\n")));

            assertThat(report.isValid()).isTrue();
            assertThat(report.warnings())
                    .singleElement()
                    .asString()
                    .startsWith("CLEANUP_ENABLED: ")
                    .endsWith("; the flag fails open");
        }

        @Test
        @Tag("C-4")
        void withASlipSuggestsNoPartOfIt() throws Exception {
            ConfigReport report = ConfigSchema.named("tokens")
                    .variable(ConfigVariable.text("TOKENS"))
                    .build()
                    .validate(ConfigValues.file(file(".env", "KEY=\"x\nTOKENZ is a word of a secret\n")));

            assertThat(report.toText()).doesNotContain("TOKENZ");
        }

        private void assertRefused(Path file, String fault) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ConfigValues.file(file))
                    .withMessageContainingAll("\"" + file + "\"", fault)
                    .satisfies(refused -> assertThat(refused.getMessage()).doesNotContain(SECRET));
        }

        @Test
        void thatIsMissingIsRefused() {
            assertRefused(directory.resolve("none"), "is missing");
        }

        @Test
        void thatIsADirectoryIsRefused() {
            assertRefused(directory, "cannot be read");
        }

        @Test
        void thatIsNotUtf8IsRefused() throws Exception {
            Path file =
                    Files.write(directory.resolve(".env"), ("A=" + SECRET + "é").getBytes(StandardCharsets.ISO_8859_1));
            assertRefused(file, "is not UTF-8");
        }

        @Test
        void thatHoldsANulIsRefused() throws Exception {
            assertRefused(file(".env", "A=" + SECRET + "\0"), "NUL");
        }

        @Test
        void thatIsAHundredMegabytesLongIsRefusedUnread() throws Exception {
            Path file = directory.resolve(".env");
            try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
                sparse.setLength(100L << 20);
            }
            assertRefused(file, "longer than 1 MiB");
        }

        @Test
        void ofPropertiesThatIsNoneIsRefused() throws Exception {
            assertRefused(file("worker.properties", "A=\\u12"), "hexadecimal");
        }
    }
}
