package io.pratique.redis;

import io.pratique.flags.spi.FlagEntry;
import io.pratique.flags.spi.FlagText;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a flag besides its text: {@code version|changed}, {@code version|changed|end} or {@code
 * version|changed|end|covered}, times in microseconds.
 */
record Meta(
        long version,
        Instant changedAt,
        @Nullable Instant expiresAt,
        @Nullable String covered) {

    static Meta parse(String key, @Nullable String text) {
        String[] parts = text == null ? new String[0] : text.split("\\|", 4);
        try {
            return new Meta(
                    Long.parseLong(parts[0]),
                    Reply.time(Long.parseLong(parts[1])),
                    parts.length < 3 ? null : Reply.time(Long.parseLong(parts[2])),
                    parts.length < 4 ? null : parts[3]);
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new IllegalStateException(
                    "what is kept of flag \"" + FlagText.printable(key) + "\" was written by something else: "
                            + (text == null ? "nothing" : "\"" + FlagText.printable(text) + "\"")
                            + "; set or clear that flag again",
                    e);
        }
    }

    FlagEntry entry(String value, Instant now) {
        FlagEntry entry = FlagEntry.of(value).changedAt(changedAt);
        return expiresAt == null ? entry : entry.ending(Duration.between(now, expiresAt), covered);
    }
}
