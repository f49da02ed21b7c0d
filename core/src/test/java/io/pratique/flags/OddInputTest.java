package io.pratique.flags;

import static io.pratique.flags.Eventually.refreshed;
import static org.assertj.core.api.Assertions.assertThat;

import io.pratique.flags.spi.FlagEntry;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagSource;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bad input to an evaluation has the default and throws nothing; what it leaves in texts is one line. */
@Timeout(120)
class OddInputTest {

    private final CapturedLog log = CapturedLog.of(FlagClient.class);

    @AfterEach
    void close() {
        log.close();
    }

    private static FlagClient holding(Map<String, String> values) {
        return FlagClient.builder().source(FakeSource.of("store", values)).build();
    }

    @Nested
    @Tag("F-2")
    class Keys {

        static Stream<String> nobodysKeys() {
            return Stream.of(null, "", " ", "\t\n", "k".repeat(257), "k".repeat(10_000), " ".repeat(10_000), "\u0000");
        }

        @ParameterizedTest
        @MethodSource("nobodysKeys")
        void thatNobodyCanHoldHaveTheDefault(String key) {
            try (FlagClient client = holding(Map.of("", "off", " ", "off", "k".repeat(257), "off"))) {
                assertThat(client.isEnabled(key)).isTrue();
                assertThat(client.isEnabled(key, false)).isFalse();
                assertThat(client.evaluate(key).enabled()).isTrue();
                assertThat(client.evaluate(key, false).enabled()).isFalse();
                assertThat(client.evaluate(key).errorCode()).isEqualTo(ErrorCode.FLAG_NOT_FOUND);
                assertThat(client.evaluate(key).key()).isEqualTo(key == null ? "" : key);
                assertThat(client.handle(key).isEnabled()).isTrue();
                assertThat(client.evaluate(key).toString()).hasLineCount(1).hasSizeLessThan(200);
            }
        }

        @Test
        void ofTheGreatestLengthAreKeysLikeAnyOther() {
            String key = "k".repeat(Flag.MAX_KEY_LENGTH);
            try (FlagClient client = holding(Map.of(key, "off"))) {
                assertThat(client.isEnabled(key)).isFalse();
            }
        }

        @Test
        void withControlCharactersAreKeysLikeAnyOtherAndShownOnOneLine() {
            try (FlagClient client = holding(Map.of("a\nb\u0000", "off"))) {
                assertThat(client.isEnabled("a\nb\u0000")).isFalse();
                assertThat(client.evaluate("a\nb\u0000").toString()).startsWith("a\\u000Ab\\u0000=off");
            }
        }

        /** Each pass that compares every key with every other takes many times as long as this test may. */
        @Test
        @Tag("F-4")
        @Timeout(60)
        void ofOneHashAreToldApartHoweverMany() {
            Map<String, String> values = new HashMap<>();
            for (int number = 0; number < 1 << 17; number++) {
                values.put(ofOneHash(number), "off");
            }
            FakeSource store = FakeSource.of("store", values);
            try (FlagClient client = FlagClient.builder()
                    .source(store)
                    .startupTimeout(Eventually.PATIENCE)
                    .build()) {
                values.keySet().forEach(key -> assertThat(client.isEnabled(key)).isFalse());
                assertThat(client.isEnabled(ofOneHash(1 << 17))).isTrue();
                values.replaceAll((key, value) -> "on");
                store.answers(values);
                refreshed(client);
                values.keySet().forEach(key -> assertThat(client.isEnabled(key)).isTrue());
            }
        }

        /** "Aa" and "BB" have one hash, and so has any row of them of one length. */
        private static String ofOneHash(int number) {
            StringBuilder key = new StringBuilder();
            for (int bit = 1 << 17; bit > 0; bit >>= 1) {
                key.append((number & bit) == 0 ? "Aa" : "BB");
            }
            return key.toString();
        }

        @Test
        void aFlagThatIsNullHasTheDefault() {
            try (FlagClient client = holding(Map.of())) {
                assertThat(client.isEnabled((Flag) null)).isTrue();
                assertThat(client.evaluate((Flag) null).enabled()).isTrue();
                assertThat(client.handle((Flag) null).isEnabled()).isTrue();
            }
        }
    }

    @Nested
    @Tag("F-6")
    class Texts {

        private static final String LINE_ENDS = "\n\r\u0085\u2028\u2029";

        @Test
        void ofValuesAreExactInTheEvaluationAndOneLineInItsText() {
            String odd = "evil" + LINE_ENDS + "\u0000\u001b[31m" + "x".repeat(10_000);
            try (FlagClient client = holding(Map.of("a", odd))) {
                FlagEvaluation evaluation = client.evaluate("a");

                assertThat(evaluation.value()).isEqualTo(odd);
                assertOneLine(evaluation.toString());
                assertThat(evaluation.toString()).hasSizeLessThan(300).contains("evil\\u000A");
            }
        }

