package io.pratique.readiness;

import static org.assertj.core.api.Assertions.assertThat;

import io.pratique.readiness.Hysteresis.Standing;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Against a model that keeps no state and looks at the whole history each time. */
@Tag("R-4")
class HysteresisProperties {

    @Property
    void agreesWithAModelThatReadsTheWholeHistory(
            @ForAll @Size(max = 40) List<Boolean> votes,
            @ForAll @IntRange(min = 1, max = 5) int failures,
            @ForAll @IntRange(min = 1, max = 5) int successes) {
        Hysteresis state = Hysteresis.of(
                ProbeSettings.defaults().failureThreshold(failures).successThreshold(successes));
        for (int count = 0; count < votes.size(); count++) {
            state = state.vote(votes.get(count));

            assertThat(state.standing())
                    .as("after %s", votes.subList(0, count + 1))
                    .isEqualTo(model(votes.subList(0, count + 1), failures, successes));
        }
    }

    /** The end of the history decides, if it is long enough; else what was so one vote before. */
    private static Standing model(List<Boolean> votes, int failures, int successes) {
        if (votes.size() == 1) {
            return votes.get(0) ? Standing.WORKS : Standing.FAILED;
        }
        if (endsWith(votes, false, failures)) {
            return Standing.FAILED;
        }
        if (endsWith(votes, true, successes)) {
            return Standing.WORKS;
        }
        return model(votes.subList(0, votes.size() - 1), failures, successes);
    }

    private static boolean endsWith(List<Boolean> votes, boolean vote, int times) {
        return votes.size() >= times
                && votes.subList(votes.size() - times, votes.size()).stream().allMatch(cast -> cast == vote);
    }

    @Property
    void votesThatAgreeWithTheStandingChangeNothing(
            @ForAll @Size(min = 1, max = 20) List<Boolean> votes, @ForAll @IntRange(min = 1, max = 20) int more) {
        Hysteresis state = Hysteresis.of(ProbeSettings.defaults());
        for (boolean vote : votes) {
            state = state.vote(vote);
        }
        Standing before = state.standing();
        for (int i = 0; i < more; i++) {
            state = state.vote(before == Standing.WORKS);
        }

        assertThat(state.standing()).isEqualTo(before);
        assertThat(state.opposing()).isZero();
    }
}
