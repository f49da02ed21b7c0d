package io.pratique.examples.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.pratique.config.ConfigProblem;
import io.pratique.config.ConfigReport;
import io.pratique.config.ConfigSchema;
import io.pratique.config.ConfigValues;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExampleSchemasTest {

    private static List<String> problems(ConfigSchema schema, Map<String, String> values) {
        return schema.validate(ConfigValues.of("test", values)).problems().stream()
                .map(ConfigProblem::toString)
                .toList();
    }

    private static List<String> warnings(ConfigSchema schema, Map<String, String> values) {
        return schema.validate(ConfigValues.of("test", values)).warnings().stream()
                .map(ConfigProblem::toString)
                .toList();
    }

    @Nested
    class CoreApi {

        private static final Map<String, String> VALID =
                Map.of("DATABASE_URL", "postgresql://db/core", "SECRETS_PROVIDER", "env");

        @Test
        @Tag("C-3")
        void bootFailsWithTheseLines() {
            ConfigReport report = CoreApiConfig.SCHEMA.validate(ConfigValues.of(
                    "test",
                    Map.of(
                            "NODE_ENV",
                            "production",
                            "SECRETS_PROVIDER",
                            "invalid_provider",
                            "STORAGE_PROVIDER",
                            "s3")));

            assertThat(report.toText().lines())
                    .containsExactly(
                            "Configuration validation failed:",
                            "   - DATABASE_URL: DATABASE_URL is required",
                            "   - SECRETS_PROVIDER: SECRETS_PROVIDER must be one of: env, db, aws, gcp",
                            "   - STORAGE_S3_BUCKET: STORAGE_S3_BUCKET is required when STORAGE_PROVIDER=s3",
                            "",
                            "Fix the configuration issues above and restart the application.");
            assertThat(Path.of("..", "docs", "guide", "configuration.md"))
                    .content()
                    .contains("```\n" + report.toText().strip() + "\n```");
        }

        @Test
        @Tag("C-2")
        void pairsOfRetentionsAreCompared() {
            assertThat(problems(
                            CoreApiConfig.SCHEMA,
                            Map.of(
                                    "DATABASE_URL", "postgresql://db/core",
                                    "SECRETS_PROVIDER", "env",
                                    "OUTBOX_RETENTION_DAYS_DEAD", "3",
                                    "USAGE_AGGREGATE_RETENTION_DAYS", "90")))
                    .containsExactly(
                            "OUTBOX_RETENTION_DAYS_DEAD should not be less than OUTBOX_RETENTION_DAYS_PUBLISHED",
                            "USAGE_AGGREGATE_RETENTION_DAYS should be greater than USAGE_RAW_EVENT_RETENTION_DAYS");
        }

        @Test
        @Tag("C-3")
        void flagsFailOpen() {
            ConfigReport report = CoreApiConfig.SCHEMA.validate(
                    ConfigValues.of("flags", Map.of("METRICS_ENABLED", "yess")).over(ConfigValues.of("rest", VALID)));

            assertThat(report.isValid()).isTrue();
            assertThat(report.warnings())
                    .extracting(ConfigProblem::toString)
                    .containsExactly("METRICS_ENABLED: METRICS_ENABLED must be true/false, on/off, yes/no, 1/0 or"
                            + " enabled/disabled, but is \"yess\"; the flag fails open");
        }
    }

    @Nested
    class Ingest {

        @Test
        @Tag("C-2")
        void whatIsRequiredGoesByTheAdapter() {
            assertThat(problems(IngestConfig.SCHEMA, Map.of("SUPPORT_EXOTEL", "true")))
                    .containsExactly("REDIS_URL: REDIS_URL is required when PUBSUB_ADAPTER=redis_streams");
            assertThat(problems(IngestConfig.SCHEMA, Map.of("SUPPORT_EXOTEL", "true", "PUBSUB_ADAPTER", "kafka")))
                    .containsExactly("KAFKA_BROKERS: KAFKA_BROKERS is required when PUBSUB_ADAPTER=kafka");
            assertThat(problems(IngestConfig.SCHEMA, Map.of("PUBSUB_ADAPTER", "in_memory")))
                    .containsExactly("JWT_PUBLIC_KEY: JWT_PUBLIC_KEY is required unless SUPPORT_EXOTEL=true");
        }

        @Test
        @Tag("C-2")
        void memoryIsNoPlaceForProduction() {
            Map<String, String> production =
                    Map.of("SUPPORT_EXOTEL", "true", "PUBSUB_ADAPTER", "in_memory", "NODE_ENV", "production");

            assertThat(warnings(IngestConfig.SCHEMA, production))
                    .hasSize(1)
                    .first()
                    .asString()
                    .contains("in_memory");
            assertThat(warnings(IngestConfig.SCHEMA, Map.of("SUPPORT_EXOTEL", "true", "PUBSUB_ADAPTER", "in_memory")))
                    .isEmpty();
        }

        private static String pem(String label, byte[] der) {
            return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END "
                    + label + "-----";
        }

        @Test
        @Tag("C-1")
        void brokersAndAPublicKeyAreTaken() throws Exception {
            KeyPair pair = KeyPairGenerator.getInstance("EC").generateKeyPair();
            String publicKey = pem("PUBLIC KEY", pair.getPublic().getEncoded());
            ConfigReport report = IngestConfig.SCHEMA.validate(ConfigValues.of(
                    "test",
                    Map.of(
                            "PUBSUB_ADAPTER", "kafka",
                            "KAFKA_BROKERS", "kafka-1:9092, kafka-2:9092",
                            "JWT_PUBLIC_KEY", publicKey.replaceAll("\\R", "\\\\n"))));

            assertThat(report.orThrow().hosts("KAFKA_BROKERS")).containsExactly("kafka-1:9092", "kafka-2:9092");
            X509EncodedKeySpec read = new X509EncodedKeySpec(Base64.getMimeDecoder()
                    .decode(report.text("JWT_PUBLIC_KEY")
                            .lines()
                            .filter(line -> !line.startsWith("-----"))
                            .collect(Collectors.joining())));
            assertThat(KeyFactory.getInstance("EC").generatePublic(read)).isEqualTo(pair.getPublic());
        }

        @Test
        @Tag("C-1")
        void aPrivateKeyIsNoPublicOne() throws Exception {
            KeyPair pair = KeyPairGenerator.getInstance("EC").generateKeyPair();

            assertThat(problems(
                            IngestConfig.SCHEMA,
                            Map.of(
                                    "PUBSUB_ADAPTER",
                                    "in_memory",
                                    "JWT_PUBLIC_KEY",
                                    pem("PRIVATE KEY", pair.getPrivate().getEncoded()))))
                    .singleElement()
                    .asString()
                    .startsWith("JWT_PUBLIC_KEY: JWT_PUBLIC_KEY must be a public key in PEM format");
        }

        @Test
        @Tag("C-1")
        void tlsTakesAKeyAndItsCertificateOrNeither(@TempDir Path directory) throws Exception {
            KeyPair pair = KeyPairGenerator.getInstance("EC").generateKeyPair();
            Path key = Files.writeString(
                    directory.resolve("tls.key"),
                    pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
            Map<String, String> noTls = Map.of("SUPPORT_EXOTEL", "true", "PUBSUB_ADAPTER", "in_memory");
            Map<String, String> keyOnly = new HashMap<>(noTls);
            keyOnly.put("SSL_KEY_PATH", key.toString());
            Map<String, String> keyTwice = new HashMap<>(keyOnly);
            keyTwice.put("SSL_CERT_PATH", key.toString());

            assertThat(problems(IngestConfig.SCHEMA, noTls)).isEmpty();
            assertThat(problems(IngestConfig.SCHEMA, keyOnly))
                    .containsExactly("SSL_CERT_PATH: SSL_CERT_PATH is required when SSL_KEY_PATH is set");
            assertThat(problems(IngestConfig.SCHEMA, keyTwice))
                    .containsExactly("SSL_CERT_PATH: SSL_CERT_PATH must be the path of a certificate in PEM format");
        }

        @Test
        @Tag("C-1")
        void rangesAreKept() {
            assertThat(problems(
                            IngestConfig.SCHEMA,
                            Map.of(
                                    "SUPPORT_EXOTEL", "true",
                                    "PUBSUB_ADAPTER", "in_memory",
                                    "PORT", "65536",
                                    "BUFFER_DURATION_MS", "99",
                                    "ACK_INTERVAL", "1001")))
                    .containsExactly(
                            "PORT: PORT must be a port from 1 to 65535, but is \"65536\"",
                            "BUFFER_DURATION_MS: BUFFER_DURATION_MS must be an integer from 100 to 30000, but is \"99\"",
                            "ACK_INTERVAL: ACK_INTERVAL must be an integer from 1 to 1000, but is \"1001\"");
        }
    }
}
