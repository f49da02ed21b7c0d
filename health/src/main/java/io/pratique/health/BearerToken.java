package io.pratique.health;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A secret that a caller proves to know by sending it. Shown to nobody, so there is no {@code toString}. */
final class BearerToken {

    private static final String SCHEME = "Bearer ";
    private static final int LONGEST = 1_024;
    private static final Pattern SENDABLE = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

    private final byte[] expected;

    private BearerToken(byte[] expected) {
        this.expected = expected;
    }

    static BearerToken of(@Nullable String token) {
        if (token == null
                || token.length() > LONGEST
                || !SENDABLE.matcher(token).matches()) {
            throw new IllegalArgumentException("authorisation token must be 1 to " + LONGEST
                    + " letters, digits or signs of -._~+/ with = at the end, but is "
                    + (token == null ? "\"null\"" : token.isEmpty() ? "\"\"" : "something else (not shown)")
                    + "; take a long random one, such as \"openssl rand -hex 32\" prints");
        }
        return new BearerToken(token.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether a header {@code Authorization} holds it. How much of it is right cannot be told from the time taken. */
    boolean isIn(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return false;
        }
        byte[] sent = authorization.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(expected, sent);
    }
}
