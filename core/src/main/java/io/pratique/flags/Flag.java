package io.pratique.flags;

import io.pratique.flags.spi.FlagText;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * The declaration of a flag: its key, its default and who answers for it.
 *
 * <pre>{@code
 * static final Flag OUTBOX = Flag.of("outbox-processing").owner("payments").expires(LocalDate.of(2027, 3, 1));
 * }</pre>
 *
 * @param key the flag key: not blank, at most {@value #MAX_KEY_LENGTH} characters
 * @param enabledByDefault the answer where no source holds the flag; on unless declared otherwise
 * @param owner who decides on this flag; null if not said
 * @param expires the last day on which the flag should still exist; null if it may stay
 * @param description what is switched; null if not said
 */
public record Flag(
        String key,
        boolean enabledByDefault,
        @Nullable String owner,
        @Nullable LocalDate expires,
        @Nullable String description) {

    /** The longest key that is a flag key. */
    public static final int MAX_KEY_LENGTH = FlagText.MAX_KEY_LENGTH;

    /**
     * Checks the key.
     *
     * @param key checked
     * @param enabledByDefault the default
     * @param owner who decides
     * @param expires the last day
     * @param description what is switched
     */
    public Flag {
        FlagText.requireKey(key);
    }

    /** A key as the field of a log line: whole, so that it can be searched for, but unable to forge a line. */
    static String logged(String key) {
        return FlagText.printable(key, MAX_KEY_LENGTH);
    }

    /**
     * A flag that is on by default.
     *
     * @param key the flag key
     * @return the flag
     * @throws IllegalArgumentException if the key is null, blank or too long
     */
    public static Flag of(String key) {
        return new Flag(key, true, null, null, null);
    }

    /**
     * The same flag, off where no source holds it.
     *
     * @return a new flag
     */
    public Flag defaultOff() {
        return new Flag(key, false, owner, expires, description);
    }

    /**
     * The same flag with an owner.
     *
     * @param owner a person or a team
     * @return a new flag
     * @throws IllegalArgumentException if it is null
     */
    public Flag owner(String owner) {
        return new Flag(key, enabledByDefault, given("owner", owner), expires, description);
    }

    /**
     * The same flag with an expiry date; {@link FlagClient#staleFlags()} names it from the day after.
     *
     * @param expires the last day on which it should still exist
     * @return a new flag
     * @throws IllegalArgumentException if it is null
     */
    public Flag expires(LocalDate expires) {
        return new Flag(key, enabledByDefault, owner, given("expires", expires), description);
    }

    /**
     * The same flag with a description.
     *
     * @param description what is switched
     * @return a new flag
     * @throws IllegalArgumentException if it is null
     */
    public Flag description(String description) {
        return new Flag(key, enabledByDefault, owner, expires, given("description", description));
    }

    private <T> T given(String subject, @Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException(subject + " of flag \"" + FlagText.printable(key)
                    + "\" must not be null; leave the call out if there is none");
        }
        return value;
    }
}
