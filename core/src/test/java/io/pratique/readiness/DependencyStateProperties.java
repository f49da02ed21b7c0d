package io.pratique.readiness;

import static org.assertj.core.api.Assertions.assertThat;

import io.pratique.readiness.DependencyState.Effect;
import io.pratique.readiness.Observation.Kind;
import io.pratique.time.Timeline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

/** Any story of a dependency, told in units of time: interval 10, timeout 2, grace 30. */
@Tag("R-3")
@Tag("R-4")
@Tag("R-5")
class DependencyStateProperties {

    private static final int INTERVAL = 10;
    private static final int TIMEOUT = 2;
    private static final int GRACE = 30;
    private static final int HORIZON = 120;

    /** What is heard, and how long after what was heard before. */
    record Event(int after, Kind kind) {}

    @Provide
    Arbitrary<List<Event>> stories() {
        Arbitrary<Integer> gaps = Arbitraries.frequencyOf(
                Tuple.of(4, Arbitraries.integers().between(0, 14)),
                Tuple.of(1, Arbitraries.integers().between(25, 80)));
        Arbitrary<Event> events =
                Combinators.combine(gaps, Arbitraries.of(Kind.class)).as(Event::new);
        return events.list().ofMaxSize(14);
    }

    private static ProbeSettings settings(int failures, int successes) {
        return ProbeSettings.defaults()
                .interval(Duration.ofNanos(INTERVAL))
                .timeout(Duration.ofNanos(TIMEOUT))
                .failureThreshold(failures)
                .successThreshold(successes);
    }

    @Property
    void agreesWithAModelThatGoesThroughTimeUnitByUnit(
            @ForAll("stories") List<Event> story,
            @ForAll @IntRange(min = 1, max = 4) int failures,
            @ForAll @IntRange(min = 1, max = 4) int successes) {
        DependencyState state = DependencyState.first(settings(failures, successes), GRACE);
        Model model = new Model(failures, successes);
        int now = 0;
        for (Event event : story) {
            agreeUntil(now + event.after(), now, state, model);
            now += event.after();
            state = state.observe(new Observation(event.kind(), now, null));
            model.hear(now, event.kind());

            assertThat(state.effect(now)).as("at %s of %s", now, story).isEqualTo(model.effect(now));
        }
        agreeUntil(now + HORIZON, now, state, model);
    }

    private static void agreeUntil(int end, int start, DependencyState state, Model model) {
        for (int now = start; now <= end; now++) {
            model.passTo(now);

            assertThat(state.at(now).effect(now)).as("at %s", now).isEqualTo(model.effect(now));
        }
    }

    /** A state that is asked often and one that is asked once must be the same: time passes for both. */
    @Property
    void isTheSameHoweverOftenItIsAsked(@ForAll("stories") List<Event> story) {
        DependencyState often = DependencyState.first(settings(3, 2), GRACE);
        DependencyState seldom = often;
        int now = 0;
        for (Event event : story) {
            for (int end = now + event.after(); now < end; now++) {
                often = often.at(now);
            }
            often = often.at(now).observe(new Observation(event.kind(), now, null));
            seldom = seldom.observe(new Observation(event.kind(), now, null));
        }

        assertThat(often.at(now)).isEqualTo(seldom.at(now));
        assertThat(often.at(now + HORIZON)).isEqualTo(seldom.at(now + HORIZON));
    }

    /** A timer that looks only then misses nothing, and never finds itself in a circle. */
    @Property
    void whatIsPublishedChangesOnlyWithAnObservationOrAtTheNextChange(@ForAll("stories") List<Event> story) {
        DependencyState state = DependencyState.first(settings(3, 2), GRACE);
        int now = 0;
        for (Event event : story) {
            state = steadyBetweenChanges(state, now, now + event.after());
            now += event.after();
            state = state.observe(new Observation(event.kind(), now, null));
        }
        DependencyState last = steadyBetweenChanges(state, now, now + HORIZON);

        assertThat(last.nextChange(now + HORIZON)).isEqualTo(Timeline.NEVER);
    }

    private static DependencyState steadyBetweenChanges(DependencyState first, int start, int end) {
        DependencyState published = first.at(start);
        long publishedAt = start;
        while (publishedAt < end) {
            long next = published.nextChange(publishedAt);
            assertThat(next).as("after %s", publishedAt).isGreaterThan(publishedAt);
            for (long now = publishedAt; now < Math.min(next, end); now++) {
                DependencyState fresh = published.at(now);
                assertThat(fresh.effect(now)).as("at %s", now).isEqualTo(published.effect(publishedAt));
                assertThat(fresh.outcome(now)).as("at %s", now).isEqualTo(published.outcome(publishedAt));
                assertThat(fresh.code(now)).as("at %s", now).isEqualTo(published.code(publishedAt));
            }
            publishedAt = Math.min(next, end);
            published = published.at(publishedAt);
        }
        return published;
    }

    /** The rulings, word by word, with all votes kept. */
    private static final class Model {

        private final int failures;
        private final int successes;
        private final List<Boolean> votes = new ArrayList<>();
        private boolean failed;
        private boolean saturated;
        private boolean heardAnything;
        private int lastFinished = -1;
        private int withoutVoteSince = -1;

        Model(int failures, int successes) {
            this.failures = failures;
            this.successes = successes;
        }

        void passTo(int now) {
            if (lastFinished >= 0 && now - lastFinished > 3 * INTERVAL + TIMEOUT && withoutVoteSince < 0) {
                withoutVoteSince = lastFinished + 3 * INTERVAL + TIMEOUT;
            }
            boolean heldLongEnough = withoutVoteSince >= 0 && now - withoutVoteSince >= 3 * INTERVAL;
            if (failed && heldLongEnough) {
                votes.clear();
                failed = false;
            }
        }

        void hear(int now, Kind kind) {
            passTo(now);
            heardAnything = true;
            switch (kind) {
                case UP, SATURATED, CALL_SUCCEEDED -> vote(now, kind, true);
                case DOWN, TIMED_OUT -> vote(now, kind, false);
                case BROKEN, NOT_STARTED -> {
                    withoutVoteSince = withoutVoteSince < 0 ? now : withoutVoteSince;
                    lastFinished = kind == Kind.BROKEN ? now : lastFinished;
                }
            }
        }

        private void vote(int now, Kind kind, boolean success) {
            votes.add(success);
            withoutVoteSince = -1;
            lastFinished = now;
            boolean first = votes.size() == 1;
            if (first || lastInARow() >= (success ? successes : failures)) {
                failed = !success;
            }
            // A check that succeeds tells how full it is; nothing else does.
            if (kind == Kind.UP || failed) {
                saturated = false;
            } else if (kind == Kind.SATURATED) {
                saturated = true;
            }
        }

        private int lastInARow() {
            boolean last = votes.get(votes.size() - 1);
            int count = 0;
            for (int i = votes.size() - 1; i >= 0 && votes.get(i) == last; i--) {
                count++;
            }
            return count;
        }

        Effect effect(int now) {
            boolean uncertain = withoutVoteSince >= 0;
            if (failed) {
                return uncertain ? Effect.HELD : Effect.DOWN;
            }
            if (votes.isEmpty()) {
                return !heardAnything && now < GRACE ? Effect.PENDING : Effect.UNCERTAIN;
            }
            return uncertain ? Effect.UNCERTAIN : saturated ? Effect.SATURATED : Effect.WORKS;
        }
    }
}
