package io.pratique.flags;

import io.pratique.flags.spi.FlagEntry;
import io.pratique.flags.spi.FlagText;
import io.pratique.flags.spi.TimeBox;
import io.pratique.time.Timeline;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What one source says of one key, parsed.
 *
 * @param entry what the source delivered last; its identity tells a countdown that goes on from one that starts anew
 * @param value the valid text in force; null if the source holds nothing for this key
 * @param enabled what that text means
 * @param invalid whether the text delivered last cannot be read; a value in force is then the last valid one
 * @param changedAt since when it is in force
 * @param covered the text in force once {@code ends} is reached
 * @param ends when the value ends, on the timeline; {@link Timeline#NEVER} if it does not
 */
record Held(
        FlagEntry entry,
        @Nullable String value,
        boolean enabled,
        boolean invalid,
        Instant changedAt,
        @Nullable String covered,
        long ends) {

    /** Reads what a source delivered, given what was held before. */
    static Held of(FlagEntry entry, @Nullable Held before, Moment now) {
        if (before != null && before.stillSaidBy(entry)) {
            return before;
        }
        TimeBox box = entry.timeBox();
        if (box == null) {
            return read(entry, entry.value(), null, Timeline.NEVER, before, now);
        }
        long left = Timeline.nanos(box.left());
        return left > 0
                ? read(entry, entry.value(), box.covered(), now.nanos() + left, before, now)
                : read(entry, box.covered(), null, Timeline.NEVER, before, now);
    }

    @SuppressWarnings("ReferenceEquality") // the same instance means: the same countdown
    private boolean stillSaidBy(FlagEntry delivered) {
        return delivered == entry || (delivered.timeBox() == null && delivered.equals(entry));
    }

    private static Held read(
            FlagEntry entry,
            @Nullable String text,
            @Nullable String covered,
            long ends,
            @Nullable Held before,
            Moment now) {
        Boolean meaning = text == null ? null : FlagText.parse(text);
        if (meaning != null) {
            return new Held(entry, text, meaning, false, since(entry, text, before, now), covered, ends);
        }
        if (text == null || before == null || !before.holds()) {
            return new Held(entry, null, false, text != null, now.instant(), null, Timeline.NEVER);
        }
        // What cannot be read never displaces what could.
        return new Held(entry, before.value, before.enabled, true, before.changedAt, before.covered, before.ends);
    }

    private static Instant since(FlagEntry entry, @Nullable String text, @Nullable Held before, Moment now) {
        if (entry.changedAt() != null) {
            return entry.changedAt();
        }
        return before != null && text != null && text.equals(before.value) ? before.changedAt : now.instant();
    }

    boolean holds() {
        return value != null;
    }

    /** The text that cannot be read, where there is one: what was delivered, or what a time box that is over covered. */
    String refused() {
        TimeBox box = entry.timeBox();
        String behind = box == null ? null : box.covered();
        return behind != null && FlagText.parse(entry.value()) != null ? behind : entry.value();
    }

    boolean hasEnded(long nanos) {
        return ends != Timeline.NEVER && ends <= nanos;
    }

    /** The same key once its time box has ended. */
    Held ended(Instant when) {
        Boolean meaning = covered == null ? null : FlagText.parse(covered);
        return new Held(
                entry,
                meaning == null ? null : covered,
                meaning != null && meaning,
                invalid || (covered != null && meaning == null),
                when,
                null,
                Timeline.NEVER);
    }
}
