package io.pratique.flags;

import static io.pratique.flags.Eventually.eventually;
import static io.pratique.flags.Eventually.refreshed;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.pratique.flags.spi.FlagEntry;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.Subscription;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The table "How flags are evaluated", row by row, through the public contract. */
@Timeout(120)
class EvaluationTest {

    private static final String KEY = "outbox-processing";
    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

    private final AtomicReference<Instant> clock = new AtomicReference<>(START);
    private final CapturedLog log = CapturedLog.of(FlagClient.class);
    private final List<FlagClient> built = new ArrayList<>();

    @AfterEach
    void close() {
        built.forEach(FlagClient::close);
        log.close();
    }

    private FlagClient client(FakeSource... sources) {
        return client(FlagClient.builder(), sources);
    }

    private FlagClient client(FlagClient.Builder builder, FakeSource... sources) {
        for (FakeSource source : sources) {
            builder.source(source);
        }
        FlagClient client = builder.clock(clock::get).build();
        built.add(client);
        return client;
    }

    private static FakeSource holding(String value) {
        return FakeSource.of("store", Map.of(KEY, value));
    }

    private static FakeSource failing(String name) {
        FakeSource source = new FakeSource(name);
        source.fails();
        return source;
    }

    /** The handle and all forms of the check agree with the evaluation. */
    private static FlagEvaluation agreed(FlagClient client, String key) {
        FlagEvaluation evaluation = client.evaluate(key);
        assertThat(client.isEnabled(key)).isEqualTo(evaluation.enabled());
        assertThat(client.isEnabled(new String(key.toCharArray()))).isEqualTo(evaluation.enabled());
        assertThat(client.handle(key).isEnabled()).isEqualTo(evaluation.enabled());
        assertThat(evaluation.key()).isEqualTo(key);
        return evaluation;
    }

    @Nested
    @Tag("F-6")
    class TheTable {

        @Test
        void validAndAnswered() {
            FlagEvaluation evaluation = agreed(client(holding("off")), KEY);

            assertThat(evaluation.enabled()).isFalse();
            assertThat(evaluation.reason()).isEqualTo(Reason.STATIC);
            assertThat(evaluation.errorCode()).isNull();
            assertThat(evaluation.source()).isEqualTo("store");
            assertThat(evaluation.value()).isEqualTo("off");
            assertThat(evaluation.detail()).isNull();
            assertThat(evaluation.unanswered()).isEmpty();
        }

        @Test
        void validAndFailing() {
            FakeSource source = holding("off");
            FlagClient client = client(source);
            source.fails();
            refreshed(client);

            FlagEvaluation evaluation = agreed(client, KEY);

            assertThat(evaluation.enabled()).isFalse();
            assertThat(evaluation.reason()).isEqualTo(Reason.STALE);
            assertThat(evaluation.errorCode()).isNull();
            assertThat(evaluation.source()).isEqualTo("store");
            assertThat(evaluation.detail()).contains("the source is away");
        }

        @Test
        void invalidNowAndValidBefore() {
            FakeSource source = holding("off");
            FlagClient client = client(source);
            source.answers(Map.of(KEY, "banana"));
            refreshed(client);

            FlagEvaluation evaluation = agreed(client, KEY);

            assertThat(evaluation.enabled()).isFalse();
            assertThat(evaluation.reason()).isEqualTo(Reason.STALE);
            assertThat(evaluation.errorCode()).isEqualTo(ErrorCode.PARSE_ERROR);
            assertThat(evaluation.source()).isEqualTo("store");
            assertThat(evaluation.value()).isEqualTo("off");
            assertThat(evaluation.detail()).contains("banana");
        }

        @Test
        void invalidAndNeverValid() {
            FlagEvaluation evaluation = agreed(client(holding("banana")), KEY);

            assertThat(evaluation.enabled()).isTrue();
            assertThat(evaluation.reason()).isEqualTo(Reason.ERROR);
            assertThat(evaluation.errorCode()).isEqualTo(ErrorCode.PARSE_ERROR);
            assertThat(evaluation.source()).isEqualTo("store");
            assertThat(evaluation.value()).isEqualTo("banana");
        }

