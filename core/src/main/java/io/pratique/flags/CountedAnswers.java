package io.pratique.flags;

import org.jspecify.annotations.Nullable;

/** Answers that are counted. */
final class CountedAnswers extends Answers {

    private final EvaluationCounts counts;

    CountedAnswers(Engine engine, EvaluationCounts counts) {
        super(engine);
        this.counts = counts;
    }

    @Override
    boolean isEnabled(@Nullable String key) {
        return counts.of(key).add(super.isEnabled(key));
    }

    @Override
    boolean isEnabled(@Nullable String key, boolean defaultValue) {
        return counts.of(key).add(super.isEnabled(key, defaultValue));
    }
}
