package io.pratique.flags;

import static org.assertj.core.api.Assertions.assertThat;

import io.pratique.flags.spi.FlagEntry;
import io.pratique.time.Timeline;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class HeldTest {

    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
    private static final Instant WRITTEN = Instant.parse("2026-02-28T09:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);

    private static Moment at(Duration sinceStart) {
        return new Moment(sinceStart.toNanos(), START.plus(sinceStart));
    }

    private static final Moment NOW = at(Duration.ZERO);
    private static final Moment LATER = at(Duration.ofMinutes(20));

    private static Held first(FlagEntry entry) {
        return Held.of(entry, null, NOW);
    }

    private static Held first(String text) {
        return first(FlagEntry.of(text));
    }

    @Nested
    @Tag("F-3")
    class AText {

        @Test
        void thatIsValidIsHeld() {
            Held held = first("off");

            assertThat(held.holds()).isTrue();
            assertThat(held.enabled()).isFalse();
            assertThat(held.invalid()).isFalse();
            assertThat(held.value()).isEqualTo("off");
            assertThat(held.ends()).isEqualTo(Timeline.NEVER);
        }

        @Test
        void thatWasNeverValidHoldsNothing() {
            Held held = first("banana");

            assertThat(held.holds()).isFalse();
            assertThat(held.invalid()).isTrue();
            assertThat(held.value()).isNull();
        }

        @Test
        void thatIsInvalidAfterAValidOneLeavesThatInForce() {
            Held held = Held.of(FlagEntry.of("banana"), first("off"), LATER);

            assertThat(held.holds()).isTrue();
            assertThat(held.enabled()).isFalse();
            assertThat(held.value()).isEqualTo("off");
            assertThat(held.invalid()).isTrue();
            assertThat(held.changedAt()).isEqualTo(START);
            assertThat(held.entry().value()).isEqualTo("banana");
        }

        @Test
        void thatStaysInvalidKeepsTheLastValidOneThroughEachNewText() {
            Held held = first("off");
            for (String text : new String[] {"banana", "cherry", "", "maybe"}) {
                held = Held.of(FlagEntry.of(text), held, LATER);
            }

            assertThat(held.value()).isEqualTo("off");
            assertThat(held.entry().value()).isEqualTo("maybe");
        }

        @Test
        void thatIsValidAgainReplacesWhatWasKept() {
            Held held = Held.of(FlagEntry.of("banana"), first("off"), LATER);

            held = Held.of(FlagEntry.of("on"), held, at(HOUR));

            assertThat(held.enabled()).isTrue();
            assertThat(held.invalid()).isFalse();
            assertThat(held.changedAt()).isEqualTo(START.plus(HOUR));
        }

        @Test
        void thatIsTheSameAsBeforeMakesNothingNew() {
            Held held = first("off");

            assertThat(Held.of(FlagEntry.of("off"), held, LATER)).isSameAs(held);
        }
    }

    @Nested
    @Tag("F-6")
    class TheTimeOfTheLastChange {

        @Test
        void isTheSourcesIfItKnows() {
            assertThat(first(FlagEntry.of("off").changedAt(WRITTEN)).changedAt())
                    .isEqualTo(WRITTEN);
        }

        @Test
        void isElseWhenThatTextWasFirstSeen() {
            Held held = Held.of(FlagEntry.of("off"), first("on"), LATER);
            assertThat(held.changedAt()).isEqualTo(LATER.instant());
        }

        @Test
        void staysWhenASourceForgetsIt() {
            Held known = first(FlagEntry.of("off").changedAt(WRITTEN));

            assertThat(Held.of(FlagEntry.of("off"), known, LATER).changedAt()).isEqualTo(WRITTEN);
        }

        @Test
        void movesWhenTheSourceSaysSoThoughTheTextIsTheSame() {
            Held known = first(FlagEntry.of("off").changedAt(WRITTEN));

            Held rewritten = Held.of(FlagEntry.of("off").changedAt(WRITTEN.plus(HOUR)), known, LATER);

            assertThat(rewritten.changedAt()).isEqualTo(WRITTEN.plus(HOUR));
        }
    }

    @Nested
    @Tag("B-4")
    class ATimeBox {

        private final FlagEntry kill = FlagEntry.of("off").ending(HOUR, "on");

        @Test
        void countsDownFromWhenItWasRead() {
            Held held = Held.of(kill, null, LATER);

            assertThat(held.enabled()).isFalse();
            assertThat(held.ends()).isEqualTo(LATER.nanos() + HOUR.toNanos());
            assertThat(held.hasEnded(held.ends() - 1)).isFalse();
            assertThat(held.hasEnded(held.ends())).isTrue();
        }

        @Test
        void countsOnWhileTheSameEntryIsCarriedOver() {
            Held held = first(kill);

            assertThat(Held.of(kill, held, LATER)).isSameAs(held);
        }

        @Test
        void countsAnewWithANewEntryThoughItLooksTheSame() {
            Held held = Held.of(FlagEntry.of("off").ending(HOUR, "on"), first(kill), LATER);

            assertThat(held.ends()).isEqualTo(LATER.nanos() + HOUR.toNanos());
            assertThat(held.changedAt()).isEqualTo(START);
        }

        @Test
        void doesNotStartAgainOnceItHasEndedAndTheSameEntryIsCarriedOver() {
            Held ended = first(kill).ended(START.plus(HOUR));

            assertThat(Held.of(kill, ended, at(HOUR.plusMinutes(5)))).isSameAs(ended);
        }

        @Test
        void givesWayToWhatItCovered() {
            Held ended = first(kill).ended(START.plus(HOUR));

            assertThat(ended.enabled()).isTrue();
            assertThat(ended.value()).isEqualTo("on");
            assertThat(ended.changedAt()).isEqualTo(START.plus(HOUR));
            assertThat(ended.ends()).isEqualTo(Timeline.NEVER);
            assertThat(ended.invalid()).isFalse();
        }

        @Test
        void givesWayToNothingIfItCoveredNothing() {
            Held ended = first(FlagEntry.of("off").ending(HOUR, null)).ended(START.plus(HOUR));

            assertThat(ended.holds()).isFalse();
            assertThat(ended.invalid()).isFalse();
        }

        @Test
        void thatCoversAnUnreadableTextDecidesNothingAfterwardsAndNamesThatText() {
            Held ended = first(FlagEntry.of("off").ending(HOUR, "banana")).ended(START.plus(HOUR));

            assertThat(ended.holds()).isFalse();
            assertThat(ended.invalid()).isTrue();
            assertThat(ended.refused()).isEqualTo("banana");
        }

        @Test
        void thatIsOverWhenReadIsWhatItCovered() {
            Held covered = first(FlagEntry.of("off").ending(Duration.ZERO, "on"));
            Held nothing = first(FlagEntry.of("off").ending(Duration.ofSeconds(-5), null));
            Held unreadable = first(FlagEntry.of("off").ending(Duration.ZERO, "banana"));

            assertThat(covered.enabled()).isTrue();
            assertThat(covered.ends()).isEqualTo(Timeline.NEVER);
            assertThat(nothing.holds()).isFalse();
            assertThat(nothing.invalid()).isFalse();
            assertThat(unreadable.holds()).isFalse();
            assertThat(unreadable.refused()).isEqualTo("banana");
        }

        @Test
        void endsOnTimeUnderATextThatCannotBeRead() {
            Held held = Held.of(FlagEntry.of("banana"), first(kill), LATER);

            assertThat(held.enabled()).isFalse();
            assertThat(held.invalid()).isTrue();
            assertThat(held.ends()).isEqualTo(HOUR.toNanos());

            Held ended = held.ended(START.plus(HOUR));
            assertThat(ended.enabled()).isTrue();
            assertThat(ended.value()).isEqualTo("on");
            assertThat(ended.invalid()).isTrue();
            assertThat(ended.refused()).isEqualTo("banana");
        }

        @Test
        void isLiftedByATextWithoutOne() {
            Held lifted = Held.of(FlagEntry.of("off"), first(kill), LATER);

            assertThat(lifted.ends()).isEqualTo(Timeline.NEVER);
            assertThat(lifted.covered()).isNull();
        }

        @Test
        void ofAnUnreadableTextKeepsTheLastValidOne() {
            Held held = Held.of(FlagEntry.of("banana").ending(HOUR, "on"), first("off"), LATER);

            assertThat(held.enabled()).isFalse();
            assertThat(held.invalid()).isTrue();
            assertThat(held.ends()).isEqualTo(Timeline.NEVER);
        }

        @Test
        void ofAgesIsCutToACenturyAndDoesNotOverflow() {
            Held held = first(FlagEntry.of("off").ending(Duration.ofSeconds(Long.MAX_VALUE), "on"));

            assertThat(held.hasEnded(LATER.nanos())).isFalse();
        }
    }
}
