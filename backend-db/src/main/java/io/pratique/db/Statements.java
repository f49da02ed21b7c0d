package io.pratique.db;

import org.jspecify.annotations.Nullable;

/**
 * The SQL over the tables of one schema. It is the part of the standard that PostgreSQL and H2 share, and fast where a
 * statement is a round trip: what has to be of one moment is asked for in one statement.
 */
final class Statements {

    private static final String FLAGS_END = "(SELECT COALESCE(MAX(version), 0) FROM pratique_flag)";
    private static final String HISTORY_END = "(SELECT COALESCE(MAX(version), 0) FROM pratique_flag_history)";

    /** Whether the tables fit together: none was brought back from an older dump without the others. */
    private static final String WHOLE = "s.sequence - s.missing = " + FLAGS_END + " AND s.sequence >= " + HISTORY_END;

    /**
     * All there is: {@code T} if the tables are torn apart, {@code S} the store's last change, {@code K} if it knows the
     * reader's mark, {@code A} an accepted epoch, {@code F} a flag. Parameters: sequence, id and epoch of the mark.
     */
    final String load;

    /**
     * What is new for a reader: {@code L} if its mark is lost or what came after it may be, {@code F} a flag that has
     * changed. No row is no news; whether the tables fit together is looked at only where there is some. Parameters:
     * sequence, id and epoch of the mark, and its sequence again.
     */
    final String poll;

    /** Has PostgreSQL let writers in one after the other, as they come. Readers go on. */
    final String queue;

    /** Locks out other writers. Parameters: how many changes are to come, and the epoch where there is none. */
    final String advance;

    /** Says behind the lock how it is to go on. Parameters: sequence, epoch, and how many changes the flags lack. */
    final String settle;

    /** Where the row of the store was lost. */
    final String recreate;

    final String version;
    final String insertHistory;
    final String insertFlag;
    final String updateFlag;
    final String list;
    final String history;
    final String updateAccepted;
    final String insertAccepted;

    private final String prefix;

