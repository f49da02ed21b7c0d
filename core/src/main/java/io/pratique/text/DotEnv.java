package io.pratique.text;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the text of a {@code .env} file: {@code NAME=value} a line, with comments, {@code export}, and quotes as a shell
 * has them, save that nothing is substituted.
 *
 * <p>A line that does not parse costs no other line. So a quoted value goes on over several lines only up to the next
 * line that looks like an assignment: a forgotten quote must not swallow the flags below it.
 */
public final class DotEnv {

    /** The name in front of something that is no assignment. */
    private static final Pattern WORD = Pattern.compile("(?:export\\s++)?+([\\w.-]++)(?=[\\s=]++\\S)");

    private static final Pattern NAME =
            Pattern.compile("\\s*+(?:export\\s++)?+([^\\s=\"'`#$\\\\\\p{Cntrl}]++)\\s*+=\\s*+");

    /** The last line of a PEM block looks like this too, save that nothing follows its {@code =}. */
    private static final Pattern ASSIGNMENT = Pattern.compile("\\s*+(?:export\\s++)?+[\\w.-]++\\s*+=(?!=?\\s*+$)");

    private final List<String> lines;

    /**
     * A line that does not parse. Its text may be a secret.
     *
     * @param line its number, the first being 1
     * @param name the variable that it seems to be meant for; null if it names none
     * @param text the line, without white space around it
     */
    public record Slip(int line, @Nullable String name, String text) {

        /** Where it is, without its text. */
        @Override
        public String toString() {
            return "line " + line;
        }
    }

    /**
     * Of a whole file.
     *
     * @param text its text
     */
    public DotEnv(String text) {
        this.lines = text.lines().toList();
    }

    /**
     * Reads all of it.
     *
     * @param variables is given each name and value, in the order of the lines
     * @param slips is given each line that does not parse, between the variables where it stands
     */
    public void read(BiConsumer<String, String> variables, Consumer<Slip> slips) {
        int at = 0;
        while (at < lines.size()) {
            String line = lines.get(at).strip();
            int used = line.isEmpty() || line.startsWith("#") ? 1 : readAssignment(at, variables);
            if (used == 0) {
                Matcher word = WORD.matcher(line);
                slips.accept(new Slip(at + 1, word.lookingAt() ? word.group(1) : null, line));
            }
            at += Math.max(1, used);
        }
    }

    /** Reads the assignment that begins in a line; gives the number of its lines, 0 if it is none. */
    private int readAssignment(int at, BiConsumer<String, String> variables) {
        String line = lines.get(at);
        Matcher start = NAME.matcher(line);
        if (!start.lookingAt()) {
            return 0;
        }
        String name = start.group(1);
        char first = start.end() < line.length() ? line.charAt(start.end()) : ' ';
        if (first == '"' || first == '\'') {
            return readQuoted(at, start.end() + 1, first, name, variables);
        }
        variables.accept(name, unquoted(line, start.end()));
        return 1;
    }

    /** Up to a comment, which is a {@code #} after white space. */
    private static String unquoted(String line, int from) {
        for (int i = from; i < line.length(); i++) {
            if (line.charAt(i) == '#' && Character.isWhitespace(line.charAt(i - 1))) {
                return line.substring(from, i).strip();
            }
        }
        return line.substring(from).strip();
    }

    private int readQuoted(int at, int from, char quote, String name, BiConsumer<String, String> variables) {
        StringBuilder value = new StringBuilder();
        String line = lines.get(at).substring(from);
        for (int used = 1; ; used++) {
            int end = appendUpTo(quote, line, value);
            if (end >= 0) {
                if (!isBlankOrComment(line.substring(end + 1))) {
                    return 0;
                }
                variables.accept(name, value.toString());
                return used;
            }
            int next = at + used;
            if (next == lines.size() || ASSIGNMENT.matcher(lines.get(next)).lookingAt()) {
                return 0;
            }
            value.append('\n');
            line = lines.get(next);
        }
    }

    /** Appends the value up to its closing quote; gives the place of the quote, -1 if the line has none. */
    private static int appendUpTo(char quote, String line, StringBuilder value) {
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == quote) {
                return i;
            }
            if (c == '\\' && quote == '"' && i + 1 < line.length()) {
                i++;
                appendEscaped(line.charAt(i), value);
            } else {
                value.append(c);
            }
        }
        return -1;
    }

    private static void appendEscaped(char c, StringBuilder value) {
        switch (c) {
            case 'n' -> value.append('\n');
            case 'r' -> value.append('\r');
            case 't' -> value.append('\t');
            case '"', '\\', '$' -> value.append(c);
            default -> value.append('\\').append(c);
        }
    }

    private static boolean isBlankOrComment(String rest) {
        return rest.isBlank()
                || (Character.isWhitespace(rest.charAt(0)) && rest.strip().startsWith("#"));
    }
}
