package io.pratique.config;

import org.jspecify.annotations.Nullable;

/**
 * Whether a variable has to be set.
 *
 * @param kind in what way
 * @param condition on which that depends; null if on none
 */
record Requirement(Kind kind, @Nullable Condition condition) {

    static final Requirement OPTIONAL = new Requirement(Kind.OPTIONAL, null);
    static final Requirement ALWAYS = new Requirement(Kind.ALWAYS, null);

    /** In what way. */
    enum Kind {
        OPTIONAL(""),
        ALWAYS("is required"),
        WHEN("is required when "),
        UNLESS("is required unless ");

        private final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    /** As a sentence goes on after the variable's name. */
    @Override
    public String toString() {
        return condition == null ? kind.words : kind.words + condition;
    }
}
