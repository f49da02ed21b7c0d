package io.pratique.flags;

import static io.pratique.flags.Eventually.eventually;
import static io.pratique.flags.Eventually.refreshed;
import static io.pratique.flags.Rig.agreed;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.pratique.flags.spi.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The first source that holds a key decides, an override stands above all. */
@Tag("F-5")
@Timeout(120)
class PrecedenceTest {

    private final Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    private static final AtomicInteger TESTS = new AtomicInteger();

    /** A name of its own in each test: warnings of the client before may still be on their way. */
    private final String topmost = "top-" + TESTS.incrementAndGet();

    private final FakeSource top =
            FakeSource.of(topmost, Map.of("a", "on", "b", "off", "both", "off", "only-top", "off"));
    private final FakeSource middle = FakeSource.of("middle", Map.of("a", "off", "b", "on", "c", "off"));
    private final FakeSource bottom =
            FakeSource.of("bottom", Map.of("a", "on", "b", "on", "both", "off", "c", "on", "d", "off"));

    @ParameterizedTest
    @CsvSource({"a, true, top", "b, false, top", "c, false, middle", "d, false, bottom", "only-top, false, top"})
    void theFirstSourceThatHoldsTheKeyDecides(String key, boolean enabled, String source) {
        FlagEvaluation evaluation = agreed(rig.client(top, middle, bottom), key);

        assertThat(evaluation.enabled()).isEqualTo(enabled);
        assertThat(evaluation.source()).startsWith(source);
    }

    @Test
    void theOthersThatHoldTheKeyAreNamedAsShadowed() {
        FlagClient client = rig.client(top, middle, bottom);

        assertThat(client.evaluate("a").shadowed()).containsExactly("middle", "bottom");
        assertThat(client.evaluate("c").shadowed()).containsExactly("bottom");
        assertThat(client.evaluate("d").shadowed()).isEmpty();
        assertThat(client.evaluate("e").shadowed()).isEmpty();
    }

    @Test
    void aSourceWhoseValueCannotBeReadIsNotShadowed() {
        bottom.answers(Map.of("a", "banana"));

        assertThat(rig.client(top, middle, bottom).evaluate("a").shadowed()).containsExactly("middle");
    }

    @Test
    void anOnThatHidesAnOffSaysSo() {
        FlagClient client = rig.client(top, middle, bottom);

        assertThat(client.evaluate("a").shadowsOff()).isTrue();
        assertThat(client.evaluate("b").shadowsOff()).isFalse();
        assertThat(client.evaluate("both").shadowsOff()).isFalse();
        assertThat(client.evaluate("c").shadowsOff()).isFalse();
        assertThat(client.evaluate("e").shadowsOff()).isFalse();
        assertThat(client.evaluate("a").toString()).contains("shadows an OFF");
    }

    @Test
    void anOnThatHidesAnOffIsOneWarning() {
        FlagClient client = rig.client(top, middle, bottom);
        eventually(() -> assertThat(shadowWarnings()).hasSize(1));

        refreshed(client);
        bottom.answers(Map.of("a", "off", "d", "off"));
        refreshed(client);
        changedVisibly(client, top, Map.of("a", "on", "probe", "off"));

        assertThat(shadowWarnings())
                .singleElement()
                .satisfies(line -> assertThat(line).contains("a=on", "source " + topmost));
    }

    @Test
    void aKillThatIsHiddenOnceMoreIsWarnedOfOnceMore() {
        FlagClient client = rig.client(top, middle, bottom);
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
        eventually(
                () -> assertThat(rig.log().events(Level.INFO, "flag", "probe")).isNotEmpty());
    }

    private List<String> shadowWarnings() {
        return rig.log().events(Level.WARN, "source", topmost).stream()
                .map(ILoggingEvent::getFormattedMessage)
                .filter(line -> line.contains("shadow"))
                .toList();
    }

    @Test
    void aSourceThatHasNotAnsweredIsPassedOver() {
        top.fails();
        FlagClient client = rig.client(top, middle);

        FlagEvaluation evaluation = agreed(client, "a");

        assertThat(evaluation.enabled()).isFalse();
        assertThat(evaluation.reason()).isEqualTo(Reason.STATIC);
        assertThat(evaluation.source()).isEqualTo("middle");
        assertThat(evaluation.unanswered()).containsExactly(topmost);
    }

    @Test
    void aSourceThatFailsLaterStillStandsAboveTheOthers() {
        FlagClient client = rig.client(top, middle);
        top.fails();
        refreshed(client);

        assertThat(agreed(client, "b")).satisfies(evaluation -> {
            assertThat(evaluation.enabled()).isFalse();
            assertThat(evaluation.source()).isEqualTo(topmost);
            assertThat(evaluation.reason()).isEqualTo(Reason.STALE);
        });
        assertThat(agreed(client, "c").reason()).isEqualTo(Reason.STATIC);
    }

    @Test
    void anOverrideStandsAboveAllUntilItEnds() {
        FlagClient client = rig.client(top, middle, bottom);
        FlagHandle handle = client.handle("b");
        client.override("b", true, Duration.ofMinutes(10), "the kill was a mistake");

        assertThat(agreed(client, "b").enabled()).isTrue();
        assertThat(client.evaluate("b").shadowed()).containsExactly(topmost, "middle", "bottom");
        assertThat(client.evaluate("b").shadowsOff()).isTrue();
        assertThat(handle.isEnabled()).isTrue();

        rig.advance(Duration.ofMinutes(10));
        eventually(() -> assertThat(client.isEnabled("b")).isFalse());
        assertThat(client.evaluate("b").source()).isEqualTo(topmost);
        eventually(() -> assertThat(handle.isEnabled()).isFalse());
    }

    @Test
    void anOverrideBeatsTheDefaultOfAKeyThatNobodyHolds() {
        FlagClient client = rig.client();
        Subscription override = client.override("e", false, Duration.ofMinutes(10), "not now");

        assertThat(agreed(client, "e").enabled()).isFalse();
        assertThat(client.isEnabled("e", true)).isFalse();
        override.close();
        assertThat(agreed(client, "e").errorCode()).isEqualTo(ErrorCode.PROVIDER_NOT_READY);
    }
}
