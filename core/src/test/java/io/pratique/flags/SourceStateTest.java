package io.pratique.flags;

import static org.assertj.core.api.Assertions.assertThat;

import io.pratique.flags.spi.FlagEntry;
import io.pratique.flags.spi.FlagSet;
import io.pratique.time.Timeline;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class SourceStateTest {

    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Moment NOW = at(Duration.ZERO);
    private static final Moment LATER = at(Duration.ofMinutes(20));

    private static Moment at(Duration sinceStart) {
        return new Moment(sinceStart.toNanos(), START.plus(sinceStart));
    }

    private static SourceState loaded(FlagSet set) {
        return SourceState.unasked("store").loaded(set, NOW).state();
    }

    private static SourceState loaded(String key, String value) {
        return loaded(FlagSet.of(Map.of(key, value)));
    }

    /** As the snapshot file gives it back. */
    private static SourceState restored(FlagSet set) {
        SourceState earlier = loaded(set);
        return new SourceState("store", set, earlier.held(), SourceHealth.restored(START.minus(HOUR)), 0);
    }

    @Nested
    @Tag("F-3")
    class InvalidValues {

        @Test
        void areNamedAndCountedOnce() {
            SourceState.Loaded first =
                    SourceState.unasked("store").loaded(FlagSet.of(Map.of("a", "banana", "b", "on")), NOW);
            SourceState.Loaded again = first.state().loaded(FlagSet.of(Map.of("a", "banana", "b", "on")), LATER);

            assertThat(first.refused()).containsExactly("a");
            assertThat(again.refused()).isEmpty();
            assertThat(again.state().status(LATER, null, false).invalidValues()).isEqualTo(1);
        }

        @Test
        void areNamedAgainWhenTheTextIsAnotherOrWasValidInBetween() {
            SourceState state = loaded("a", "banana");

            SourceState.Loaded another = state.loaded(FlagSet.of(Map.of("a", "cherry")), LATER);
            SourceState valid =
                    another.state().loaded(FlagSet.of(Map.of("a", "on")), LATER).state();
            SourceState.Loaded relapse = valid.loaded(FlagSet.of(Map.of("a", "cherry")), LATER);

            assertThat(another.refused()).containsExactly("a");
            assertThat(relapse.refused()).containsExactly("a");
            assertThat(relapse.state().status(LATER, null, false).invalidValues())
                    .isEqualTo(3);
        }

        @Test
        void areNotNamedAgainWhenOnlyTheTimeOfWritingIsAnother() {
            SourceState state = loaded("a", "banana");
            FlagSet rewritten = FlagSet.builder()
                    .put("a", FlagEntry.of("banana").changedAt(START))
                    .build();

            assertThat(state.loaded(rewritten, LATER).refused()).isEmpty();
        }

        @Test
        void areNoFlagsThatTheSourceHolds() {
            SourceState state = loaded(FlagSet.of(Map.of("a", "banana", "b", "on")));

            assertThat(state.status(NOW, null, false).flags()).isEqualTo(1);
        }
    }

    @Nested
    @Tag("F-4")
    class AnUnchangedSet {

        @Test
        void keepsTheSameHeldMapWhetherEqualOrIdentical() {
            FlagSet set = FlagSet.of(Map.of("a", "off", "b", "on", "c", "banana"));
            SourceState state = loaded(set);

            assertThat(state.loaded(set, LATER).state().held()).isSameAs(state.held());
            assertThat(state.loaded(FlagSet.of(Map.of("b", "on", "a", "off", "c", "banana")), LATER)
                            .state()
                            .held())
                    .isSameAs(state.held());
        }

        @Test
        void carriedOverFromTheLastOneKeepsItsTimeBoxes() {
            FlagSet set = FlagSet.builder()
                    .put("a", FlagEntry.of("off").ending(HOUR, "on"))
                    .put("b", "on")
                    .build();
            SourceState state = loaded(set);

            SourceState poll = state.loaded(set.toBuilder().build(), LATER).state();

            assertThat(poll.held()).isSameAs(state.held());
            assertThat(poll.nextEnd()).isEqualTo(HOUR.toNanos());
        }

        @Test
        void doesNotStartAnEndedTimeBoxAgain() {
            FlagSet set = FlagSet.builder()
                    .put("a", FlagEntry.of("off").ending(HOUR, "on"))
                    .build();
            SourceState ended = loaded(set).ended(at(HOUR));

            assertThat(ended.loaded(set, at(HOUR.plusMinutes(1))).state().held())
                    .isSameAs(ended.held());
            assertThat(ended.loaded(set.toBuilder().put("b", "on").build(), at(HOUR.plusMinutes(1)))
                            .state()
                            .held()
                            .get("a")
                            .enabled())
                    .isTrue();
        }
    }

    @Nested
    @Tag("B-7")
    class Absence {

        @Test
        void isNewsFromASourceThatAnswered() {
            SourceState state = loaded(FlagSet.of(Map.of("a", "off", "b", "on")));

            SourceState next =
                    state.loaded(FlagSet.of(Map.of("b", "on")), LATER).state();

            assertThat(next.held()).containsOnlyKeys("b");
        }

        @Test
        void ofAllFlagsIsNewsToo() {
            assertThat(loaded("a", "off").loaded(FlagSet.empty(), LATER).state().held())
                    .isEmpty();
        }

        @Test
        void forgetsTheLastValidValue() {
            SourceState gone = loaded("a", "off").loaded(FlagSet.empty(), LATER).state();

            SourceState back =
                    gone.loaded(FlagSet.of(Map.of("a", "banana")), LATER).state();

            assertThat(back.held().get("a").holds()).isFalse();
        }

        @Test
        void isNoNewsFromASourceThatFailed() {
            SourceState state = loaded("a", "off");

            SourceState failed = state.failed("away").failed("away").silent();

            assertThat(failed.held()).isSameAs(state.held());
        }
    }

    @Nested
    @Tag("F-8")
    class Health {

        @Test
        void goesFromNotReadyToReadyToStaleAndBack() {
            SourceState unasked = SourceState.unasked("store");
            SourceState ready = unasked.loaded(FlagSet.empty(), NOW).state();
            SourceState failing = ready.failed("away").failed("still away");
            SourceState silent = ready.silent();
            SourceState healed = failing.loaded(FlagSet.empty(), LATER).state();

            assertThat(unasked.status(NOW, null, false).state()).isEqualTo(SourceStatus.State.NOT_READY);
            assertThat(unasked.failed("away").status(NOW, null, false).state()).isEqualTo(SourceStatus.State.NOT_READY);
            assertThat(ready.status(NOW, null, false).state()).isEqualTo(SourceStatus.State.READY);
            assertThat(failing.status(NOW, null, false)).satisfies(status -> {
                assertThat(status.state()).isEqualTo(SourceStatus.State.STALE);
                assertThat(status.consecutiveFailures()).isEqualTo(2);
                assertThat(status.error()).isEqualTo("still away");
                assertThat(status.loads()).isEqualTo(3);
                assertThat(status.failedLoads()).isEqualTo(2);
            });
            assertThat(silent.status(NOW, null, false).state()).isEqualTo(SourceStatus.State.STALE);
            assertThat(healed.status(LATER, null, false)).satisfies(status -> {
                assertThat(status.state()).isEqualTo(SourceStatus.State.READY);
                assertThat(status.consecutiveFailures()).isZero();
                assertThat(status.error()).isNull();
                assertThat(status.failedLoads()).isEqualTo(2);
                assertThat(status.lastSuccess()).isEqualTo(LATER.instant());
            });
        }

        @Test
        void ageCountsFromTheLastAnswer() {
            SourceState failing = loaded("a", "off").failed("away");

            assertThat(failing.age(LATER)).isEqualTo(Duration.ofMinutes(20));
            assertThat(SourceState.unasked("store").age(LATER)).isNull();
        }

        @Test
        void ageOfRestoredValuesCountsByTheWallClockAndIsNeverNegative() {
            SourceState restored = restored(FlagSet.of(Map.of("a", "off")));

            assertThat(restored.age(NOW)).isEqualTo(HOUR);
            assertThat(restored.age(new Moment(0, START.minus(Duration.ofDays(1)))))
                    .isEqualTo(Duration.ZERO);
        }
    }

    @Nested
    class OddKeys {

        @Test
        void areCountedAndPassedOverWithoutCostToTheOthers() {
            SourceState.Loaded loaded = SourceState.unasked("store")
                    .loaded(FlagSet.of(Map.of("", "off", " ", "off", "k".repeat(257), "off", "a", "off")), NOW);

            assertThat(loaded.oddKeys()).isEqualTo(3);
            assertThat(loaded.state().held()).containsOnlyKeys("a");
        }

        @Test
        void doNotHideThatNothingChanged() {
            FlagSet odd = FlagSet.of(Map.of("", "off", "a", "off"));
            SourceState state = loaded(odd);

            assertThat(state.loaded(FlagSet.of(Map.of("", "on", "a", "off")), LATER)
                            .state()
                            .held())
                    .isSameAs(state.held());
        }
    }

    @Nested
    @Tag("B-4")
    class TimeBoxes {

        private final FlagSet kills = FlagSet.builder()
                .put("short", FlagEntry.of("off").ending(Duration.ofMinutes(10), "on"))
                .put("long", FlagEntry.of("off").ending(HOUR, null))
                .put("plain", "off")
                .build();

        @Test
        void endOneAfterTheOther() {
            SourceState state = loaded(kills);
            assertThat(state.nextEnd()).isEqualTo(Duration.ofMinutes(10).toNanos());

            SourceState first = state.ended(at(Duration.ofMinutes(10)));
            assertThat(first.held().get("short").enabled()).isTrue();
            assertThat(first.held().get("long").enabled()).isFalse();
            assertThat(first.held().get("long").holds()).isTrue();
            assertThat(first.nextEnd()).isEqualTo(HOUR.toNanos());

            SourceState second = first.ended(at(HOUR));
            assertThat(second.held().get("long").holds()).isFalse();
            assertThat(second.held().get("plain").enabled()).isFalse();
            assertThat(second.nextEnd()).isEqualTo(Timeline.NEVER);
        }

        @Test
        void thatAreNotOverChangeNothing() {
            SourceState state = loaded(kills);

            assertThat(state.ended(at(Duration.ofMinutes(10).minusNanos(1)))).isSameAs(state);
            assertThat(SourceState.unasked("store").nextEnd()).isEqualTo(Timeline.NEVER);
        }

        @Test
        void endAlsoWhileTheSourceIsAway() {
            SourceState away = loaded(kills).failed("away");

            assertThat(away.ended(at(HOUR)).held().get("short").enabled()).isTrue();
        }
    }
}
