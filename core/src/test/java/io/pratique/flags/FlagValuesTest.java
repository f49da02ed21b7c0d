package io.pratique.flags;

import static io.pratique.flags.Eventually.eventually;
import static io.pratique.flags.Eventually.refreshed;
import static io.pratique.flags.Rig.agreed;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.pratique.flags.spi.FlagEntry;
import io.pratique.flags.spi.FlagSet;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The texts that mean on, off and nothing, as evaluations see them. */
@Tag("F-3")
@Timeout(120)
class FlagValuesTest {

    private static final String KEY = "outbox-processing";

    private final Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    private static FakeSource holding(String value) {
        return FakeSource.of("store", Map.of(KEY, value));
    }

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
        FlagClient client = rig.client(FlagClient.builder().declare(Flag.of(KEY).defaultOff()), holding(value));

        assertThat(agreed(client, KEY).enabled()).isTrue();
        assertThat(client.evaluate(KEY).reason()).isEqualTo(Reason.STATIC);
        assertThat(client.evaluate(KEY).value()).isEqualTo(value);
    }

    @ParameterizedTest
    @MethodSource("off")
    void thatMeanOff(String value) {
        FlagClient client = rig.client(holding(value));

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
        FlagClient client = rig.client(holding(value));

        FlagEvaluation evaluation = agreed(client, KEY);
        assertThat(evaluation.enabled()).isTrue();
        assertThat(evaluation.errorCode()).isEqualTo(ErrorCode.PARSE_ERROR);
        assertThat(evaluation.reason()).isEqualTo(Reason.ERROR);
    }

    @Test
    void thatCannotBeReadLeaveTheDecisionToLowerSources() {
        FlagClient client =
                rig.client(FakeSource.of("store", Map.of(KEY, "banana")), FakeSource.of("file", Map.of(KEY, "off")));

        FlagEvaluation evaluation = agreed(client, KEY);

        assertThat(evaluation.enabled()).isFalse();
        assertThat(evaluation.source()).isEqualTo("file");
        assertThat(evaluation.reason()).isEqualTo(Reason.STATIC);
        assertThat(evaluation.errorCode()).isNull();
    }

    @Test
    void thatCannotBeReadNowLeaveTheLastValidOneInForceAboveLowerSources() {
        FakeSource store = holding("off");
        FlagClient client = rig.client(store, FakeSource.of("file", Map.of(KEY, "on")));
        store.answers(Map.of(KEY, "banana"));
        refreshed(client);

        FlagEvaluation evaluation = agreed(client, KEY);

        assertThat(evaluation.enabled()).isFalse();
        assertThat(evaluation.source()).isEqualTo("store");
    }

    @Test
    void thatCannotBeReadCostTheOthersNothing() {
        FlagClient client =
                rig.client(FakeSource.of("store", Map.of(KEY, "banana", "cleanup", "off", "voice-retry", "on")));

        assertThat(agreed(client, "cleanup").enabled()).isFalse();
        assertThat(agreed(client, "voice-retry").reason()).isEqualTo(Reason.STATIC);
    }

    @Test
    void thatCannotBeReadAreOneWarningThatNamesKeySourceAndValue() {
        FakeSource store = holding("banana");
        FlagClient client = rig.client(store);
        refreshed(client);
        refreshed(client);

        assertThat(rig.log().events(Level.WARN, "value", "banana"))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.getFormattedMessage()).contains(KEY, "store", "\"banana\"");
                    assertThat(CapturedLog.value(event, "flag")).isEqualTo(KEY);
                    assertThat(CapturedLog.value(event, "source")).isEqualTo("store");
                    assertThat(CapturedLog.value(event, "value")).isEqualTo("banana");
                });
    }

    @Test
    void thatCannotBeReadAreEscapedAndCutInTheLog() {
        rig.client(holding("evil\n2026 WARN forged \u202E\u0085" + "x".repeat(10_000)));

        assertThat(rig.log().events(Level.WARN, "flag", KEY))
                .singleElement()
                .satisfies(event -> assertThat(event.getFormattedMessage())
                        .doesNotContain("\n", "\u202E", "\u0085", "xxxxxxxxxx")
                        .contains("evil\\u000A2026"));
    }

    @Test
    void thatCannotBeReadAreCounted() {
        FakeSource store = FakeSource.of("store", Map.of(KEY, "banana", "cleanup", "cherry"));
        FlagClient client = rig.client(store);
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
        FlagClient client = rig.client(store);
        assertThat(agreed(client, KEY).enabled()).isFalse();

        rig.advance(Duration.ofSeconds(5));
        eventually(() -> assertThat(client.isEnabled(KEY)).isTrue());

        assertThat(client.evaluate(KEY).value()).isEqualTo("banana");
        assertThat(client.evaluate(KEY).errorCode()).isEqualTo(ErrorCode.PARSE_ERROR);
    }
}
