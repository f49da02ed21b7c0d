package io.pratique.flags.spi;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One change to be made to a flag of a store.
 *
 * @param key the flag key
 * @param value the text to set; null to clear the flag
 * @param lasting how long the value is in force; null for good. What it covers is in force again afterwards
 * @param ifVersion the version that the flag has to have now, 0 for one that is absent; null for any
 * @param by who makes the change, and why
 */
public record FlagWrite(
        String key,
        @Nullable String value,
        @Nullable Duration lasting,
        @Nullable Long ifVersion,
        Attribution by) {

    /**
     * Checks each part.
     *
     * @param key checked
     * @param value checked
     * @param lasting checked
     * @param ifVersion checked
     * @param by checked
     * @throws IllegalArgumentException if the key cannot be asked for or cannot be stored, if the value means neither on nor off, if the
     *     duration is not positive or is longer than a hundred years, if a clearing has a duration, if the version is
     *     negative
     */
    public FlagWrite {
        FlagText.requireKey(key);
        Objects.requireNonNull(by, "by");
        if (!FlagText.isWhole(key)) {
            throw new IllegalArgumentException("key of a flag to be stored must be of whole characters, but \""
                    + FlagText.printable(key) + "\" holds half of a surrogate pair; write both halves or none");
        }
        if (value != null && FlagText.parse(value) == null) {
            throw new IllegalArgumentException("value of flag \"" + FlagText.printable(key)
                    + "\" must be one of true/false, on/off, yes/no, 1/0, enabled/disabled, but is \""
                    + FlagText.printable(value) + "\"");
        }
        if (lasting != null) {
            requireLasting(key, value, lasting);
        }
        if (ifVersion != null && ifVersion < 0) {
            throw new IllegalArgumentException("expected version of flag \"" + FlagText.printable(key)
                    + "\" must not be negative, but is \"" + ifVersion + "\"; 0 stands for a flag that is absent");
        }
    }

    private static void requireLasting(String key, @Nullable String value, Duration lasting) {
        if (value == null) {
            throw new IllegalArgumentException("clearing of flag \"" + FlagText.printable(key)
                    + "\" cannot end by itself; set it to on or off for that time instead");
        }
        if (lasting.isNegative() || lasting.isZero() || lasting.compareTo(TimeBox.LONGEST) > 0) {
            throw new IllegalArgumentException("duration of flag \"" + FlagText.printable(key)
                    + "\" must be positive and at most a hundred years, but is \"" + lasting
                    + "\"; leave it out for a value without end");
        }
    }

    /**
     * Sets a flag for good. A time-boxed value that is in force ends with that.
     *
     * @param key the flag key
     * @param value one of the words that {@link FlagText#parse} knows; kept as it is written
     * @param by who makes the change, and why
     * @return the change
     * @throws IllegalArgumentException as the constructor
     */
    public static FlagWrite set(String key, String value, Attribution by) {
        return new FlagWrite(key, Objects.requireNonNull(value, "value"), null, null, by);
    }

    /**
     * Takes a flag away, so that lower sources or the default decide.
     *
     * @param key the flag key
     * @param by who makes the change, and why
     * @return the change
     * @throws IllegalArgumentException as the constructor
     */
    public static FlagWrite clear(String key, Attribution by) {
        return new FlagWrite(key, null, null, null, by);
    }

    /**
     * The same change with an end. The value covers the one that was set for good, which stays as it is.
     *
     * @param lasting how long the value is in force, from the commit on, by the server's clock
     * @return a new change
     * @throws IllegalArgumentException as the constructor
     */
    public FlagWrite lasting(Duration lasting) {
        return new FlagWrite(key, value, Objects.requireNonNull(lasting, "lasting"), ifVersion, by);
    }

    /**
     * The same change, to be made only if the flag is still what the caller has seen.
     *
     * @param version the {@linkplain FlagRevision#version version} seen, 0 if the flag was absent
     * @return a new change
     * @throws IllegalArgumentException as the constructor
     */
    public FlagWrite ifVersion(long version) {
        return new FlagWrite(key, value, lasting, version, by);
    }
}
