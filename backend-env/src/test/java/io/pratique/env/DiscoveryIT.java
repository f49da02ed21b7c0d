package io.pratique.env;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program of its own that has this module on its path, asks {@code Flags}, and sets nothing up. */
@Tag("F-1")
@Tag("B-1")
class DiscoveryIT {

    private static final String PROGRAM = """
            import io.pratique.flags.Flags;

            public class Program {
                public static void main(String[] keys) {
                    for (String key : keys) {
                        var evaluation = Flags.client().evaluate(key);
                        System.out.println(key + " " + Flags.isEnabled(key) + " " + evaluation.reason()
                                + " " + evaluation.source());
                    }
                }
            }
            """;

    private static final Pattern NEEDED = Pattern.compile(
            "(core|backend-env).target.classes$|(pratique-core|pratique-backend-env|slf4j-api|caffeine)-[^/\\\\]*jar$");

    @TempDir
    private Path dir;

    private Path program;

    @BeforeEach
    void write() throws IOException {
        program = Files.writeString(dir.resolve("Program.java"), PROGRAM);
    }

    /** Where this module is and what it needs, and nothing of what tests need. */
    private static String path() {
        String paths =
                System.getProperty("jdk.module.path", "") + File.pathSeparator + System.getProperty("java.class.path");
        return Stream.of(paths.split(File.pathSeparator))
                .filter(entry -> NEEDED.matcher(entry).find())
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
    }

    private List<String> run(Map<String, String> environment, List<String> options, String... keys) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        command.addAll(options);
        command.add(program.toString());
        command.addAll(List.of(keys));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        Path errors = dir.resolve("errors");
        Process process = builder.redirectError(errors.toFile()).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(() -> read(errors)).isZero();
        return output.lines().toList();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void flagsAreReadFromTheEnvironmentWithoutAnySetUp() throws Exception {
        assertThat(run(
                        Map.of("OUTBOX_PROCESSING_ENABLED", "off", "ENABLE_CLEANUP", "no", "VOICE_RETRY", "0"),
                        List.of("-cp", path()),
                        "outbox-processing",
                        "cleanup",
                        "voice-retry",
                        "webhook-processing"))
                .containsExactly(
                        "outbox-processing false STATIC env",
                        "cleanup false STATIC env",
                        "voice-retry false STATIC env",
                        "webhook-processing true DEFAULT null");
    }

    @Test
    void systemPropertiesStandAboveTheEnvironment() throws Exception {
        assertThat(run(
                        Map.of("OUTBOX_PROCESSING_ENABLED", "on", "CLEANUP_ENABLED", "off"),
                        List.of("-cp", path(), "-Doutbox.processing.enabled=off"),
                        "outbox-processing",
                        "cleanup"))
                .containsExactly("outbox-processing false STATIC env", "cleanup false STATIC env");
    }

    @Test
    void modulePathIsAsGoodAsTheClassPath() throws Exception {
        assertThat(run(
                        Map.of("OUTBOX_PROCESSING_ENABLED", "off"),
                        List.of("--module-path", path(), "--add-modules", "io.pratique.env"),
                        "outbox-processing",
                        "cleanup"))
                .containsExactly("outbox-processing false STATIC env", "cleanup true DEFAULT null");
    }
}
