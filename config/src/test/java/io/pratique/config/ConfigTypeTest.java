package io.pratique.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("C-1")
class ConfigTypeTest {

    static Stream<Arguments> meanings() {
        return Stream.of(
                Arguments.of(ConfigType.integer(-5, 5), "-5", -5L),
                Arguments.of(ConfigType.integer(0, 5), "0", 0L),
                Arguments.of(
                        ConfigType.integer(Long.MIN_VALUE, Long.MAX_VALUE), "-9223372036854775808", Long.MIN_VALUE),
                Arguments.of(ConfigType.port(), "65535", 65_535L),
                Arguments.of(ConfigType.duration(), "500ms", Duration.ofMillis(500)),
                Arguments.of(ConfigType.duration(), "7d", Duration.ofDays(7)),
                Arguments.of(ConfigType.duration(), "PT1M30.5S", Duration.ofMillis(90_500)),
                Arguments.of(ConfigType.duration(), "P1D", Duration.ofDays(1)),
                Arguments.of(ConfigType.duration(), "0s", Duration.ZERO),
                Arguments.of(ConfigType.size(), "1024", 1024L),
                Arguments.of(ConfigType.size(), "10MB", 10_000_000L),
                Arguments.of(ConfigType.size(), "512KiB", 524_288L),
                Arguments.of(ConfigType.size(), "999999TiB", 999_999L << 40),
                Arguments.of(ConfigType.size(), "999999999999999KiB", 999_999_999_999_999L << 10),
                Arguments.of(ConfigType.bool(), "Enabled", true),
                Arguments.of(ConfigType.flag(), "0", false),
                Arguments.of(ConfigType.url("redis", "rediss"), "rediss://u:p@h:1/0", "rediss://u:p@h:1/0"),
                Arguments.of(
                        ConfigType.url("postgresql"), "postgresql://a:1,b:2/db?x=y", "postgresql://a:1,b:2/db?x=y"),
                Arguments.of(ConfigType.url("redis"), "redis://:p@ss,1@[::1]:1/0", "redis://:p@ss,1@[::1]:1/0"),
                Arguments.of(
                        ConfigType.url("postgresql"),
                        "postgresql://%2Fvar%2Frun%2Fpostgresql/db",
                        "postgresql://%2Fvar%2Frun%2Fpostgresql/db"),
                Arguments.of(ConfigType.url("http"), "http://db_1.x.?a=/#b", "http://db_1.x.?a=/#b"),
                Arguments.of(ConfigType.hosts(), "a:1 ,\tb:2", List.of("a:1", "b:2")),
                Arguments.of(ConfigType.hosts(), "kafka-1:9092,[::1]:9093", List.of("kafka-1:9092", "[::1]:9093")),
                Arguments.of(ConfigType.oneOf("a.b", "c"), "a.b", "a.b"),
                Arguments.of(ConfigType.text(), "any thing", "any thing"));
    }

    @ParameterizedTest
    @MethodSource("meanings")
    void textHasItsMeaning(ConfigType type, String text, Object meaning) {
        assertThat(type.parse(text)).isEqualTo(meaning);
        assertThat(text).matches(type.pattern());
    }

    static Stream<Arguments> strangers() {
        return Stream.of(
                Arguments.of(
                        ConfigType.integer(1, 1000),
                        List.of("0", "1001", "1e3", "+5", "05", "1 000", "99999999999999999999", "five", "-", "٣")),
                Arguments.of(ConfigType.port(), List.of("0", "65536", "-1", "80.0")),
                Arguments.of(
                        ConfigType.duration(),
                        List.of("5", "5 m", "-5m", "5min", "PT", "P", "PT-5S", "5M", "99999999999s", "P1Y", "pt5s")),
                Arguments.of(
                        ConfigType.size(),
                        List.of(
                                "1.5MB",
                                "-1",
                                "10 MB",
                                "10mb",
                                "MB",
                                "9999999999999999",
                                "999999999999999TiB",
                                "1000000TB")),
                Arguments.of(ConfigType.bool(), List.of("offf", "t", "2", "on off")),
                Arguments.of(
                        ConfigType.url("redis", "rediss"),
                        List.of(
                                "http://h",
                                "redis://",
                                "redis:h",
                                "redis:///0",
                                "REDIS://h",
                                "redis://a b",
                                "redis://h/a b",
                                "//h",
                                "redis://@",
                                "redis://u:p@",
                                "redis://:6379",
                                "redis://a:99999999",
                                "redis://a:",
                                "redis://a,",
                                "redis://${REDIS_HOST}/0",
                                "redis://u:p@<host>/0")),
                Arguments.of(
                        ConfigType.hosts(),
                        List.of(
                                "kafka-1",
                                "kafka-1:0",
                                "kafka-1:65536",
                                "kafka-1:9092,",
                                ",a:1",
                                "a:1;b:2",
                                "http://a:1",
                                "-:1")),
                Arguments.of(ConfigType.oneOf("a.b", "c"), List.of("axb", "A.B", "a.b,c")),
                Arguments.of(
                        ConfigType.publicKey(),
                        List.of("-----BEGIN PRIVATE KEY-----\nMAUCAQAC\n-----END PRIVATE KEY-----")),
                Arguments.of(
                        ConfigType.pemKey(),
                        List.of(
                                "-----BEGIN PUBLIC KEY-----",
                                "-----BEGIN PUBLIC KEY-----\nhello\n-----END PUBLIC KEY-----",
                                "-----BEGIN PUBLIC KEY-----\nMAUCAQAC\n-----END PRIVATE KEY-----",
                                "-----BEGIN CERTIFICATE-----\nMAUCAQAC\n-----END CERTIFICATE-----",
                                "/etc/keys/jwt.pem")));
    }

