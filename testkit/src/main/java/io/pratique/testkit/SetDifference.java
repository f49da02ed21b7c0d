package io.pratique.testkit;

import io.pratique.flags.spi.FlagEntry;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagText;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Says in a line a person can read how a set differs from what it should hold. */
final class SetDifference {

    /** How many flags the line names; with 10,000 wrong ones the first few tell enough. */
    private static final int NAMED = 5;

    private SetDifference() {}

    static String between(FlagSet expected, FlagSet actual) {
        Map<String, String> texts = new LinkedHashMap<>();
        expected.entries().forEach((key, entry) -> texts.put(key, entry.value()));
        return between(texts, actual);
    }

    /** Returns the empty string if there is none. */
    static String between(Map<String, String> expected, FlagSet actual) {
        TreeSet<String> keys = new TreeSet<>(expected.keySet());
        keys.addAll(actual.entries().keySet());
        StringJoiner line = new StringJoiner("; ");
        int differing = 0;
        for (String key : keys) {
            String wanted = expected.get(key);
            FlagEntry entry = actual.entries().get(key);
            String found = entry == null ? null : entry.value();
            if (!Objects.equals(wanted, found) && differing++ < NAMED) {
                line.add(shown(key) + " should be " + shown(wanted) + " and is " + shown(found));
            }
        }
        return differing > NAMED ? line + "; and " + (differing - NAMED) + " more" : line.toString();
    }

    private static String shown(@Nullable String text) {
        return text == null ? "absent" : "\"" + FlagText.printable(text) + "\" (" + text.length() + " characters)";
    }
}
