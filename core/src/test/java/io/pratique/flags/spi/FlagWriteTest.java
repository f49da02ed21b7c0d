package io.pratique.flags.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("B-4")
class FlagWriteTest {

    private static final Attribution BY = Attribution.of("ada", "INC-4711");

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " ", "\t\n", "a\0b", "half-\ud83c"})
    void actorAndReasonAreMandatory(String missing) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Attribution.of(missing, "why"))
                .withMessageStartingWith("actor");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Attribution.of("ada", missing))
                .withMessageStartingWith("reason");
    }

    @Test
    void actorAndReasonAreBounded() {
        assertThat(Attribution.of("a".repeat(200), "r".repeat(1000)).reason()).hasSize(1000);
        assertThatIllegalArgumentException().isThrownBy(() -> Attribution.of("a".repeat(201), "why"));
        assertThatIllegalArgumentException().isThrownBy(() -> Attribution.of("ada", "r".repeat(1001)));
    }

    @Test
    void valueIsKeptAsItIsWritten() {
        assertThat(FlagWrite.set("cleanup", " Disabled ", BY).value()).isEqualTo(" Disabled ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "flase", "null", "off\noff"})
    void valueThatDecidesNothingIsRefused(String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FlagWrite.set("cleanup", value, BY))
                .withMessageContainingAll("\"cleanup\"", "\"" + FlagText.printable(value) + "\"");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " "})
    void keyThatNobodyCanAskForIsRefused(String key) {
        assertThatIllegalArgumentException().isThrownBy(() -> FlagWrite.clear(key, BY));
    }

    /** Encoded it would be another key, and that flag would be written. */
    @Test
    void keyOfHalfACharacterIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FlagWrite.clear("half-\ud83c", BY))
                .withMessageContaining("half-\\uD83C");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " ", "a\0b", "half-\ud83c"})
    void epochThatCannotBeOneIsRefused(String epoch) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HistoryMark.requireEpoch(epoch))
                .withMessageStartingWith("lost epoch");
        assertThatIllegalArgumentException().isThrownBy(() -> HistoryMark.requireEpoch("e".repeat(101)));
        assertThat(HistoryMark.requireEpoch("e".repeat(100))).hasSize(100);
    }

    @Test
    void whoWritesIsAskedFor() {
        assertThatNullPointerException().isThrownBy(() -> FlagWrite.clear("cleanup", null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT876600H1S"})
    void durationHasToBePositiveAndBounded(String lasting) {
        FlagWrite write = FlagWrite.set("cleanup", "off", BY);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> write.lasting(Duration.parse(lasting)))
                .withMessageContaining("\"" + Duration.parse(lasting) + "\"");
    }

    @Test
    void clearingHasNoEnd() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FlagWrite.clear("cleanup", BY).lasting(Duration.ofHours(1)));
    }

    @Test
    void versionIsNotNegative() {
        assertThat(FlagWrite.clear("cleanup", BY).ifVersion(0).ifVersion()).isZero();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FlagWrite.clear("cleanup", BY).ifVersion(-1));
    }

    @Nested
    class ARevision {

        private final Instant end = Instant.parse("2026-01-01T00:00:00Z");

        @Test
        void withoutEndIsInForceForGood() {
            FlagRevision revision = new FlagRevision("cleanup", 1, "off", null, null, end, BY);

            assertThat(revision.valueAt(Instant.MAX)).isEqualTo("off");
        }

        @Test
        void givesWayToWhatItCovers() {
            FlagRevision revision = new FlagRevision("cleanup", 1, "off", end, "on", end.minusSeconds(9), BY);

            assertThat(revision.valueAt(end.minusNanos(1))).isEqualTo("off");
            assertThat(revision.valueAt(end)).isEqualTo("on");
        }
    }
}
