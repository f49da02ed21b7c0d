package io.pratique.probes;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.cluster.RedisClusterClient;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A process that has this module and nothing that its probes ask with. */
@Tag("P-2")
@Tag("P-3")
@Tag("P-4")
class MissingLibraryTest {

    @Test
    void isNamedByTheFactory() throws Exception {
        assertThat(linesOfAProcessWithoutLibraries())
                .containsExactly(
                        refusal("S3Probe", "software.amazon.awssdk:s3"),
                        refusal("SecretsProbe", "software.amazon.awssdk:secretsmanager"),
                        refusal("RedisProbe", "io.lettuce:lettuce-core"),
                        refusal("RedisProbe", "io.lettuce:lettuce-core"),
                        refusal("KafkaProbe", "org.apache.kafka:kafka-clients"),
                        "SecretsProbe[environment PATH]");
    }

    private static String refusal(String probe, String artifact) {
        return "java.lang.IllegalStateException: " + probe + " needs " + artifact
                + ", which is not on the class path; add that dependency";
    }

    private static List<String> linesOfAProcessWithoutLibraries() throws IOException {
        String everything =
                System.getProperty("java.class.path") + File.pathSeparator + System.getProperty("jdk.module.path", "");
        String classPath = Stream.concat(
                        Stream.of(Path.of("target", "test-classes")
                                .toAbsolutePath()
                                .toString()),
                        Arrays.stream(everything.split(File.pathSeparator)).filter(MissingLibraryTest::isOurs))
                .collect(Collectors.joining(File.pathSeparator));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classPath,
                        Factories.class.getName())
                .redirectErrorStream(true)
                .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }

    private static boolean isOurs(String path) {
        return path.contains("probes")
                || path.contains("pratique-core")
                || path.contains("core" + File.separator + "target");
    }

    /** The process. */
    static final class Factories {

        public static void main(String[] arguments) {
            say(() -> S3Probe.of(null, "artifacts"));
            say(() -> SecretsProbe.aws(null, "id"));
            say(() -> RedisProbe.of((RedisClient) null));
            say(() -> RedisProbe.of((RedisClusterClient) null));
            say(() -> KafkaProbe.of(null));
            say(() -> SecretsProbe.environment("PATH"));
        }

        private static void say(Supplier<?> factory) {
            try {
                System.out.println(factory.get());
            } catch (Throwable thrown) {
                System.out.println(thrown);
            }
        }
    }
}
