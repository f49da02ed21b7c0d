package io.pratique.readiness;

import static org.assertj.core.api.Assertions.assertThat;

import io.pratique.readiness.Hysteresis.Standing;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** With three failures and two successes in a row. */
@Tag("R-4")
class HysteresisTest {

    private static final ProbeSettings SETTINGS =
            ProbeSettings.defaults().failureThreshold(3).successThreshold(2);

    /** What votes come to, written as {@code +} and {@code -}. */
    private static Standing after(String votes) {
        Hysteresis state = Hysteresis.of(SETTINGS);
        for (int i = 0; i < votes.length(); i++) {
            state = state.vote(votes.charAt(i) == '+');
        }
        return state.standing();
    }

    @Test
    void nothingIsKnownAtFirst() {
        assertThat(after("")).isEqualTo(Standing.UNKNOWN);
    }

    @Nested
    class TheFirstVote {

        @Test
        void setsTheStandingAtOnce() {
            assertThat(after("+")).isEqualTo(Standing.WORKS);
            assertThat(after("-")).isEqualTo(Standing.FAILED);
        }

        @Test
        void isNoneOfTheVotesThatChangeIt() {
            assertThat(after("+--")).isEqualTo(Standing.WORKS);
            assertThat(after("-+")).isEqualTo(Standing.FAILED);
        }
    }

    @Nested
    class Consecutive {

        @Test
        void failuresBringItDown() {
            assertThat(after("+--")).isEqualTo(Standing.WORKS);
            assertThat(after("+---")).isEqualTo(Standing.FAILED);
        }

        @Test
        void successesBringItBack() {
            assertThat(after("-+")).isEqualTo(Standing.FAILED);
            assertThat(after("-++")).isEqualTo(Standing.WORKS);
        }

        @Test
        void meansThatOneOppositeResultStartsTheCountAgain() {
            assertThat(after("+--+--")).isEqualTo(Standing.WORKS);
            assertThat(after("+--+---")).isEqualTo(Standing.FAILED);
            assertThat(after("-+-+-+-")).isEqualTo(Standing.FAILED);
            assertThat(after("-+-++")).isEqualTo(Standing.WORKS);
        }

        @Test
        void countsAfreshAfterEachChange() {
            assertThat(after("+---++--")).isEqualTo(Standing.WORKS);
            assertThat(after("+---++---+")).isEqualTo(Standing.FAILED);
        }
    }

    @Nested
    class Forgetting {

        @Test
        void letsTheNextVoteDecideAtOnce() {
            Hysteresis forgotten =
                    Hysteresis.of(SETTINGS).vote(false).vote(true).forgotten();

            assertThat(forgotten.standing()).isEqualTo(Standing.UNKNOWN);
            assertThat(forgotten.vote(true).standing()).isEqualTo(Standing.WORKS);
            assertThat(forgotten.vote(false).standing()).isEqualTo(Standing.FAILED);
            assertThat(forgotten.vote(false).vote(true).standing()).isEqualTo(Standing.FAILED);
        }
    }
}