    Statements(@Nullable String schema) {
        prefix = schema == null ? "" : schema + ".";
        load = qualified("""
                SELECT 'S' AS kind, s.epoch AS name, CAST(NULL AS VARCHAR(16000)) AS flag_value,
                       CAST(NULL AS VARCHAR(16000)) AS covered, CAST(NULL AS TIMESTAMP WITH TIME ZONE) AS expires_at,
                       h.changed_at AS changed_at, COALESCE(h.version, 0) AS version, h.id AS id,
                       CURRENT_TIMESTAMP AS read_at
                FROM pratique_flag_store s LEFT JOIN pratique_flag_history h ON h.version = %2$s
                UNION ALL
                SELECT 'T', s.epoch, 'flags to change ' || %1$s || ', history to ' || %2$s || ', store at ' || s.sequence,
                       NULL, NULL, NULL, 0, NULL, CURRENT_TIMESTAMP
                FROM pratique_flag_store s WHERE NOT (%3$s)
                UNION ALL
                SELECT 'K', NULL, NULL, NULL, NULL, NULL, h.version, h.id, CURRENT_TIMESTAMP
                FROM pratique_flag_store s JOIN pratique_flag_history h ON h.version = ? AND h.id = ?
                WHERE s.epoch = ?
                UNION ALL
                SELECT 'A', a.epoch, NULL, NULL, NULL, NULL, 0, NULL, CURRENT_TIMESTAMP
                FROM pratique_flag_accepted a
                UNION ALL
                SELECT 'F', f.flag_key, f.flag_value, f.covered, f.expires_at, f.changed_at, f.version, NULL,
                       CURRENT_TIMESTAMP
                FROM pratique_flag f WHERE f.flag_value IS NOT NULL""".formatted(FLAGS_END, HISTORY_END, WHOLE));
        poll = qualified("""
                SELECT 'L' AS kind, CAST(NULL AS VARCHAR(256)) AS name, CAST(NULL AS VARCHAR(16000)) AS flag_value,
                       CAST(NULL AS VARCHAR(16000)) AS covered, CAST(NULL AS TIMESTAMP WITH TIME ZONE) AS expires_at,
                       CAST(NULL AS TIMESTAMP WITH TIME ZONE) AS changed_at, CAST(0 AS BIGINT) AS version,
                       CAST(NULL AS VARCHAR(36)) AS id, CURRENT_TIMESTAMP AS read_at
                FROM pratique_flag_store s JOIN pratique_flag_history h ON h.version = ? AND h.id = ?
                WHERE s.epoch = ? AND (s.sequence = h.version OR (%s))
                HAVING COUNT(*) = 0
                UNION ALL
                SELECT 'F', f.flag_key, f.flag_value, f.covered, f.expires_at, f.changed_at, f.version, h.id,
                       CURRENT_TIMESTAMP
                FROM pratique_flag f LEFT JOIN pratique_flag_history h ON h.version = f.version
                WHERE f.version > ?""".formatted(WHOLE));
        queue = qualified("LOCK TABLE pratique_flag_store IN SHARE ROW EXCLUSIVE MODE");
        advance = qualified("""
                UPDATE pratique_flag_store SET sequence = sequence + ?, epoch = COALESCE(epoch, ?) WHERE id = 1""");
        settle = qualified("UPDATE pratique_flag_store SET sequence = ?, epoch = ?, missing = ? WHERE id = 1");
        recreate = qualified("""
                INSERT INTO pratique_flag_store (id, schema_version, epoch, sequence, missing)
                SELECT 1, 1, NULL, GREATEST(%1$s, %2$s), GREATEST(%1$s, %2$s) - %1$s""".formatted(FLAGS_END, HISTORY_END));
        version = qualified("SELECT schema_version FROM pratique_flag_store");
        insertHistory = qualified("""
                INSERT INTO pratique_flag_history
                (flag_value, covered, expires_at, version, changed_at, changed_by, reason, flag_key, id)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""");
        insertFlag = qualified("""
                INSERT INTO pratique_flag
                (flag_value, covered, expires_at, version, changed_at, changed_by, reason, flag_key)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)""");
        updateFlag = qualified("""
                UPDATE pratique_flag SET flag_value = ?, covered = ?, expires_at = ?, version = ?, changed_at = ?,
                changed_by = ?, reason = ? WHERE flag_key = ?""");
        list = qualified("""
                SELECT flag_key, version, flag_value, expires_at, covered, changed_at, changed_by, reason
                FROM pratique_flag WHERE flag_value IS NOT NULL
                AND (expires_at IS NULL OR covered IS NOT NULL OR expires_at > CURRENT_TIMESTAMP)""");
        history = qualified("""
                SELECT flag_key, version, flag_value, expires_at, covered, changed_at, changed_by, reason
                FROM pratique_flag_history WHERE flag_key = ? ORDER BY version DESC""");
        updateAccepted = qualified("""
                UPDATE pratique_flag_accepted SET accepted_at = ?, accepted_by = ?, reason = ? WHERE epoch = ?""");
        insertAccepted = qualified("""
                INSERT INTO pratique_flag_accepted (accepted_at, accepted_by, reason, epoch) VALUES (?, ?, ?, ?)""");
    }

    /** The flags of so many keys, cleared ones too. */
    String current(int keys) {
        return qualified("""
                SELECT flag_key, version, flag_value, expires_at, covered, changed_at, changed_by, reason
                FROM pratique_flag WHERE flag_key IN (""" + "?, ".repeat(keys - 1) + "?)");
    }

    /**
     * The store's state behind the lock, with the time of a clock that does not stand still in a transaction, and the time
     * of the last change. It is a statement of its own, because the one that waits for the lock may see what was before.
     */
    String state(boolean postgres) {
        return qualified("""
                SELECT s.epoch, s.sequence, s.missing, %1$s AS flags_end, %2$s AS history_end, %3$s AS read_at, h.changed_at
                FROM pratique_flag_store s LEFT JOIN pratique_flag_history h ON h.version = %2$s
                WHERE s.id = 1""".formatted(FLAGS_END, HISTORY_END, postgres ? "clock_timestamp()" : "CURRENT_TIMESTAMP"));
    }

    /** The same statement with its tables looked for in the schema. Names of indexes stay as they are. */
    String qualified(String sql) {
        return prefix.isEmpty()
                ? sql
                : sql.replaceAll("\\b(TABLE|ON|INTO|FROM|JOIN|UPDATE) pratique_", "$1 " + prefix + "pratique_");
    }
}
