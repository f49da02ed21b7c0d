package io.pratique.flags.spi;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How the texts of flags are read and shown, the same for every source. */
public final class FlagText {

    /** The longest key that is a flag key, in characters. */
    public static final int MAX_KEY_LENGTH = 256;

    /** How much of a value a log line shows. */
    private static final int SHOWN = 32;

    /** What was thrown says more, and what matters may stand at its end. */
    private static final int SHOWN_OF_THROWN = 300;

    private FlagText() {}

    /**
     * Reads a text: {@code true/false}, {@code on/off}, {@code yes/no}, {@code 1/0} or {@code enabled/disabled}, in any
     * case, white space around it ignored.
     *
     * @param text any text
     * @return on or off; null if the text is none of these words
     */
    public static @Nullable Boolean parse(String text) {
        // The longest word has eight letters: a megabyte of text need not be copied to be refused.
        String word = text.strip();
        if (word.isEmpty() || word.length() > 8) {
            return null;
        }
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "true", "on", "yes", "1", "enabled" -> Boolean.TRUE;
            case "false", "off", "no", "0", "disabled" -> Boolean.FALSE;
            default -> null;
        };
    }

    /**
     * Whether a text can be the key of a flag: 1 to {@value #MAX_KEY_LENGTH} characters, not blank.
     *
     * @param text any text, or null
     * @return false for one that nobody can ask for
     */
    public static boolean isKey(@Nullable String text) {
        return text != null && text.length() <= MAX_KEY_LENGTH && !text.isBlank();
    }

    /**
     * Refuses what cannot be the key of a flag.
     *
     * @param key any text, or null
     * @return the key
     * @throws IllegalArgumentException unless it {@linkplain #isKey is one}
     */
    public static String requireKey(@Nullable String key) {
        if (key == null || !isKey(key)) {
            throw new IllegalArgumentException("flag key must be 1 to " + MAX_KEY_LENGTH
                    + " characters and not blank, but is "
                    + (key == null ? "null" : "\"" + printable(key) + "\" (" + key.length() + " characters)")
                    + "; give it a short name such as \"outbox-processing\"");
        }
        return key;
    }

    /** Whether any store can keep a text: databases refuse a NUL character. */
    static boolean isStorable(String text) {
        return text.indexOf('\0') < 0 && isWhole(text);
    }

    /** Whether a text holds no half of a surrogate pair, which no encoding can store: it would be read as another text. */
    static boolean isWhole(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    /**
     * A text as a log line or an error may show it: control characters and anything else that could forge a line
     * escaped, cut after 32 characters.
     *
     * @param text any text
     * @return one line of printable characters, without quotes around it
     */
    public static String printable(String text) {
        return printable(text, SHOWN);
    }

    /**
     * As {@link #printable(String)}, cut elsewhere.
     *
     * @param text any text
     * @param length after how many characters to cut
     * @return one line of printable characters, without quotes around it
     */
    public static String printable(String text, int length) {
        StringBuilder shown = new StringBuilder();
        int end = text.offsetByCodePoints(0, Math.min(length, text.codePointCount(0, text.length())));
        text.substring(0, end).codePoints().forEach(point -> {
            switch (Character.getType(point)) {
                case Character.CONTROL,
                        Character.FORMAT,
                        Character.SURROGATE,
                        Character.UNASSIGNED,
                        Character.PRIVATE_USE,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR -> shown.append(String.format("\\u%04X", point));
                default -> shown.appendCodePoint(point);
            }
        });
        return end < text.length() ? shown.append('…').toString() : shown.toString();
    }

    /**
     * What was thrown, as a log line or a report may show it: one printable line, cut after 300 characters.
     *
     * @param thrown anything thrown; if it cannot say what it is, its class stands for it
     * @return one line of printable characters
     */
    public static String printable(Throwable thrown) {
        try {
            return printable(thrown.toString().replaceAll("\\s+", " "), SHOWN_OF_THROWN);
        } catch (Throwable unspeakable) {
            return thrown.getClass().getName();
        }
    }
}
