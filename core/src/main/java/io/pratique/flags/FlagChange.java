package io.pratique.flags;

/**
 * The answer for a flag before and after it changed. Answers are those of {@link FlagClient#evaluate(String)}: with the
 * declared default, or on.
 *
 * @param before the answer until then
 * @param after the answer from then on
 */
public record FlagChange(FlagEvaluation before, FlagEvaluation after) {

    /**
     * The flag.
     *
     * @return its key
     */
    public String key() {
        return after.key();
    }

    /**
     * The new answer.
     *
     * @return whether the feature is on now
     */
    public boolean enabled() {
        return after.enabled();
    }
}
