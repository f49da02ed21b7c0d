package io.pratique.flags;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The published answers by flag key: an immutable hash table for one purpose, the look-up of a {@code String} that is
 * mostly a literal. Keys are interned, so a literal is found by identity; any other string by its cached hash and one
 * comparison. Open addressing, at most half full.
 *
 * <p>Keys come from outside, and any number of them can be made to have one hash. So no search goes further than a few
 * slots: what finds no place there is in a {@code HashMap}, whose buckets become trees.
 */
final class FlagTable {

    private static final int LONGEST_SEARCH = 32;

    private static final Cell CROWDED = new Cell("", false, false, false);

    static final FlagTable EMPTY = new Builder(0).build();

    private final Cell[] slots;
    private final Map<String, Cell> crowded;
    private final int size;

    private FlagTable(Cell[] slots, Map<String, Cell> crowded, int size) {
        this.slots = slots;
        this.crowded = crowded;
        this.size = size;
    }

    /** The cell of a key; null if the table has none. */
    @Nullable Cell find(String key) {
        return find(slots, crowded, key);
    }

    private static @Nullable Cell find(Cell[] slots, Map<String, Cell> crowded, String key) {
        Cell cell = search(slots, key);
        return isCrowded(cell) ? crowded.get(key) : cell;
    }

    /** The cell of a key in the slots of a table; null if the table has none; a crowded one if only the table can tell. */
    @SuppressWarnings("ReferenceEquality") // identity first: a literal is interned, and so is the cell's key
    static @Nullable Cell search(Cell[] slots, String key) {
        int mask = slots.length - 1;
        int hash = key.hashCode();
        int slot = (hash ^ (hash >>> 16)) & mask;
        for (int searched = 0; searched < LONGEST_SEARCH; searched++) {
            Cell cell = slots[slot];
            if (cell == null) {
                return null;
            }
            if (cell.key == key || (cell.hash == hash && cell.key.equals(key))) {
                return cell;
            }
            slot = (slot + 1) & mask;
        }
        return CROWDED;
    }

    /** Whether a search in the slots alone has told nothing. */
    @SuppressWarnings("ReferenceEquality") // one instance stands for it
    static boolean isCrowded(@Nullable Cell found) {
        return found == CROWDED;
    }

    /** For a search without the table between, which is one look into memory more; not to be changed. */
    Cell[] searchable() {
        return slots;
    }

    int size() {
        return size;
    }

    int slots() {
        return slots.length;
    }

    Stream<Cell> cells() {
        return Stream.concat(Arrays.stream(slots).filter(Objects::nonNull), crowded.values().stream());
    }

    /** The published answer for one key. */
    static final class Cell {

        final String key;
        final int hash;
        /** The answer where the call gives no default of its own. */
        final boolean enabled;
        /** Whether a source or an override decides; if not, a default of the call's would. */
        final boolean held;
        /** Whether an on hides an off further down. */
        final boolean shadowsOff;

        Cell(String key, boolean enabled, boolean held, boolean shadowsOff) {
            this.key = key.intern();
            this.hash = key.hashCode();
            this.enabled = enabled;
            this.held = held;
            this.shadowsOff = shadowsOff;
        }

        boolean says(boolean enabled, boolean held, boolean shadowsOff) {
            return this.enabled == enabled && this.held == held && this.shadowsOff == shadowsOff;
        }
    }

    /** Collects cells of different keys. */
    static final class Builder {

        private Cell[] slots;
        private Map<String, Cell> crowded = new HashMap<>();
        private int size;

        Builder(int expected) {
            // Half full at most, and at least one slot free, where a search for an absent key ends.
            this.slots = new Cell[Math.max(16, Integer.highestOneBit(Math.max(1, expected) * 2 - 1) * 2)];
        }

        boolean has(String key) {
            return find(slots, crowded, key) != null;
        }

        void add(Cell cell) {
            if (2 * (size + 1) > slots.length) {
                Stream<Cell> placed = build().cells();
                slots = new Cell[slots.length * 2];
                crowded = new HashMap<>();
                placed.forEach(this::place);
            }
            place(cell);
            size++;
        }

        private void place(Cell cell) {
            int mask = slots.length - 1;
            int slot = (cell.hash ^ (cell.hash >>> 16)) & mask;
            for (int searched = 0; searched < LONGEST_SEARCH; searched++) {
                if (slots[slot] == null) {
                    slots[slot] = cell;
                    return;
                }
                slot = (slot + 1) & mask;
            }
            crowded.put(cell.key, cell);
        }

        FlagTable build() {
            return new FlagTable(slots, crowded, size);
        }
    }
}
