package io.pratique.readiness;

import static org.assertj.core.api.Assertions.assertThat;

import io.pratique.readiness.DependencyState.Effect;
import io.pratique.readiness.Observation.Kind;
import io.pratique.time.Timeline;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** The state of one dependency over time, in units: interval 10, timeout 2, 3 failures, 2 successes, grace 30. */
class DependencyStateTest {

    private static final ProbeSettings SETTINGS =
            ProbeSettings.defaults().interval(Duration.ofNanos(10)).timeout(Duration.ofNanos(2));
    private static final long GRACE = 30;

    private static DependencyState fresh() {
        return DependencyState.first(SETTINGS, GRACE);
    }

    private static DependencyState heard(DependencyState state, long at, Kind... kinds) {
        DependencyState next = state;
        for (Kind kind : kinds) {
            next = next.observe(new Observation(kind, at, null));
        }
        return next;
    }

    private static DependencyState up() {
        return heard(fresh(), 0, Kind.UP);
    }

    private static DependencyState down() {
        return heard(fresh(), 0, Kind.DOWN);
    }

    private static Effect effectAt(DependencyState state, long at) {
        return state.at(at).effect(at);
    }

    private static Outcome outcomeAt(DependencyState state, long at) {
        return state.at(at).outcome(at);
    }

    @Nested
    @Tag("R-3")
    class Pending {

        @Test
        void untilTheGraceEnds() {
            assertThat(effectAt(fresh(), 0)).isEqualTo(Effect.PENDING);
            assertThat(effectAt(fresh(), GRACE - 1)).isEqualTo(Effect.PENDING);
            assertThat(effectAt(fresh(), GRACE)).isEqualTo(Effect.UNCERTAIN);
        }

        @Test
        void untilTheFirstVote() {
            assertThat(effectAt(up(), 0)).isEqualTo(Effect.WORKS);
            assertThat(effectAt(down(), 0)).isEqualTo(Effect.DOWN);
            assertThat(effectAt(heard(fresh(), 0, Kind.TIMED_OUT), 0)).isEqualTo(Effect.DOWN);
            assertThat(effectAt(heard(fresh(), 0, Kind.SATURATED), 0)).isEqualTo(Effect.SATURATED);
            assertThat(effectAt(heard(fresh(), 0, Kind.CALL_SUCCEEDED), 0)).isEqualTo(Effect.WORKS);
        }

        @ParameterizedTest
        @EnumSource(names = {"BROKEN", "NOT_STARTED"})
        void untilTheFirstResultEvenIfItIsNoVote(Kind kind) {
            assertThat(effectAt(heard(fresh(), 1, kind), 1)).isEqualTo(Effect.UNCERTAIN);
        }

        @Test
        void andThenWaitsForNothingButAResult() {
            assertThat(fresh().nextChange(0)).isEqualTo(GRACE);
            assertThat(fresh().at(GRACE).nextChange(GRACE)).isEqualTo(Timeline.NEVER);
        }
    }

    @Nested
    @Tag("R-3")
    class ObservationsThatAreNoVotes {

        @ParameterizedTest
        @EnumSource(names = {"BROKEN", "NOT_STARTED"})
        void doNotCountTowardsDown(Kind kind) {
            DependencyState state = heard(up(), 1, Kind.DOWN, kind, Kind.DOWN, kind, kind, kind);

            assertThat(effectAt(state, 1)).isEqualTo(Effect.UNCERTAIN);
            assertThat(effectAt(heard(state, 1, Kind.UP), 1)).isEqualTo(Effect.WORKS);
        }

        @ParameterizedTest
        @EnumSource(names = {"BROKEN", "NOT_STARTED"})
        void doNotResetTheCountTowardsDown(Kind kind) {
            DependencyState state = heard(up(), 1, Kind.DOWN, kind, Kind.DOWN, kind, Kind.DOWN);

            assertThat(effectAt(state, 1)).isEqualTo(Effect.DOWN);
        }

        @ParameterizedTest
        @EnumSource(names = {"BROKEN", "NOT_STARTED"})
        void doNotResetTheCountTowardsRecovery(Kind kind) {
            assertThat(effectAt(heard(down(), 1, Kind.UP, kind, Kind.UP), 1)).isEqualTo(Effect.WORKS);
            assertThat(effectAt(heard(down(), 1, kind, kind, Kind.UP), 1)).isEqualTo(Effect.DOWN);
        }

        @Test
        void showAsWhatTheyAre() {
            assertThat(outcomeAt(heard(up(), 1, Kind.BROKEN), 1)).isEqualTo(Outcome.BROKEN);
            assertThat(outcomeAt(heard(up(), 1, Kind.NOT_STARTED), 1)).isEqualTo(Outcome.TIMEOUT);
        }
    }

    @Nested
    @Tag("R-5")
    class AfterAConfirmedDown {

        @ParameterizedTest
        @EnumSource(names = {"BROKEN", "NOT_STARTED"})
        void isHeldForThreeIntervalsWithoutEvidence(Kind kind) {
            DependencyState state = heard(down(), 10, kind);

            assertThat(effectAt(state, 10)).isEqualTo(Effect.HELD);
            assertThat(effectAt(heard(heard(state, 20, Kind.BROKEN), 30, Kind.BROKEN), 39))
                    .isEqualTo(Effect.HELD);
            assertThat(effectAt(heard(heard(state, 20, Kind.BROKEN), 30, Kind.BROKEN), 40))
                    .isEqualTo(Effect.UNCERTAIN);
        }

        @Test
        void theHoldIsNotRenewedByFurtherBrokenChecks() {
            DependencyState state = heard(down(), 10, Kind.BROKEN);
            for (long at = 11; at < 40; at++) {
                state = heard(state, at, Kind.BROKEN);
            }

            assertThat(effectAt(state, 40)).isEqualTo(Effect.UNCERTAIN);
        }

