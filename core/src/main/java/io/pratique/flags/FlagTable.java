package io.pratique.flags;

import org.jspecify.annotations.Nullable;

/**
 * The published answers by flag key: an immutable hash table for one purpose, the look-up of a {@code String} that is
 * mostly a literal. Keys are interned, so a literal is found by identity; any other string by its cached hash and one
 * comparison. Open addressing, at most half full.
 */
final class FlagTable {

    static final FlagTable EMPTY = new Builder(0).build();

    private final Cell[] cells;
    private final int size;

    private FlagTable(Cell[] cells, int size) {
        this.cells = cells;
        this.size = size;
    }

    /** The cell of a key; null if the table has none. */
    @Nullable Cell find(String key) {
        return find(cells, key);
    }

    @SuppressWarnings("ReferenceEquality") // identity first: a literal is interned, and so is the cell's key
    private static @Nullable Cell find(Cell[] cells, String key) {
        int mask = cells.length - 1;
        int hash = key.hashCode();
        int slot = (hash ^ (hash >>> 16)) & mask;
        for (Cell cell = cells[slot]; cell != null; cell = cells[slot]) {
            if (cell.key == key || (cell.hash == hash && cell.key.equals(key))) {
                return cell;
            }
            slot = (slot + 1) & mask;
        }
        return null;
    }

    int size() {
        return size;
    }

    Cell[] cells() {
        return cells;
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

        private Cell[] cells;
        private int size;

        Builder(int expected) {
            // Half full at most, and at least one slot free, where a search for an absent key ends.
            this.cells = new Cell[Math.max(16, Integer.highestOneBit(Math.max(1, expected) * 2 - 1) * 2)];
        }

        boolean has(String key) {
            return find(cells, key) != null;
        }

        void add(Cell cell) {
            if (2 * (size + 1) > cells.length) {
                Cell[] smaller = cells;
                cells = new Cell[smaller.length * 2];
                for (Cell moved : smaller) {
                    if (moved != null) {
                        place(moved);
                    }
                }
            }
            place(cell);
            size++;
        }

        private void place(Cell cell) {
            int mask = cells.length - 1;
            int slot = (cell.hash ^ (cell.hash >>> 16)) & mask;
            while (cells[slot] != null) {
                slot = (slot + 1) & mask;
            }
            cells[slot] = cell;
        }

        FlagTable build() {
            return new FlagTable(cells, size);
        }
    }
}
