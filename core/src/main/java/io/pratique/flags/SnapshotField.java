package io.pratique.flags;

import org.jspecify.annotations.Nullable;

/**
 * One field of a line of the snapshot file: any text, on one line, without a tab, and such that UTF-8 can write it. No
 * text at all is a lone dash; a text that is a dash is escaped like any that could be misread.
 */
final class SnapshotField {

    private static final String NONE = "-";

    private SnapshotField() {}

    static String escape(@Nullable String field) {
        if (field == null) {
            return NONE;
        }
        if (field.equals(NONE)) {
            return "\\-";
        }
        StringBuilder escaped = new StringBuilder(field.length());
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            switch (c) {
                case '\\' -> escaped.append("\\\\");
                case '\t' -> escaped.append("\\t");
                case '\n' -> escaped.append("\\n");
                case '\r' -> escaped.append("\\r");
                default -> {
                    if (isHalfACharacter(field, i)) {
                        escaped.append("\\u").append(Integer.toHexString(c));
                    } else {
                        escaped.append(c);
                    }
                }
            }
        }
        return escaped.toString();
    }

    /** A surrogate that stands alone has no form in UTF-8. */
    private static boolean isHalfACharacter(String field, int i) {
        char c = field.charAt(i);
        return Character.isHighSurrogate(c)
                ? i + 1 == field.length() || !Character.isLowSurrogate(field.charAt(i + 1))
                : Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(field.charAt(i - 1)));
    }

    /**
     * Reads what {@link #escape} wrote.
     *
     * @throws RuntimeException perhaps, if it did not
     */
    static @Nullable String unescape(String field) {
        if (field.equals(NONE)) {
            return null;
        }
        StringBuilder plain = new StringBuilder(field.length());
        int i = 0;
        while (i < field.length()) {
            char c = field.charAt(i++);
            if (c != '\\') {
                plain.append(c);
                continue;
            }
            char kind = field.charAt(i++);
            switch (kind) {
                case 't' -> plain.append('\t');
                case 'n' -> plain.append('\n');
                case 'r' -> plain.append('\r');
                case 'u' -> {
                    plain.append((char) Integer.parseInt(field, i, i + 4, 16));
                    i += 4;
                }
                default -> plain.append(kind);
            }
        }
        return plain.toString();
    }
}