        @Test
        void answeredAndAbsentInAll() {
            FlagEvaluation evaluation = agreed(client(new FakeSource("store"), new FakeSource("env")), KEY);

            assertThat(evaluation.enabled()).isTrue();
            assertThat(evaluation.reason()).isEqualTo(Reason.DEFAULT);
            assertThat(evaluation.errorCode()).isEqualTo(ErrorCode.FLAG_NOT_FOUND);
            assertThat(evaluation.source()).isNull();
            assertThat(evaluation.value()).isNull();
            assertThat(evaluation.changedAt()).isNull();
            assertThat(evaluation.age()).isNull();
        }

        @Test
        void heldByNoneAndOneHasNotAnswered() {
            FlagEvaluation evaluation = agreed(client(failing("store"), new FakeSource("env")), KEY);

            assertThat(evaluation.enabled()).isTrue();
            assertThat(evaluation.reason()).isEqualTo(Reason.DEFAULT);
            assertThat(evaluation.errorCode()).isEqualTo(ErrorCode.PROVIDER_NOT_READY);
            assertThat(evaluation.unanswered()).containsExactly("store");
        }

        @Test
        void noSource() {
            FlagEvaluation evaluation = agreed(client(), KEY);

            assertThat(evaluation.enabled()).isTrue();
            assertThat(evaluation.reason()).isEqualTo(Reason.DEFAULT);
            assertThat(evaluation.errorCode()).isEqualTo(ErrorCode.PROVIDER_NOT_READY);
        }

        @Test
        void absentIsStillNewsOnceTheSourceFailsLater() {
            FakeSource source = new FakeSource("store");
            FlagClient client = client(source);
            source.fails();
            refreshed(client);

            assertThat(agreed(client, KEY).errorCode()).isEqualTo(ErrorCode.FLAG_NOT_FOUND);
        }

        @Test
        void overridden() {
            FlagClient client = client(holding("on"));
            client.override(KEY, false, Duration.ofHours(1), "incident 42");

            FlagEvaluation evaluation = agreed(client, KEY);

            assertThat(evaluation.enabled()).isFalse();
            assertThat(evaluation.reason()).isEqualTo(Reason.STATIC);
            assertThat(evaluation.errorCode()).isNull();
            assertThat(evaluation.source()).isEqualTo("override");
            assertThat(evaluation.value()).isEqualTo("off");
            assertThat(evaluation.changedAt()).isEqualTo(START);
            assertThat(evaluation.age()).isEqualTo(Duration.ZERO);
            assertThat(evaluation.detail()).contains("incident 42");
        }
    }

    @Nested
    @Tag("F-2")
    class Defaults {

        @Test
        void areOn() {
            FlagClient client = client(new FakeSource("store"));

            assertThat(client.isEnabled(KEY)).isTrue();
            assertThat(client.isEnabled(Flag.of(KEY))).isTrue();
        }

        @Test
        void areOffWhereDeclaredSo() {
            FlagClient client =
                    client(FlagClient.builder().declare(Flag.of(KEY).defaultOff()), new FakeSource("store"));

            assertThat(agreed(client, KEY).enabled()).isFalse();
            assertThat(client.isEnabled(KEY)).isFalse();
        }

        @Test
        void ofTheCallBeatTheDeclaredOnes() {
            FlagClient client =
                    client(FlagClient.builder().declare(Flag.of(KEY).defaultOff()), new FakeSource("store"));

            assertThat(client.isEnabled(KEY, true)).isTrue();
            assertThat(client.evaluate(KEY, true).enabled()).isTrue();
            assertThat(client.isEnabled(Flag.of(KEY))).isTrue();
            assertThat(client.evaluate(Flag.of(KEY)).enabled()).isTrue();
            assertThat(client.handle(Flag.of(KEY)).isEnabled()).isTrue();
            assertThat(client.isEnabled(KEY, false)).isFalse();
        }

