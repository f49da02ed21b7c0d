package io.pratique.flags;

import static io.pratique.flags.Eventually.refreshed;
import static io.pratique.flags.Rig.agreed;
import static org.assertj.core.api.Assertions.assertThat;

import io.pratique.flags.spi.FlagEntry;
import io.pratique.flags.spi.FlagSet;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table "How flags are evaluated", row by row, through the public contract. */
@Timeout(120)
class EvaluationTest {

    private static final String KEY = "outbox-processing";

    private final Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    private static FakeSource holding(String value) {
        return FakeSource.of("store", Map.of(KEY, value));
    }

    private static FakeSource failing(String name) {
        FakeSource source = new FakeSource(name);
        source.fails();
        return source;
    }

    @Nested
    @Tag("F-6")
    class TheTable {

        @Test
        void validAndAnswered() {
            FlagEvaluation evaluation = agreed(rig.client(holding("off")), KEY);

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
            FlagClient client = rig.client(source);
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
            FlagClient client = rig.client(source);
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
            FlagEvaluation evaluation = agreed(rig.client(holding("banana")), KEY);

            assertThat(evaluation.enabled()).isTrue();
            assertThat(evaluation.reason()).isEqualTo(Reason.ERROR);
            assertThat(evaluation.errorCode()).isEqualTo(ErrorCode.PARSE_ERROR);
            assertThat(evaluation.source()).isEqualTo("store");
            assertThat(evaluation.value()).isEqualTo("banana");
        }

        @Test
        void answeredAndAbsentInAll() {
            FlagEvaluation evaluation = agreed(rig.client(new FakeSource("store"), new FakeSource("env")), KEY);

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
            FlagEvaluation evaluation = agreed(rig.client(failing("store"), new FakeSource("env")), KEY);

            assertThat(evaluation.enabled()).isTrue();
            assertThat(evaluation.reason()).isEqualTo(Reason.DEFAULT);
            assertThat(evaluation.errorCode()).isEqualTo(ErrorCode.PROVIDER_NOT_READY);
            assertThat(evaluation.unanswered()).containsExactly("store");
        }

        @Test
        void noSource() {
            FlagEvaluation evaluation = agreed(rig.client(), KEY);

            assertThat(evaluation.enabled()).isTrue();
            assertThat(evaluation.reason()).isEqualTo(Reason.DEFAULT);
            assertThat(evaluation.errorCode()).isEqualTo(ErrorCode.PROVIDER_NOT_READY);
        }

        @Test
        void absentIsStillNewsOnceTheSourceFailsLater() {
            FakeSource source = new FakeSource("store");
            FlagClient client = rig.client(source);
            source.fails();
            refreshed(client);

            assertThat(agreed(client, KEY).errorCode()).isEqualTo(ErrorCode.FLAG_NOT_FOUND);
        }

        @Test
        void overridden() {
            FlagClient client = rig.client(holding("on"));
            client.override(KEY, false, Duration.ofHours(1), "incident 42");

            FlagEvaluation evaluation = agreed(client, KEY);

            assertThat(evaluation.enabled()).isFalse();
            assertThat(evaluation.reason()).isEqualTo(Reason.STATIC);
            assertThat(evaluation.errorCode()).isNull();
            assertThat(evaluation.source()).isEqualTo("override");
            assertThat(evaluation.value()).isEqualTo("off");
            assertThat(evaluation.changedAt()).isEqualTo(Rig.START);
            assertThat(evaluation.age()).isEqualTo(Duration.ZERO);
            assertThat(evaluation.detail()).contains("incident 42");
        }
    }

    @Nested
    @Tag("F-2")
    class Defaults {

        @Test
        void areOn() {
            FlagClient client = rig.client(new FakeSource("store"));

            assertThat(client.isEnabled(KEY)).isTrue();
            assertThat(client.isEnabled(Flag.of(KEY))).isTrue();
        }

        @Test
        void areOffWhereDeclaredSo() {
            FlagClient client =
                    rig.client(FlagClient.builder().declare(Flag.of(KEY).defaultOff()), new FakeSource("store"));

            assertThat(agreed(client, KEY).enabled()).isFalse();
            assertThat(client.isEnabled(KEY)).isFalse();
        }