    @ParameterizedTest
    @MethodSource("strangers")
    void otherTextsMeanNothing(ConfigType type, List<String> texts) {
        assertThat(texts).allSatisfy(text -> {
            assertThat(type.parse(text)).isNull();
            if (!type.kind().equals("pem-key")) {
                assertThat(text).doesNotMatch(type.pattern());
            }
        });
    }

    static Stream<Arguments> longTexts() {
        int many = 250_000;
        return Stream.of(
                        "redis://" + "a".repeat(many) + " b",
                        "redis://" + "/".repeat(many) + " b",
                        "redis://" + "h,".repeat(many) + "h",
                        "redis://" + "h,".repeat(many),
                        "redis://" + "u@".repeat(many) + ":",
                        "kafka-1.internal:9092,".repeat(many) + "kafka-1.internal:9092",
                        "a:1" + " ".repeat(many) + "b",
                        "a-".repeat(many) + ":1",
                        "9".repeat(many),
                        "your-" + "a ".repeat(many) + "!",
                        "<" + "x".repeat(many),
                        "-----BEGIN KEY-----" + "-----END KEY".repeat(many))
                .flatMap(text -> Stream.of(
                                ConfigType.text(),
                                ConfigType.oneOf("a", "b"),
                                ConfigType.integer(1, 1000),
                                ConfigType.url("redis"),
                                ConfigType.hosts(),
                                ConfigType.duration(),
                                ConfigType.size(),
                                ConfigType.flag(),
                                ConfigType.pemKey(),
                                ConfigType.file())
                        .map(type -> Arguments.of(Named.of(type.kind(), type), Named.of(text.substring(0, 20), text))));
    }

    /** A list of 500 brokers ended in a stack overflow, a URL of 80,000 letters in a wait of many seconds. */
    @ParameterizedTest
    @MethodSource("longTexts")
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void longTextsAreReadAtOnce(ConfigType type, String text) {
        Object meaning = type.parse(text);

        if (type.kind().equals("hosts") && text.startsWith("kafka")) {
            assertThat((List<?>) meaning).hasSize(250_001);
        }
        assertThat(Placeholder.isOne(text)).isFalse();
    }

    @Test
    void valuesBeyondWhatAnEnvironmentHoldsAreRefused() {
        ConfigSchema schema = ConfigSchema.named("long")
                .variable(ConfigVariable.text("A").shown())
                .build();

        assertThat(schema.validate(ConfigValues.of("test", Map.of("A", "a".repeat(131_072))))
                        .isValid())
                .isTrue();
        assertThat(schema.validate(ConfigValues.of("test", Map.of("A", "a".repeat(131_073))))
                        .problems())
                .extracting(ConfigProblem::toString)
                .containsExactly("A: A must be 131072 characters at most");
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + label
                + "-----\n";
    }

    @Nested
    class Keys {

        @Test
        void areTakenWithRealAndWithWrittenLineEnds() throws Exception {
            byte[] key = KeyPairGenerator.getInstance("EC")
                    .generateKeyPair()
                    .getPublic()
                    .getEncoded();

            assertThat(ConfigType.pemKey().parse(pem("PUBLIC KEY", key))).isNotNull();
            assertThat(ConfigType.pemKey().parse(pem("PUBLIC KEY", key).replaceAll("\\R", "\\\\n")))
                    .isNotNull();
            assertThat(pem("PUBLIC KEY", key).strip())
                    .matches(ConfigType.pemKey().pattern())
                    .matches(ConfigType.publicKey().pattern());
        }

        @Test
        void areGivenWithRealLineEnds() {
            String key = "-----BEGIN PUBLIC KEY-----\nMAUCAQAC\n-----END PUBLIC KEY-----";
            ConfigSchema schema = ConfigSchema.named("keys")
                    .variable(ConfigVariable.publicKey("JWT_PUBLIC_KEY"))
                    .build();

            assertThat(schema.validate(ConfigValues.of("test", Map.of("JWT_PUBLIC_KEY", key.replace("\n", "\\n"))))
                            .text("JWT_PUBLIC_KEY"))
                    .isEqualTo(key);
        }

        @Test
        void areTakenEncrypted() {
            assertThat(ConfigType.pemKey()
                            .parse(
                                    "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n"
                                            + "AAAA\n-----END RSA PRIVATE KEY-----"))
                    .isNotNull();
        }
    }

    @Test
    void filesAreNoDirectoriesAndNoOddPaths(@TempDir Path directory) throws Exception {
        assertThat(ConfigType.file()
                        .parse(Files.writeString(directory.resolve("f"), "x").toString()))
                .isEqualTo(directory.resolve("f"));
        assertThat(ConfigType.file().parse(directory.toString())).isNull();
        assertThat(ConfigType.file().parse("a\0b")).isNull();
    }

    @Test
    void typesThatCanHoldNothingAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConfigVariable.integer("A", 2, 1))
                .withMessageContaining("\"2 to 1\"");
        assertThatIllegalArgumentException().isThrownBy(() -> ConfigVariable.oneOf("A"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConfigVariable.oneOf("A", " x"))
                .withMessageContaining("\" x\"");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConfigVariable.url("A", "http://"))
                .withMessageContaining("\"http://\"");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConfigVariable.text("A B"))
                .withMessageContaining("\"A B\"");
        assertThatIllegalArgumentException().isThrownBy(() -> ConfigVariable.text(null));
        assertThatIllegalArgumentException().isThrownBy(() -> Condition.isAnyOf("A"));
    }
}
