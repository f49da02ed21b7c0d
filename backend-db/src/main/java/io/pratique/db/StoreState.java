package io.pratique.db;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;

/**
 * The store as a writer finds it behind the lock.
 *
 * @param epoch of its history
 * @param before the number of the last change before the writer's own
 * @param missing how many of the last changes are known to be missing from the flags
 * @param flagsEnd the number of the newest flag; 0 if there is none
 * @param historyEnd the number of the newest change in the history; 0 if there is none
 * @param now by the server's clock
 * @param changedAt when the writer's changes are made. A clock that was set back makes no change older than the one before
 *     it: a backup could hold one that seems newer than all that was seen
 */
record StoreState(
        String epoch, long before, long missing, long flagsEnd, long historyEnd, Instant now, Instant changedAt) {

    /** Reads the row, in which the writer's own changes are counted already. */
    static StoreState read(ResultSet row, int changes) throws SQLException {
        Instant now = row.getObject("read_at", OffsetDateTime.class).toInstant().truncatedTo(ChronoUnit.MICROS);
        OffsetDateTime last = row.getObject("changed_at", OffsetDateTime.class);
        boolean ascends = last == null || last.toInstant().isBefore(now);
        return new StoreState(
                row.getString("epoch"),
                row.getLong("sequence") - changes,
                row.getLong("missing"),
                row.getLong("flags_end"),
                row.getLong("history_end"),
                now,
                ascends ? now : last.toInstant().plus(1, ChronoUnit.MICROS));
    }

    /** Whether a table was brought back from an older dump without the others. */
    boolean isTorn() {
        return before - missing != flagsEnd || before < historyEnd;
    }

    /** The highest number that any table knows. */
    long last() {
        return Math.max(before, Math.max(flagsEnd, historyEnd));
    }

    /** The same, to go on after the highest number. */
    StoreState mended() {
        return new StoreState(epoch, last(), 0, flagsEnd, historyEnd, now, changedAt);
    }
}
