package io.pratique.config;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Hosts with commas between them, alone or in a URL. They are split before they are matched: Java's regular expressions
 * recurse with each round of a group, and a long list ended in a stack overflow.
 */
final class HostList {

    private static final String HOST = host("");
    private static final String PORT = ":" + new IntegerRange(1, 65_535).pattern();
    private static final Pattern WITH_PORT = Pattern.compile(HOST + PORT);
    /** In a URL a host may be percent-encoded, as libpq writes the directory of a socket. */
    private static final Pattern WITH_OR_WITHOUT = Pattern.compile(host("%") + "(?:" + PORT + ")?");

    /** Matches what {@link #parse} takes. */
    static final String PATTERN = HOST + PORT + "(?:\\s*,\\s*" + HOST + PORT + ")*";

    /** Matches what {@link #isAuthority} takes. */
    static final String AUTHORITY =
            "(?:[^\\s/?#]*@)?" + WITH_OR_WITHOUT.pattern() + "(?:," + WITH_OR_WITHOUT.pattern() + ")*";

    private HostList() {}

    private static String host(String also) {
        String letter = "[A-Za-z0-9_" + also + "]";
        return "(?:" + letter + "(?:[A-Za-z0-9_." + also + "-]*" + letter + ")?\\.?|\\[[0-9A-Fa-f:.]+\\])";
    }

    /** Each host with its port; null if a part is none. */
    static @Nullable Object parse(String text) {
        List<String> hosts =
                Arrays.stream(text.split(",", -1)).map(String::strip).toList();
        return hosts.stream().allMatch(host -> WITH_PORT.matcher(host).matches()) ? hosts : null;
    }

    /** Whether a text is what stands between {@code ://} and the path: maybe a user, and hosts, maybe with ports. */
    static boolean isAuthority(String text) {
        String hosts = text.substring(text.lastIndexOf('@') + 1);
        return Arrays.stream(hosts.split(",", -1))
                .allMatch(host -> WITH_OR_WITHOUT.matcher(host).matches());
    }
}
