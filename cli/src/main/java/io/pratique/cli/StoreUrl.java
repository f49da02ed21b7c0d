package io.pratique.cli;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a store is, and who asks it. Errors show nothing of the text but its scheme: what stands in a wrong place may be
 * the password.
 *
 * @param scheme what stands before {@code ://}
 * @param user decoded; null if there is none
 * @param password decoded; null if there is none
 * @param hosts one host, or several with commas between
 * @param path all that follows the hosts
 */
record StoreUrl(
        String scheme, @Nullable String user, @Nullable String password, String hosts, String path) {

    private static final Pattern WELL_ENCODED = Pattern.compile("(?:[^%]|%[0-9a-fA-F]{2})*+");

    static StoreUrl parse(String text) {
        int colon = text.indexOf("://");
        String scheme = colon < 0 ? "" : text.substring(0, colon);
        String rest = text.substring(colon < 0 ? 0 : colon + 3);
        int end = 0;
        while (end < rest.length() && "/?#".indexOf(rest.charAt(end)) < 0) {
            end++;
        }
        String authority = rest.substring(0, end);
        String path = rest.substring(end);
        int at = authority.lastIndexOf('@');
        String[] who = at < 0 ? new String[0] : authority.substring(0, at).split(":", 2);
        if (path.indexOf('@') >= 0 || !WELL_ENCODED.matcher(authority).matches()) {
            throw new IllegalArgumentException("the store's URL with scheme \"" + scheme
                    + "\" cannot be taken apart; percent-encode user and password (% as %25, / as %2F, @ as %40),"
                    + " or give the password in PRATIQUE_PASSWORD");
        }
        return new StoreUrl(
                scheme,
                who.length > 0 && !who[0].isEmpty() ? decoded(who[0]) : null,
                who.length > 1 ? decoded(who[1]) : null,
                authority.substring(at + 1),
                path);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** The same, with a password where it has none. */
    StoreUrl orPassword(@Nullable String other) {
        return password == null ? new StoreUrl(scheme, user, other, hosts, path) : this;
    }

    /** A URL of a scheme and a host, by this one's user and password, with all of it encoded. */
    String text(String otherScheme, String host) {
        String who = (user == null ? "" : encoded(user)) + (password == null ? "" : ":" + encoded(password));
        return otherScheme + "://" + (who.isEmpty() ? "" : who + "@") + host + path;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Without the password. */
    @Override
    public String toString() {
        return scheme + "://" + hosts;
    }
}
