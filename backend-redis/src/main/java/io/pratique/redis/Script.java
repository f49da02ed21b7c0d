package io.pratique.redis;

import io.lettuce.core.codec.Base16;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;

/** What the server is asked to do. Each is one script, so it is done as a whole, in one round trip. */
enum Script {
    POLL(Keys.STATE, Keys.FLAGS, Keys.META, Keys.CHANGES, Keys.HISTORY, Keys.ACCEPTED),
    WRITE(Keys.STATE, Keys.FLAGS, Keys.META, Keys.BY, Keys.CHANGES, Keys.HISTORY),
    LIST(Keys.STATE, Keys.FLAGS, Keys.META, Keys.BY),
    HISTORY(Keys.CHANGES, Keys.HISTORY),
    ACCEPT(Keys.STATE, Keys.FLAGS, Keys.META, Keys.BY, Keys.CHANGES, Keys.HISTORY, Keys.ACCEPTED);

    @SuppressWarnings("ImmutableEnumChecker") // never handed out
    private final Keys[] keys;

    private final String text;
    private final String digest;

    Script(Keys... keys) {
        this.keys = keys;
        byte[] bytes = read(name().toLowerCase(Locale.ROOT) + ".lua");
        this.text = new String(bytes, StandardCharsets.UTF_8);
        this.digest = Base16.digest(bytes);
    }

    private static byte[] read(String file) {
        try (InputStream in = Objects.requireNonNull(Script.class.getResourceAsStream(file), file)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String text() {
        return text;
    }

    /** By which the server knows a script that it has run before. */
    String digest() {
        return digest;
    }

    String[] keys(String namespace) {
        return Keys.in(namespace, keys);
    }
}
