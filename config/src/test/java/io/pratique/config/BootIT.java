package io.pratique.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A real process that validates itself. */
@Tag("C-3")
class BootIT {

    /** Starts nothing before its configuration is known to be right. */
    static final class Program {

        private Program() {}

        public static void main(String[] arguments) {
            ConfigReport config = Schemas.WORKER.validateOrExit();
            System.out.println("started on port " + config.integer("PORT"));
        }
    }

    private record Ended(int code, String out, String err) {}

    private static Ended run(Map<String, String> environment, String... options) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of(options));
        String paths = System.getProperty("java.class.path")
                + (System.getProperty("jdk.module.path") == null ? "" : ":" + System.getProperty("jdk.module.path"))
                + ":target/classes:target/test-classes";
        command.addAll(List.of("-cp", paths, Program.class.getName()));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), out, err);
    }

    @Test
    void endsWithOneBeforeAnythingStarts() throws Exception {
        Ended ended = run(Map.of("STORAGE_PROVIDER", "s3", "SUPPORT_EXOTEL", "true", "SECRETS_PROVIDER", "env"));

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).isEqualTo("""
                        Configuration validation failed:
                           - DATABASE_URL: DATABASE_URL is required
                           - STORAGE_S3_BUCKET: STORAGE_S3_BUCKET is required when STORAGE_PROVIDER=s3

                        Fix the configuration issues above and restart the application.
                        """);
    }

    @Test
    void startsOnceAllIsRight() throws Exception {
        Ended ended = run(Schemas.valid());

        assertThat(ended).isEqualTo(new Ended(0, "started on port 5000\n", ""));
    }

    @Test
    void believesAPropertyRatherThanTheEnvironment() throws Exception {
        Map<String, String> environment = Schemas.valid();
        environment.put("PORT", "6000");

        assertThat(run(environment, "-DPORT=7000").out()).isEqualTo("started on port 7000\n");
    }

    @Test
    void startsWithWarnings() throws Exception {
        Map<String, String> environment = Schemas.valid();
        environment.put("CLEANUP_ENABLED", "offf");
        Ended ended = run(environment);

        assertThat(ended.code()).isZero();
        assertThat(ended.err()).startsWith("Configuration warnings:").contains("CLEANUP_ENABLED");
    }
}
