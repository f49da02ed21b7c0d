package io.pratique.release;

import io.pratique.release.StepRecord.Part;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One line of a journal.
 *
 * @param at when it was written, by the clock of the machine; only for people
 * @param event what it tells of
 * @param step whose; null if the event is of the release as a whole
 * @param part which part of that step; null likewise
 * @param detail for people, or what {@link Event} says
 */
record JournalEntry(
        Instant at,
        Event event,
        @Nullable String step,
        @Nullable Part part,
        String detail) {

    enum Event {
        /** Something is about to be done. */
        INTENT,
        /** It was done. */
        SUCCESS,
        /** It was not, or not in whole. */
        FAILURE,
        /** From here on the changes are undone; the detail says why. */
        ROLLBACK,
        /** Another process goes on with the release; the detail says which, and why. */
        RESUMED,
        /** The release is over; the detail is the name of its {@link ReleaseOutcome}. */
        END
    }

    /**
     * The first line.
     *
     * @param number of the release, larger than that of each before
     * @param version what is released
     * @param previousVersion what was there before
     * @param token the first holder's
     * @param plan the steps, by kind and name
     */
    record Header(
            Instant at,
            long number,
            String version,
            @Nullable String previousVersion,
            long token,
            List<String> plan) {

        Header {
            plan = List.copyOf(plan);
        }
    }
}
