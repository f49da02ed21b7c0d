package io.pratique.config;

import io.pratique.flags.spi.FlagText;
import org.jspecify.annotations.Nullable;

/**
 * What a variable was found to be.
 *
 * @param variable its line of the schema
 * @param state whether it is set, and to something that counts
 * @param source where it was found; null if it was not, or has its default
 * @param text the text that counts, without white space around it; null if none does
 * @param value what that text means; null if it means nothing
 */
record Setting(
        ConfigVariable variable,
        State state,
        @Nullable String source,
        @Nullable String text,
        @Nullable Object value) {

    /** In characters. No variable of a Linux environment holds more, and no regular expression is given more to chew. */
    static final int LONGEST = 131_072;

    /** Whether it is set, and to something that counts. */
    enum State {
        VALID(""),
        DEFAULT(""),
        ABSENT(""),
        EMPTY(", but is empty"),
        BLANK(", but is blank"),
        PLACEHOLDER("still holds a placeholder"),
        TOO_LONG("must be " + LONGEST + " characters at most"),
        INVALID(""),
        UNREAD("");

        private final String words;

        State(String words) {
            this.words = words;
        }

        boolean counts() {
            return this == VALID || this == DEFAULT;
        }

        boolean isUnset() {
            return this == ABSENT || this == EMPTY || this == BLANK;
        }
    }

    /** Looks at what was found; nothing, nothing but white space, and a placeholder are told apart. */
    static Setting of(ConfigVariable variable, ConfigValues.@Nullable Found found) {
        if (found == null || found.text() == null) {
            return found == null
                    ? unset(variable, State.ABSENT, null)
                    : new Setting(variable, State.UNREAD, found.source(), null, null);
        }
        String source = found.source();
        String text = found.text().strip();
        if (text.isEmpty()) {
            return unset(variable, found.text().isEmpty() ? State.EMPTY : State.BLANK, source);
        }
        if (found.text().codePointCount(0, found.text().length()) > LONGEST) {
            return new Setting(variable, State.TOO_LONG, source, null, null);
        }
        if (Placeholder.isOne(text) && !variable.type().words().contains(text)) {
            return new Setting(variable, State.PLACEHOLDER, source, null, null);
        }
        Object value = variable.type().parse(text);
        return new Setting(variable, value == null ? State.INVALID : State.VALID, source, text, value);
    }

    private static Setting unset(ConfigVariable variable, State state, @Nullable String source) {
        String otherwise = variable.defaultValue();
        if (otherwise != null) {
            Object value = variable.type().parse(otherwise);
            return new Setting(variable, value == null ? State.INVALID : State.DEFAULT, null, otherwise, value);
        }
        return new Setting(variable, state, source, null, null);
    }

    /** What it comes to when the program runs, where a flag that cannot be read fails open; null if that is unknown. */
    @Nullable Object effect() {
        return state.counts() || variable.type().isStrict() ? value : variable.otherwise();
    }

    /** What is wrong with the value itself; null if nothing is. */
    @Nullable ConfigProblem fault() {
        return switch (state) {
            case PLACEHOLDER, TOO_LONG -> ConfigProblem.of(variable.name(), state.words);
            case INVALID ->
                ConfigProblem.of(variable.name(), "must be " + variable.type().must() + shownValue());
            case UNREAD -> ConfigProblem.of(variable.name(), "cannot be read: " + slip(String.valueOf(source)));
            default -> null;
        };
    }

    /** What is said of a line that does not parse, of which nothing may be shown. */
    static String slip(String place) {
        return place + " is no assignment; write NAME=value, with both quotes or none";
    }

    /** Whether it stands on a line that does not parse. */
    boolean isAt(String place) {
        return state == State.UNREAD && place.equals(source);
    }

    private String shownValue() {
        return variable.isShown() && text != null ? ", but is \"" + FlagText.printable(text) + "\"" : "";
    }

    /** That it is missing, for a reason that is given. */
    ConfigProblem missing(String requirement, @Nullable String misspelt) {
        String found = misspelt == null ? "" : "; \"" + FlagText.printable(misspelt, 128) + "\" is set, is it meant?";
        return ConfigProblem.of(variable.name(), requirement + state.words + found);
    }
}
