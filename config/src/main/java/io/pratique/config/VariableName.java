package io.pratique.config;

import io.pratique.flags.spi.FlagText;
import java.util.regex.Pattern;

/** What a variable may be called. */
final class VariableName {

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]{0,127}");

    private VariableName() {}

    static String require(String name) {
        if (name == null || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "name of a variable must be 1 to 128 letters, digits, underscores, dots or hyphens, the first no digit,"
                            + " but is " + (name == null ? "null" : "\"" + FlagText.printable(name) + "\"")
                            + "; give it a name such as \"DATABASE_URL\"");
        }
        return name;
    }
}