        @Test
        void ofAFailureAreOneLine() {
            FakeSource store = FakeSource.of("store", Map.of("a", "off"));
            try (FlagClient client = FlagClient.builder().source(store).build()) {
                store.answers(() -> {
                    throw new IllegalStateException("evil" + LINE_ENDS + "forged " + "x".repeat(10_000));
                });
                refreshed(client);

                assertOneLine(client.evaluate("a").toString());
                assertOneLine(client.sources().get(0).error());
                assertThat(client.sources().get(0).error()).hasSizeLessThan(400);
                log.events().forEach(event -> assertOneLine(event.getFormattedMessage()));
            }
        }

        @Test
        void ofAnExceptionThatCannotSpeakAreItsName() {
            FakeSource store = new FakeSource("store");
            store.answers(() -> {
                throw new Unspeakable();
            });
            try (FlagClient client = FlagClient.builder().source(store).build()) {
                assertThat(client.sources().get(0).error()).contains("Unspeakable");
                store.answers(Map.of("a", "off"));
                refreshed(client);
                assertThat(client.isEnabled("a")).isFalse();
            }
        }

        @Test
        void ofAnOverrideAreOneLine() {
            try (FlagClient client = holding(Map.of())) {
                client.override("a", false, Duration.ofMinutes(1), "evil" + LINE_ENDS + "forged");

                assertOneLine(client.evaluate("a").toString());
            }
        }

        private static void assertOneLine(String text) {
            assertThat(text.chars().filter(c -> LINE_ENDS.indexOf(c) >= 0).count())
                    .as(text)
                    .isZero();
        }

        private static final class Unspeakable extends RuntimeException {
            @Override
            public String toString() {
                throw new IllegalStateException("not even this");
            }

            @Override
            public String getMessage() {
                throw new IllegalStateException("not even this");
            }
        }
    }

    @Nested
    @Tag("F-8")
    class Clocks {

        @Test
        void thatThrowStopNeitherChecksNorLoops() {
            AtomicReference<InstantSource> clock = new AtomicReference<>(() -> Instant.EPOCH);
            FakeSource store = FakeSource.of("store", Map.of("a", "off"));
            try (FlagClient client = FlagClient.builder()
                    .source(store)
                    .clock(() -> clock.get().instant())
                    .build()) {
                clock.set(() -> {
                    throw new IllegalStateException("no time today");
                });
                assertThat(client.isEnabled("a")).isFalse();
                assertThat(client.evaluate("a").enabled()).isFalse();
                assertThat(client.sources()).hasSize(1);

                store.answers(Map.of("a", "on"));
                refreshed(client);
                assertThat(client.isEnabled("a")).isTrue();
            }
        }

        static Stream<Instant> ends() {
            return Stream.of(Instant.MIN, Instant.MAX);
        }

        @ParameterizedTest
        @MethodSource("ends")
        void atTheEndsOfTimeOverflowNowhere(Instant end, @TempDir Path directory) {
            AtomicReference<Instant> clock = new AtomicReference<>(end);
            FlagSet kill = FlagSet.builder()
                    .put("a", FlagEntry.of("off").ending(Duration.ofDays(1), "on"))
                    .build();
            try (FlagClient client = FlagClient.builder()
                    .source(() -> kill)
                    .declare(Flag.of("b").expires(LocalDate.of(2027, 3, 1)))
                    .snapshotFile(directory.resolve("flags.snapshot"))
                    .clock(clock::get)
                    .build()) {
                client.override("b", false, Duration.ofDays(40_000), "for ever, nearly");

                assertThat(client.isEnabled("a")).isFalse();
                assertThat(client.evaluate("b").enabled()).isFalse();
                assertThat(client.sources()).hasSize(1);
                assertThat(client.staleFlags()).extracting(StaleFlag::key).contains("a");
                clock.set(Instant.EPOCH);
                assertThat(client.evaluate("a").age()).isGreaterThanOrEqualTo(Duration.ZERO);
                assertThat(client.staleFlags()).extracting(StaleFlag::key).containsExactly("a");
            }
        }

        @Test
        void ofHugeDurationsOverflowNowhere() {
            Duration eternity = Duration.ofSeconds(Long.MAX_VALUE);
            FlagSource source = () -> FlagSet.of(Map.of("a", "off"));
            try (FlagClient client = FlagClient.builder()
                    .source(source)
                    .ttl(eternity)
                    .loadTimeout(eternity)
                    .startupTimeout(eternity)
                    .build()) {
                refreshed(client);
                client.override("b", false, eternity, "for ever, nearly");

                assertThat(client.isEnabled("a")).isFalse();
                assertThat(client.evaluate("a").reason()).isEqualTo(Reason.STATIC);
                assertThat(client.isEnabled("b")).isFalse();
            }
        }
    }
}
