package io.pratique.flags.spi;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One flag as a source delivers it: text, and what the source knows about it.
 *
 * @param value the exact text; the client parses it
 * @param changedAt when it was last changed, by the source's clock; null if the source does not know
 * @param timeBox the end of this value; null if it has none
 */
public record FlagEntry(
        String value, @Nullable Instant changedAt, @Nullable TimeBox timeBox) {

    /**
     * Checks that the text is there.
     *
     * @param value checked
     * @param changedAt when it was last changed
     * @param timeBox the end of this value
     */
    public FlagEntry {
        Objects.requireNonNull(value, "value");
    }

    /**
     * An entry of which only the text is known.
     *
     * @param value the exact text
     * @return the entry
     */
    public static FlagEntry of(String value) {
        return new FlagEntry(value, null, null);
    }

    /**
     * The same entry with the time of its last change.
     *
     * @param changedAt when it was last changed
     * @return a new entry
     */
    public FlagEntry changedAt(Instant changedAt) {
        return new FlagEntry(value, Objects.requireNonNull(changedAt, "changedAt"), timeBox);
    }

    /**
     * The same entry with an end.
     *
     * @param left the time left, by the source's clock; zero or less means that it has ended
     * @param covered the text in force again afterwards; null if the flag is absent then
     * @return a new entry
     */
    public FlagEntry ending(Duration left, @Nullable String covered) {
        return new FlagEntry(value, changedAt, new TimeBox(left, covered));
    }

    /** Without the text: values may be long, and are nobody's business in a log. */
    @Override
    public String toString() {
        return "FlagEntry[" + value.length() + " characters, changedAt=" + changedAt + ", timeBox=" + timeBox + "]";
    }
}
