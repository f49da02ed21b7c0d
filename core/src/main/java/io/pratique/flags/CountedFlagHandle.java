package io.pratique.flags;

/** A handle that counts what it is asked; a class of its own, so that the others do not even look whether to count. */
final class CountedFlagHandle extends FlagHandle {

    private final EvaluationCounts.Count count;

    CountedFlagHandle(String key, boolean defaultValue, EvaluationCounts.Count count) {
        super(key, defaultValue);
        this.count = count;
    }

    @Override
    public boolean isEnabled() {
        return count.add(super.isEnabled());
    }
}