        @Test
        void ofTheCallHoldForUnknownKeys() {
            FlagClient client = client(new FakeSource("store"));

            assertThat(client.isEnabled("x", false)).isFalse();
            assertThat(client.evaluate("x", false).enabled()).isFalse();
            assertThat(client.isEnabled(Flag.of("x").defaultOff())).isFalse();
            assertThat(client.handle(Flag.of("x").defaultOff()).isEnabled()).isFalse();
            assertThat(client.isEnabled("x", true)).isTrue();
        }

        @ParameterizedTest
        @CsvSource({"on, true", "off, false"})
        void giveWayToWhatASourceHolds(String value, boolean enabled) {
            FlagClient client = client(FlagClient.builder().declare(Flag.of(KEY).defaultOff()), holding(value));

            assertThat(agreed(client, KEY).enabled()).isEqualTo(enabled);
            assertThat(client.isEnabled(KEY, !enabled)).isEqualTo(enabled);
            assertThat(client.evaluate(KEY, !enabled).enabled()).isEqualTo(enabled);
            assertThat(client.isEnabled(Flag.of(KEY).defaultOff())).isEqualTo(enabled);
            assertThat(client.handle(Flag.of(KEY).defaultOff()).isEnabled()).isEqualTo(enabled);
        }

        @Test
        void holdForInvalidValues() {
            FlagClient client = client(FlagClient.builder().declare(Flag.of(KEY).defaultOff()), holding("banana"));

            assertThat(agreed(client, KEY).enabled()).isFalse();
            assertThat(agreed(client, KEY).reason()).isEqualTo(Reason.ERROR);
            assertThat(client.isEnabled(KEY, true)).isTrue();
        }

        @Test
        void holdAgainOnceASourceForgetsTheFlag() {
            FakeSource source = holding("off");
            FlagClient client = client(source);
            FlagHandle handle = client.handle(KEY);
            source.answers(Map.of());
            refreshed(client);

            assertThat(client.isEnabled(KEY)).isTrue();
            assertThat(handle.isEnabled()).isTrue();
        }
    }

    @Nested
    @Tag("F-3")
    class Values {

        static Stream<String> on() {
            return words("true", "on", "yes", "1", "enabled");
        }

        static Stream<String> off() {
            return words("false", "off", "no", "0", "disabled");
        }

        private static Stream<String> words(String... words) {
            return Stream.of(words)
                    .flatMap(word -> Stream.of(
                            word,
                            word.toUpperCase(Locale.ROOT),
                            word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1),
                            "  " + word,
                            word + "\t",
                            "\r\n " + word + " \n"));
        }

        @ParameterizedTest
        @MethodSource("on")
        void thatMeanOn(String value) {
            FlagClient client = client(FlagClient.builder().declare(Flag.of(KEY).defaultOff()), holding(value));

            assertThat(agreed(client, KEY).enabled()).isTrue();
            assertThat(client.evaluate(KEY).reason()).isEqualTo(Reason.STATIC);
            assertThat(client.evaluate(KEY).value()).isEqualTo(value);
        }

