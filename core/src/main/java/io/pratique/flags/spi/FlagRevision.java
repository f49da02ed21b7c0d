package io.pratique.flags.spi;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One change that was made to a flag of a store, and what the flag has been since.
 *
 * @param key the flag key
 * @param version the position of the change among all changes of the store, ascending in the order of commits
 * @param value the text that was set; null if the flag was cleared
 * @param expiresAt when the value ends, by the server's clock; null if it does not
 * @param covered the text in force again after {@code expiresAt}; null if the flag is absent then
 * @param changedAt when the change was made, by the server's clock
 * @param by who made it, and why
 */
public record FlagRevision(
        String key,
        long version,
        @Nullable String value,
        @Nullable Instant expiresAt,
        @Nullable String covered,
        Instant changedAt,
        Attribution by) {

    /**
     * Checks that all is there.
     *
     * @param key checked
     * @param version any
     * @param value any
     * @param expiresAt any
     * @param covered any
     * @param changedAt checked
     * @param by checked
     */
    public FlagRevision {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(changedAt, "changedAt");
        Objects.requireNonNull(by, "by");
    }

    /**
     * The text that this revision puts in force at a time after it.
     *
     * @param now the time, by the server's clock
     * @return the text; null if the flag is absent then
     */
    public @Nullable String valueAt(Instant now) {
        return expiresAt == null || now.isBefore(expiresAt) ? value : covered;
    }
}