        @Test
        void aFailureWithinTheHoldConfirmsIt() {
            DependencyState state = heard(heard(down(), 10, Kind.BROKEN), 20, Kind.DOWN);

            assertThat(effectAt(state, 20)).isEqualTo(Effect.DOWN);
            assertThat(effectAt(state, 50)).isEqualTo(Effect.DOWN);
        }

        @Test
        void oneSuccessWithinTheHoldIsNotEnough() {
            DependencyState state = heard(heard(down(), 10, Kind.BROKEN), 20, Kind.UP);

            assertThat(effectAt(state, 20)).isEqualTo(Effect.DOWN);
            assertThat(effectAt(heard(state, 30, Kind.UP), 30)).isEqualTo(Effect.WORKS);
        }

        @Test
        void anUnconfirmedOneIsNotHeld() {
            assertThat(effectAt(heard(up(), 1, Kind.DOWN, Kind.DOWN, Kind.BROKEN), 1))
                    .isEqualTo(Effect.UNCERTAIN);
        }

        @Test
        void aSuccessDoesNotChangeWhatItIsDownFor() {
            DependencyState state = heard(heard(fresh(), 0, Kind.TIMED_OUT), 10, Kind.UP);

            assertThat(outcomeAt(state, 10)).isEqualTo(Outcome.TIMEOUT);
            assertThat(state.code(10)).isEqualTo("timeout");
        }
    }

    @Nested
    @Tag("R-4")
    class Stale {

        @Test
        void isNeverShownAsUpAgainBecauseAnOldCheckEnded() {
            DependencyState state = up().at(33).ended(34);

            assertThat(outcomeAt(state, 34)).isEqualTo(Outcome.STALE);
            assertThat(state.code(34)).isEqualTo("stale");
        }

        @Test
        void isAnAnswerOlderThanThreeIntervalsAndATimeout() {
            assertThat(effectAt(up(), 32)).isEqualTo(Effect.WORKS);
            assertThat(outcomeAt(up(), 32)).isEqualTo(Outcome.UP);
            assertThat(effectAt(up(), 33)).isEqualTo(Effect.UNCERTAIN);
            assertThat(outcomeAt(up(), 33)).isEqualTo(Outcome.STALE);
        }

        @Test
        void isHeldAfterAConfirmedDownAsIfTheCheckHadBroken() {
            assertThat(effectAt(down(), 33)).isEqualTo(Effect.HELD);
            assertThat(outcomeAt(down(), 33)).isEqualTo(Outcome.STALE);
            assertThat(effectAt(down(), 61)).isEqualTo(Effect.HELD);
            assertThat(effectAt(down(), 63)).isEqualTo(Effect.UNCERTAIN);
            assertThat(outcomeAt(down(), 63)).isEqualTo(Outcome.STALE);
        }

        @ParameterizedTest
        @EnumSource(mode = Mode.EXCLUDE, names = "NOT_STARTED")
        void isNotWhatFinishesCheckAfterCheck(Kind kind) {
            DependencyState state = fresh();
            for (long at = 0; at <= 300; at += 10) {
                state = heard(state, at, kind);

                assertThat(outcomeAt(state, at + 9)).isNotEqualTo(Outcome.STALE);
            }
        }

        @Test
        void isNotADependencyWhoseLateCheckHasJustEnded() {
            assertThat(outcomeAt(heard(fresh(), 0, Kind.TIMED_OUT).ended(30), 60))
                    .isEqualTo(Outcome.TIMEOUT);
        }

        @Test
        void showsAlsoWhereTheLastCheckWasBroken() {
            DependencyState broken = heard(up(), 10, Kind.BROKEN);

            assertThat(broken.nextChange(10)).isEqualTo(43);
            assertThat(outcomeAt(broken, 43)).isEqualTo(Outcome.STALE);
        }
    }

    @Nested
    @Tag("R-3")
    class Saturated {

        @Test
        void isASuccess() {
            assertThat(effectAt(heard(down(), 1, Kind.SATURATED), 1)).isEqualTo(Effect.DOWN);
            assertThat(effectAt(heard(down(), 1, Kind.SATURATED, Kind.SATURATED), 1))
                    .isEqualTo(Effect.SATURATED);
            assertThat(effectAt(heard(up(), 1, Kind.DOWN, Kind.DOWN, Kind.SATURATED, Kind.DOWN), 1))
                    .isEqualTo(Effect.SATURATED);
        }

        @Test
        void endsWithACheckThatFindsRoom() {
            assertThat(effectAt(heard(up(), 1, Kind.SATURATED), 1)).isEqualTo(Effect.SATURATED);
            assertThat(effectAt(heard(up(), 1, Kind.SATURATED, Kind.UP), 1)).isEqualTo(Effect.WORKS);
            assertThat(effectAt(heard(down(), 1, Kind.SATURATED, Kind.UP), 1)).isEqualTo(Effect.WORKS);
        }

        @Test
        void isNotDeniedByARealCallThatGotThrough() {
            assertThat(effectAt(heard(up(), 1, Kind.SATURATED, Kind.CALL_SUCCEEDED), 1))
                    .isEqualTo(Effect.SATURATED);
        }
    }

    @Test
    @Tag("R-4")
    void intervalsOfCenturiesAreNoShortOnes() {
        DependencyState state = DependencyState.first(
                        ProbeSettings.defaults().interval(Duration.ofSeconds(Long.MAX_VALUE)), GRACE)
                .observe(new Observation(Kind.UP, 0, null));

        assertThat(effectAt(state, Duration.ofDays(365).toNanos())).isEqualTo(Effect.WORKS);
        assertThat(state.nextChange(0)).isPositive();
    }
}
