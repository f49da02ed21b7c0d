package io.pratique.cli;

import io.pratique.flags.spi.FlagText;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A command line that can be pasted into a POSIX shell. */
final class ShellWords {

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

    private ShellWords() {}

    static String of(List<String> words) {
        return words.stream().map(ShellWords::quoted).collect(Collectors.joining(" "));
    }

    private static String quoted(String word) {
        if (!FlagText.printable(word, Integer.MAX_VALUE).equals(word)) {
            return "$'" + escaped(word) + "'";
        }
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    /** All but what is plain by its bytes. Shells that do not know this say so, and do nothing else. */
    private static String escaped(String word) {
        StringBuilder escaped = new StringBuilder();
        for (byte each : word.getBytes(StandardCharsets.UTF_8)) {
            String one = String.valueOf((char) each);
            escaped.append(PLAIN.matcher(one).matches() ? one : String.format("\\%03o", each & 0xff));
        }
        return escaped.toString();
    }
}
