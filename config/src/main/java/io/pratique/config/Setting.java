package io.pratique.config;

import io.pratique.flags.spi.FlagText;
import java.util.regex.Pattern;
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

    /** Where a line end was forgotten, a value goes on with the next variable's, with or without a space between. */
    private static final Pattern FURTHER = Pattern.compile("\\s[A-Za-z_][\\w.-]*=|[A-Z0-9_]{3}=");

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

    /** Looks at what was found; nothing, nothing but white space, a placeholder and a line that does not parse are told apart. */
    static Setting of(ConfigVariable variable, ConfigValues.@Nullable Found found) {
        if (found == null) {
            return unset(variable, State.ABSENT, null);
        }
        String source = found.source();
        String raw = found.text();
        if (raw == null) {
            return new Setting(variable, State.UNREAD, source, null, null);
        }
        String text = raw.strip();
        if (text.isEmpty()) {
            return unset(variable, raw.isEmpty() ? State.EMPTY : State.BLANK, source);
        }
        if (raw.codePointCount(0, raw.length()) > LONGEST) {
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
        String shown = shownText();
        return shown == null ? "" : ", but is \"" + FlagText.printable(shown) + "\"";
    }

    /** The text as reports may have it; null if that is a secret, or may hold one by a slip of the pen. */
    @Nullable String shownText() {
        return !variable.isShown() || text == null || FURTHER.matcher(text).find() ? null : text;
    }

    /** That it is missing, for a reason that is given. */
    ConfigProblem missing(String requirement, @Nullable String misspelt) {
        String found = misspelt == null ? "" : "; \"" + FlagText.printable(misspelt, 128) + "\" is set, is it meant?";
        return ConfigProblem.of(variable.name(), requirement + state.words + found);
    }
}
