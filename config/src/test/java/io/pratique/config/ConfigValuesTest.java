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
            assertThat(report.warnings())
                    .extracting(ConfigProblem::toString)
                    .containsExactly("line 2 of " + file + " is no assignment; write NAME=value");
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
