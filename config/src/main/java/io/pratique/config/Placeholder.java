package io.pratique.config;

import java.util.regex.Pattern;

/** What people leave where a value is still to come. */
final class Placeholder {

    /** Matches placeholders, in the regular expressions that Java and ECMA-262 share. */
    static final String PATTERN = "(?:<[^<>]*>|\\$\\{[^{}]*\\}|(?:" + word("change") + "|" + word("replace")
            + ")[-_ ]?(?:" + word("me") + "|" + word("this") + ")|" + word("your") + "[-_ ][\\w -]*|" + word("x")
            + "{3,}|"
            + word("todo") + "|" + word("tbd") + "|" + word("placeholder") + ")";

    private static final Pattern COMPILED = Pattern.compile(PATTERN);

    private Placeholder() {}

    static boolean isOne(String text) {
        return COMPILED.matcher(text).matches();
    }

    private static String word(String word) {
        return ConfigType.anyCase(word);
    }
}
