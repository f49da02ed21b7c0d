package io.pratique.flags.spi;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The end that was written together with a value. The node that read the value counts down by itself, so it ends on
 * time although the source is out of reach by then.
 *
 * @param left the time left when the source was read, by the source's own clock; zero or less means that it has ended
 * @param covered the text that is in force again afterwards; null if the flag is absent then
 */
public record TimeBox(Duration left, @Nullable String covered) {

    /** Beyond this, a value without end is meant; and every clock and column can still tell when it is over. */
    static final Duration LONGEST = Duration.ofDays(36_525);

    /**
     * Checks that the time is there.
     *
     * @param left checked
     * @param covered any text, or null
     */
    public TimeBox {
        Objects.requireNonNull(left, "left");
    }

    /** Without the text, as {@link FlagEntry#toString()}. */
    @Override
    public String toString() {
        return "TimeBox[left=" + left + (covered == null ? "]" : ", covers " + covered.length() + " characters]");
    }
}