        @Test
        void ofTheCallBeatTheDeclaredOnes() {
            FlagClient client =
                    rig.client(FlagClient.builder().declare(Flag.of(KEY).defaultOff()), new FakeSource("store"));

            assertThat(client.isEnabled(KEY, true)).isTrue();
            assertThat(client.evaluate(KEY, true).enabled()).isTrue();
            assertThat(client.isEnabled(Flag.of(KEY))).isTrue();
            assertThat(client.evaluate(Flag.of(KEY)).enabled()).isTrue();
            assertThat(client.handle(Flag.of(KEY)).isEnabled()).isTrue();
            assertThat(client.isEnabled(KEY, false)).isFalse();
        }

        @Test
        void ofTheCallHoldForUnknownKeys() {
            FlagClient client = rig.client(new FakeSource("store"));

            assertThat(client.isEnabled("x", false)).isFalse();
            assertThat(client.evaluate("x", false).enabled()).isFalse();
            assertThat(client.isEnabled(Flag.of("x").defaultOff())).isFalse();
            assertThat(client.handle(Flag.of("x").defaultOff()).isEnabled()).isFalse();
            assertThat(client.isEnabled("x", true)).isTrue();
        }

        @ParameterizedTest
        @CsvSource({"on, true", "off, false"})
        void giveWayToWhatASourceHolds(String value, boolean enabled) {
            FlagClient client =
                    rig.client(FlagClient.builder().declare(Flag.of(KEY).defaultOff()), holding(value));

            assertThat(agreed(client, KEY).enabled()).isEqualTo(enabled);
            assertThat(client.isEnabled(KEY, !enabled)).isEqualTo(enabled);
            assertThat(client.evaluate(KEY, !enabled).enabled()).isEqualTo(enabled);
            assertThat(client.isEnabled(Flag.of(KEY).defaultOff())).isEqualTo(enabled);
            assertThat(client.handle(Flag.of(KEY).defaultOff()).isEnabled()).isEqualTo(enabled);
        }

        @Test
        void holdForInvalidValues() {
            FlagClient client =
                    rig.client(FlagClient.builder().declare(Flag.of(KEY).defaultOff()), holding("banana"));

            assertThat(agreed(client, KEY).enabled()).isFalse();
            assertThat(agreed(client, KEY).reason()).isEqualTo(Reason.ERROR);
            assertThat(client.isEnabled(KEY, true)).isTrue();
        }

        @Test
        void holdAgainOnceASourceForgetsTheFlag() {
            FakeSource source = holding("off");
            FlagClient client = rig.client(source);
            FlagHandle handle = client.handle(KEY);
            source.answers(Map.of());
            refreshed(client);

            assertThat(client.isEnabled(KEY)).isTrue();
            assertThat(handle.isEnabled()).isTrue();
        }
    }

    @Nested
    @Tag("F-6")
    class AgeAndChange {

        @Test
        void ageIsTheTimeSinceTheSourceAnswered() {
            FlagClient client = rig.client(FlagClient.builder().ttl(Duration.ofHours(1)), holding("off"));

            assertThat(client.evaluate(KEY).age()).isEqualTo(Duration.ZERO);
            rig.advance(Duration.ofSeconds(90));
            assertThat(client.evaluate(KEY).age()).isEqualTo(Duration.ofSeconds(90));
        }

        @Test
        void ageGrowsThroughAnOutage() {
            FakeSource store = holding("off");
            FlagClient client = rig.client(FlagClient.builder().ttl(Duration.ofHours(1)), store);
            store.fails();
            rig.advance(Duration.ofSeconds(90));
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

            assertThat(rig.client(store).evaluate(KEY).changedAt()).isEqualTo(written);
        }

        @Test
        void changedAtIsElseWhenTheValueWasFirstSeen() {
            FakeSource store = holding("off");
            FlagClient client = rig.client(FlagClient.builder().ttl(Duration.ofHours(1)), store);
            rig.advance(Duration.ofSeconds(90));
            refreshed(client);
            assertThat(client.evaluate(KEY).changedAt()).isEqualTo(Rig.START);

            store.answers(Map.of(KEY, "on"));
            refreshed(client);
            assertThat(client.evaluate(KEY).changedAt()).isEqualTo(Rig.START.plusSeconds(90));
        }
    }
}
