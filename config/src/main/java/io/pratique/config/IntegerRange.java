package io.pratique.config;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The integers from one to another, and the regular expression that matches them: JSON Schema knows no range of texts.
 *
 * @param min the smallest
 * @param max the largest
 */
record IntegerRange(long min, long max) {

    private static final Pattern INTEGER = Pattern.compile("(?:0|-?[1-9]\\d{0,18})");

    /** The number, if it is one of the range; written plainly, without a plus or leading zeros. */
    @Nullable Object parse(String text) {
        if (!INTEGER.matcher(text).matches()) {
            return null;
        }
        try {
            long number = Long.parseLong(text);
            return min <= number && number <= max ? (Object) number : null;
        } catch (NumberFormatException tooLong) {
            return null;
        }
    }

    /** Matches what {@link #parse} takes. */
    String pattern() {
        List<String> alternatives = new ArrayList<>();
        if (min < 0) {
            addDigits(alternatives, "-", Math.max(0, -(max + 1)) + 1, negated(min));
        }
        if (max >= 0) {
            addDigits(alternatives, "", Math.max(0, min), Long.toString(max));
        }
        return "(?:" + String.join("|", alternatives) + ")";
    }

    /** The digits of the opposite, which the smallest long has, too. */
    private static String negated(long number) {
        return Long.toString(number).substring(1);
    }

    private static void addDigits(List<String> alternatives, String sign, long from, String to) {
        String low = Long.toString(from);
        for (int length = low.length(); length <= to.length(); length++) {
            String first = length == low.length() ? low : "1" + "0".repeat(length - 1);
            String last = length == to.length() ? to : "9".repeat(length);
            alternatives.add(sign + between(first, last));
        }
    }

    /** Matches all numbers between two of as many digits. */
    private static String between(String first, String last) {
        if (first.isEmpty()) {
            return "";
        }
        char low = first.charAt(0);
        char high = last.charAt(0);
        String lows = first.substring(1);
        String highs = last.substring(1);
        if (low == high) {
            return low + between(lows, highs);
        }
        List<String> parts = new ArrayList<>();
        boolean wholeLow = lows.chars().allMatch(c -> c == '0');
        boolean wholeHigh = highs.chars().allMatch(c -> c == '9');
        if (!wholeLow) {
            parts.add(low + between(lows, "9".repeat(lows.length())));
        }
        char from = wholeLow ? low : (char) (low + 1);
        char to = wholeHigh ? high : (char) (high - 1);
        if (from <= to) {
            parts.add((from == to ? "" + from : "[" + from + "-" + to + "]") + anyDigits(lows.length()));
        }
        if (!wholeHigh) {
            parts.add(high + between("0".repeat(highs.length()), highs));
        }
        return parts.size() == 1 ? parts.get(0) : "(?:" + String.join("|", parts) + ")";
    }

    private static String anyDigits(int count) {
        return count == 0 ? "" : "[0-9]{" + count + "}";
    }
}
