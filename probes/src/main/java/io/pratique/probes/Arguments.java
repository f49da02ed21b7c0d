package io.pratique.probes;

import io.pratique.flags.spi.FlagText;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What factories and withers of probes are given. Subjects are written as a sentence begins: {@code "The port of a TcpProbe"}. */
final class Arguments {

    /** What every database takes, and what cannot leave the quotes around it. */
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");

    private static final Set<String> HTTP = Set.of("http", "https");

    private static final int LAST_PORT = 65_535;

    private Arguments() {}

    /** What was wrong, in the one form that all refusals have. The value must not be a secret. */
    static IllegalArgumentException refused(String subject, String fault, @Nullable Object value, String remedy) {
        String shown = value == null ? "null" : FlagText.printable(value.toString(), 100);
        return new IllegalArgumentException(subject + " " + fault + ", but is \"" + shown + "\"; " + remedy);
    }

    /** What must be given at all. */
    static <T> T required(String subject, @Nullable T value) {
        if (value == null) {
            throw refused(subject, "must be given", null, "give one");
        }
        return value;
    }

    /** A text that names something. */
    static String notBlank(String subject, @Nullable String text) {
        if (text == null || text.isBlank()) {
            throw refused(subject, "must not be blank", text, "give a name");
        }
        return text;
    }

    /** A whole number between two others, these included. */
    static int within(String subject, int value, int least, int most) {
        if (value < least || value > most) {
            throw refused(subject, "must be between " + least + " and " + most, value, "give a number in that range");
        }
        return value;
    }

    /** A size in bytes. */
    static long positive(String subject, long value) {
        if (value < 1) {
            throw refused(subject, "must be positive", value, "give a number of bytes");
        }
        return value;
    }

    /** The name of a table, a schema or the like. */
    static String identifier(String subject, @Nullable String name) {
        if (name == null || !IDENTIFIER.matcher(name).matches()) {
            throw refused(
                    subject, "must be an identifier of at most 63 letters, digits and underscores", name, "name it so");
        }
        return name;
    }

    /** An absolute HTTP or HTTPS address. User info is refused, since addresses are shown. */
    static URI http(String subject, @Nullable URI uri) {
        if (uri == null
                || uri.getScheme() == null
                || !HTTP.contains(uri.getScheme().toLowerCase(Locale.ROOT))
                || uri.getHost() == null) {
            throw refused(
                    subject,
                    "must be an absolute http or https URI with a host",
                    uri == null ? null : shown(uri),
                    "write it as \"https://host/path\"");
        }
        if (uri.getRawUserInfo() != null) {
            throw refused(subject, "must hold no user and password", shown(uri), "send them in a header");
        }
        // Less than zero is none at all.
        if (uri.getPort() == 0 || uri.getPort() > LAST_PORT) {
            throw refused(
                    subject,
                    "must have a port from 1 to " + LAST_PORT,
                    shown(uri),
                    "give it, or leave it out for the one that is usual");
        }
        return uri;
    }

    /** An address without user info, query and fragment, which may hold secrets. */
    static String shown(URI uri) {
        if (uri.isOpaque()) {
            return uri.getScheme() + ":…";
        }
        String host = uri.getHost() == null ? "" : uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
        String scheme = uri.getScheme() == null ? "" : uri.getScheme() + "://";
        return scheme + host + (uri.getRawPath() == null ? "" : uri.getRawPath());
    }
}
