package io.pratique.flags.spi;

import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All flags of a source at one moment, as text. Immutable.
 *
 * <p>Any key and any text is accepted here; the client parses the texts and passes over keys that no caller could ask
 * for, so one odd row does not cost the others.
 */
public final class FlagSet {

    private static final FlagSet EMPTY = new FlagSet(Map.of(), null);

    private final Map<String, FlagEntry> entries;
    private final @Nullable HistoryMark historyMark;

    private FlagSet(Map<String, FlagEntry> entries, @Nullable HistoryMark historyMark) {
        this.entries = entries;
        this.historyMark = historyMark;
    }

    /**
     * The set of a source that has no flags.
     *
     * @return always the same instance
     */
    public static FlagSet empty() {
        return EMPTY;
    }

    /**
     * A set of plain texts.
     *
     * @param values text by flag key; copied
     * @return the set
     * @throws NullPointerException if a key or a value is null
     */
    public static FlagSet of(Map<String, String> values) {
        Builder builder = builder();
        values.forEach(builder::put);
        return builder.build();
    }

    /**
     * Starts an empty set.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder(Map.of(), null);
    }

    /**
     * Starts from this set, for a source that reads only what has changed. Entries that are left alone are carried over
     * as the same instances.
     *
     * @return a builder that holds all of this set
     */
    public Builder toBuilder() {
        return new Builder(entries, historyMark);
    }

    /**
     * The entries by flag key.
     *
     * @return an immutable map in no particular order
     */
    public Map<String, FlagEntry> entries() {
        return entries;
    }

    /**
     * The last change that this set contains, for a source whose store keeps a history.
     *
     * @return null if the source keeps none
     */
    public @Nullable HistoryMark historyMark() {
        return historyMark;
    }

    /**
     * Decides whether this set, as a store's server delivers it now, may take the place of one that was seen before. It
     * may if nothing is lost: if the server knows the last change that was seen, if an operator has accepted its state in
     * place of the lost history, or if all flags, those that were seen among them, were written again since.
     *
     * @param seen the set seen before
     * @param known whether the server knows the change that {@code seen} is marked with
     * @param acceptedEpochs the epochs whose loss was {@linkplain FlagStore#accept accepted} on the server
     * @return this set
     * @throws LostHistoryException if it may not: {@code seen} stays in force
     */
    public FlagSet following(FlagSet seen, boolean known, Set<String> acceptedEpochs) throws LostHistoryException {
        HistoryMark mark = seen.historyMark;
        if (mark == null || known || isAccepted(mark, acceptedEpochs) || writesAgain(seen, mark)) {
            return this;
        }
        throw new LostHistoryException(mark, historyMark);
    }

    /** Accepting begins a new epoch, so a history that is lost a second time is not accepted with the first. */
    private boolean isAccepted(HistoryMark mark, Set<String> acceptedEpochs) {
        return acceptedEpochs.contains(mark.epoch())
                && (historyMark == null || !historyMark.epoch().equals(mark.epoch()));
    }

    /**
     * Whether each flag seen is here, and each flag here was changed later than the last change seen. A backup holds none
     * that was; and one that was cleared before does not come back with a backup of which the rest was written again.
     */
    private boolean writesAgain(FlagSet seen, HistoryMark mark) {
        return entries.keySet().containsAll(seen.entries.keySet())
                && entries.values().stream().allMatch(entry -> wasWrittenAfter(mark.changedAt(), entry));
    }

    private static boolean wasWrittenAfter(Instant time, FlagEntry entry) {
        return entry.changedAt() != null && entry.changedAt().isAfter(time);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FlagSet that
                && entries.equals(that.entries)
                && Objects.equals(historyMark, that.historyMark);
    }

    @Override
    public int hashCode() {
        return Objects.hash(entries, historyMark);
    }

    /** The number of flags only: values may be long, and are nobody's business in a log. */
    @Override
    public String toString() {
        return "FlagSet[" + entries.size() + " flags" + (historyMark == null ? "]" : ", " + historyMark + "]");
    }

    /** Collects the entries of a set. Not for use by several threads at once. */
    public static final class Builder {

        /** With more keys of one hash than this, a search through all of them is slow. */
        private static final int CROWD = 32;

        private final Map<String, FlagEntry> entries;
        private @Nullable HistoryMark historyMark;

        private Builder(Map<String, FlagEntry> entries, @Nullable HistoryMark historyMark) {
            this.entries = new HashMap<>(entries);
            this.historyMark = historyMark;
        }

        /**
         * Puts a plain text, in place of what the key held.
         *
         * @param key the flag key
         * @param value the exact text
         * @return this builder
         */
        public Builder put(String key, String value) {
            return put(key, FlagEntry.of(value));
        }

        /**
         * Puts an entry, in place of what the key held.
         *
         * @param key the flag key
         * @param entry the entry
         * @return this builder
         */
        public Builder put(String key, FlagEntry entry) {
            // Interned, since the client compares by identity first, and one copy of the text is enough.
            entries.put(key.intern(), Objects.requireNonNull(entry, "entry"));
            return this;
        }

        /**
         * Takes a key out, if it is there.
         *
         * @param key the flag key
         * @return this builder
         */
        public Builder remove(String key) {
            entries.remove(key);
            return this;
        }

        /**
         * Says which change of the store's history this set contains last.
         *
         * @param mark the mark
         * @return this builder
         */
        public Builder historyMark(HistoryMark mark) {
            this.historyMark = Objects.requireNonNull(mark, "mark");
            return this;
        }

        /**
         * The set as collected so far; the builder may be used further.
         *
         * @return an immutable set
         */
        public FlagSet build() {
            if (entries.isEmpty() && historyMark == null) {
                return EMPTY;
            }
            // The first is half the size of the second, but searches through all keys of one hash; the second has
            // trees.
            Map<String, FlagEntry> copy =
                    crowded() ? Collections.unmodifiableMap(new HashMap<>(entries)) : Map.copyOf(entries);
            return new FlagSet(copy, historyMark);
        }

        private boolean crowded() {
            int[] hashes = entries.keySet().stream()
                    .mapToInt(String::hashCode)
                    .sorted()
                    .toArray();
            for (int i = CROWD; i < hashes.length; i++) {
                if (hashes[i] == hashes[i - CROWD]) {
                    return true;
                }
            }
            return false;
        }
    }
}