        @ParameterizedTest
        @MethodSource("off")
        void thatMeanOff(String value) {
            FlagClient client = client(holding(value));

            assertThat(agreed(client, KEY).enabled()).isFalse();
            assertThat(client.evaluate(KEY).reason()).isEqualTo(Reason.STATIC);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    " ",
                    "banana",
                    "tru",
                    "truee",
                    "t",
                    "y",
                    "n",
                    "2",
                    "-1",
                    "00",
                    "01",
                    "on off",
                    "o\nn",
                    "null",
                    "оff",
                    "ｏｎ",
                    "true\u0000",
                    "\"true\"",
                    "dısabled"
                })
        void thatMeanNothing(String value) {
            FlagClient client = client(holding(value));

            FlagEvaluation evaluation = agreed(client, KEY);
            assertThat(evaluation.enabled()).isTrue();
            assertThat(evaluation.errorCode()).isEqualTo(ErrorCode.PARSE_ERROR);
            assertThat(evaluation.reason()).isEqualTo(Reason.ERROR);
        }

        @Test
        void thatCannotBeReadLeaveTheDecisionToLowerSources() {
            FlagClient client =
                    client(FakeSource.of("store", Map.of(KEY, "banana")), FakeSource.of("file", Map.of(KEY, "off")));

            FlagEvaluation evaluation = agreed(client, KEY);

            assertThat(evaluation.enabled()).isFalse();
            assertThat(evaluation.source()).isEqualTo("file");
            assertThat(evaluation.reason()).isEqualTo(Reason.STATIC);
            assertThat(evaluation.errorCode()).isNull();
        }

        @Test
        void thatCannotBeReadNowLeaveTheLastValidOneInForceAboveLowerSources() {
            FakeSource store = holding("off");
            FlagClient client = client(store, FakeSource.of("file", Map.of(KEY, "on")));
            store.answers(Map.of(KEY, "banana"));
            refreshed(client);

            FlagEvaluation evaluation = agreed(client, KEY);

            assertThat(evaluation.enabled()).isFalse();
            assertThat(evaluation.source()).isEqualTo("store");
        }

        @Test
        void thatCannotBeReadCostTheOthersNothing() {
            FlagClient client =
                    client(FakeSource.of("store", Map.of(KEY, "banana", "cleanup", "off", "voice-retry", "on")));

            assertThat(agreed(client, "cleanup").enabled()).isFalse();
            assertThat(agreed(client, "voice-retry").reason()).isEqualTo(Reason.STATIC);
        }

        @Test
        void thatCannotBeReadAreOneWarningThatNamesKeySourceAndValue() {
            FakeSource store = holding("banana");
            FlagClient client = client(store);
            refreshed(client);
            refreshed(client);

            assertThat(log.events(Level.WARN)).singleElement().satisfies(event -> {
                assertThat(event.getFormattedMessage()).contains(KEY, "store", "\"banana\"");
                assertThat(CapturedLog.value(event, "flag")).isEqualTo(KEY);
                assertThat(CapturedLog.value(event, "source")).isEqualTo("store");
                assertThat(CapturedLog.value(event, "value")).isEqualTo("banana");
            });
        }

        @Test
        void thatCannotBeReadAreEscapedAndCutInTheLog() {
            client(holding("evil\n2026 WARN forged \u202E\u0085" + "x".repeat(10_000)));

            assertThat(log.messages(Level.WARN))
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .doesNotContain("\n", "\u202E", "\u0085", "xxxxxxxxxx")
                            .contains("evil\\u000A2026"));
        }

        @Test
        void thatCannotBeReadAreCounted() {
            FakeSource store = FakeSource.of("store", Map.of(KEY, "banana", "cleanup", "cherry"));
            FlagClient client = client(store);
            refreshed(client);
            assertThat(client.sources().get(0).invalidValues()).isEqualTo(2);

            store.answers(Map.of(KEY, "damson", "cleanup", "cherry"));
            refreshed(client);
            assertThat(client.sources().get(0).invalidValues()).isEqualTo(3);
        }

        @Test
        @Tag("B-4")
        void thatATimeBoxCoversAndCannotBeReadAreNamedOnceItIsOver() {
            FakeSource store = new FakeSource("store");
            FlagSet kill = FlagSet.builder()
                    .put(KEY, FlagEntry.of("off").ending(Duration.ofSeconds(5), "banana"))
                    .build();
            store.answers(() -> kill);
            FlagClient client = client(store);
            assertThat(agreed(client, KEY).enabled()).isFalse();

            clock.set(START.plusSeconds(5));
            eventually(() -> assertThat(client.isEnabled(KEY)).isTrue());

            assertThat(client.evaluate(KEY).value()).isEqualTo("banana");
            assertThat(client.evaluate(KEY).errorCode()).isEqualTo(ErrorCode.PARSE_ERROR);
        }
    }

    @Nested
    @Tag("F-5")
    class Precedence {

        private final FakeSource top = FakeSource.of("top", Map.of("a", "on", "b", "off", "only-top", "off"));
        private final FakeSource middle = FakeSource.of("middle", Map.of("a", "off", "b", "on", "c", "off"));
        private final FakeSource bottom = FakeSource.of("bottom", Map.of("a", "on", "b", "on", "c", "on", "d", "off"));

        @ParameterizedTest
        @CsvSource({"a, true, top", "b, false, top", "c, false, middle", "d, false, bottom", "only-top, false, top"})
        void theFirstSourceThatHoldsTheKeyDecides(String key, boolean enabled, String source) {
            FlagEvaluation evaluation = agreed(client(top, middle, bottom), key);

            assertThat(evaluation.enabled()).isEqualTo(enabled);
            assertThat(evaluation.source()).isEqualTo(source);
        }

        @Test
        void theOthersThatHoldTheKeyAreNamedAsShadowed() {
            FlagClient client = client(top, middle, bottom);

            assertThat(client.evaluate("a").shadowed()).containsExactly("middle", "bottom");
            assertThat(client.evaluate("c").shadowed()).containsExactly("bottom");
            assertThat(client.evaluate("d").shadowed()).isEmpty();
            assertThat(client.evaluate("e").shadowed()).isEmpty();
        }

        @Test
        void aSourceWhoseValueCannotBeReadIsNotShadowed() {
            bottom.answers(Map.of("a", "banana"));

            assertThat(client(top, middle, bottom).evaluate("a").shadowed()).containsExactly("middle");
        }

        @Test
        void anOnThatHidesAnOffSaysSo() {
            FlagClient client = client(top, middle, bottom);

            assertThat(client.evaluate("a").shadowsOff()).isTrue();
            assertThat(client.evaluate("b").shadowsOff()).isFalse();
            assertThat(client.evaluate("c").shadowsOff()).isFalse();
            assertThat(client.evaluate("e").shadowsOff()).isFalse();
            assertThat(client.evaluate("a").toString()).contains("shadows an OFF");
        }

        @Test
        void anOnThatHidesAnOffIsOneWarning() {
            FlagClient client = client(top, middle, bottom);
            eventually(() -> assertThat(shadowWarnings()).hasSize(1));

            refreshed(client);
            bottom.answers(Map.of("a", "off", "d", "off"));
            refreshed(client);
            changedVisibly(client, top, Map.of("a", "on", "probe", "off"));

            assertThat(shadowWarnings())
                    .singleElement()
                    .satisfies(line -> assertThat(line).contains("a=on", "source top"));
        }

        @Test
        void aKillThatIsHiddenOnceMoreIsWarnedOfOnceMore() {
            FlagClient client = client(top, middle, bottom);
            eventually(() -> assertThat(shadowWarnings()).hasSize(1));

            middle.answers(Map.of("a", "on"));
            refreshed(client);
            assertThat(client.evaluate("a").shadowsOff()).isFalse();
            middle.answers(Map.of("a", "off"));
            refreshed(client);

            eventually(() -> assertThat(shadowWarnings()).hasSize(2));
        }

        /** Changes are told in order: once this one is logged, all before it have been. */
        private void changedVisibly(FlagClient client, FakeSource source, Map<String, String> values) {
            source.answers(values);
            refreshed(client);
            eventually(() -> assertThat(log.events(Level.INFO, "flag", "probe")).isNotEmpty());
        }

        private List<String> shadowWarnings() {
            return log.messages(Level.WARN).stream()
                    .filter(line -> line.contains("shadow"))
                    .toList();
        }

        @Test
        void aSourceThatHasNotAnsweredIsPassedOver() {
            top.fails();
            FlagClient client = client(top, middle);

            FlagEvaluation evaluation = agreed(client, "a");

            assertThat(evaluation.enabled()).isFalse();
            assertThat(evaluation.reason()).isEqualTo(Reason.STATIC);
            assertThat(evaluation.source()).isEqualTo("middle");
            assertThat(evaluation.unanswered()).containsExactly("top");
        }

        @Test
        void aSourceThatFailsLaterStillStandsAboveTheOthers() {
            FlagClient client = client(top, middle);
            top.fails();
            refreshed(client);

            assertThat(agreed(client, "b")).satisfies(evaluation -> {
                assertThat(evaluation.enabled()).isFalse();
                assertThat(evaluation.source()).isEqualTo("top");
                assertThat(evaluation.reason()).isEqualTo(Reason.STALE);
            });
            assertThat(agreed(client, "c").reason()).isEqualTo(Reason.STATIC);
        }

        @Test
        void anOverrideStandsAboveAllUntilItEnds() {
            FlagClient client = client(top, middle, bottom);
            FlagHandle handle = client.handle("b");
            client.override("b", true, Duration.ofMinutes(10), "the kill was a mistake");

            assertThat(agreed(client, "b").enabled()).isTrue();
            assertThat(client.evaluate("b").shadowed()).containsExactly("top", "middle", "bottom");
            assertThat(client.evaluate("b").shadowsOff()).isTrue();
            assertThat(handle.isEnabled()).isTrue();

            clock.set(START.plus(Duration.ofMinutes(10)));
            eventually(() -> assertThat(client.isEnabled("b")).isFalse());
            assertThat(client.evaluate("b").source()).isEqualTo("top");
            eventually(() -> assertThat(handle.isEnabled()).isFalse());
        }

        @Test
        void anOverrideBeatsTheDefaultOfAKeyThatNobodyHolds() {
            FlagClient client = client();
            Subscription override = client.override("e", false, Duration.ofMinutes(10), "not now");

            assertThat(agreed(client, "e").enabled()).isFalse();
            assertThat(client.isEnabled("e", true)).isFalse();
            override.close();
            assertThat(agreed(client, "e").errorCode()).isEqualTo(ErrorCode.PROVIDER_NOT_READY);
        }
    }

    @Nested
    @Tag("F-6")
    class AgeAndChange {

        @Test
        void ageIsTheTimeSinceTheSourceAnswered() {
            FlagClient client = client(FlagClient.builder().ttl(Duration.ofHours(1)), holding("off"));

            assertThat(client.evaluate(KEY).age()).isEqualTo(Duration.ZERO);
            clock.set(START.plusSeconds(90));
            assertThat(client.evaluate(KEY).age()).isEqualTo(Duration.ofSeconds(90));
        }

        @Test
        void ageGrowsThroughAnOutage() {
            FakeSource store = holding("off");
            FlagClient client = client(FlagClient.builder().ttl(Duration.ofHours(1)), store);
            store.fails();
            clock.set(START.plusSeconds(90));
            refreshed(client);

            assertThat(client.evaluate(KEY).age()).isEqualTo(Duration.ofSeconds(90));
        }

        @Test
        void changedAtIsWhatTheSourceSays() {
            Instant written = Instant.parse("2026-01-02T03:04:05Z");
            FakeSource store = new FakeSource("store");
            store.answers(() -> FlagSet.builder()
                    .put(KEY, FlagEntry.of("off").changedAt(written))
                    .build());

            assertThat(client(store).evaluate(KEY).changedAt()).isEqualTo(written);
        }

        @Test
        void changedAtIsElseWhenTheValueWasFirstSeen() {
            FakeSource store = holding("off");
            FlagClient client = client(FlagClient.builder().ttl(Duration.ofHours(1)), store);
            clock.set(START.plusSeconds(90));
            refreshed(client);
            assertThat(client.evaluate(KEY).changedAt()).isEqualTo(START);

            store.answers(Map.of(KEY, "on"));
            refreshed(client);
            assertThat(client.evaluate(KEY).changedAt()).isEqualTo(START.plusSeconds(90));
        }
    }
}
