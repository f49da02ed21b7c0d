package io.pratique.flags;

import static org.assertj.core.api.Assertions.assertThat;

import io.pratique.flags.FlagTable.Cell;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

/** The table of answers does what a {@code HashMap} does. */
@Tag("F-4")
class FlagTableProperties {

    /** Texts with few different hashes: "Aa" and "BB" have one hash, and so has any row of them of one length. */
    @Provide
    Arbitrary<String> colliding() {
        return Arbitraries.of("Aa", "BB").list().ofMinSize(1).ofMaxSize(9).map(parts -> String.join("", parts));
    }

    /** All of one hash, and more than one search passes. */
    @Provide
    Arbitrary<String> crowding() {
        return Arbitraries.of("Aa", "BB").list().ofSize(12).map(parts -> String.join("", parts));
    }

    @Provide
    Arbitrary<String> keys() {
        return Arbitraries.oneOf(colliding(), crowding(), Arbitraries.strings().ofMaxLength(12), clustered());
    }

    /** One-letter keys have neighbouring hashes, and so fill neighbouring slots. */
    private static Arbitrary<String> clustered() {
        return Arbitraries.integers().between(1, 400).map(code -> String.valueOf((char) code.intValue()));
    }

    @Provide
    Arbitrary<Set<String>> keySets() {
        return keys().set().ofMaxSize(300);
    }

    private static FlagTable table(Map<String, Boolean> model, int expected) {
        FlagTable.Builder builder = new FlagTable.Builder(expected);
        model.forEach((key, enabled) -> {
            if (!builder.has(key)) {
                builder.add(new Cell(key, enabled, true, false));
            }
        });
        return builder.build();
    }

    @Property(tries = 500)
    void findsWhatAMapWouldFind(
            @ForAll("keySets") Set<String> present,
            @ForAll("keySets") Set<String> asked,
            @ForAll("expectations") int expected) {
        Map<String, Boolean> model = new HashMap<>();
        present.forEach(key -> model.put(key, key.length() % 2 == 0));
        FlagTable table = table(model, expected);

        assertThat(table.size()).isEqualTo(model.size());
        model.forEach((key, enabled) -> assertAnswer(table, key, enabled));
        asked.forEach(key -> assertAnswer(table, key, model.get(key)));
        assertThat(table.cells().map(cell -> cell.key)).containsExactlyInAnyOrderElementsOf(present);
    }

    @Provide
    Arbitrary<Integer> expectations() {
        return Arbitraries.integers().between(0, 700);
    }

    private static void assertAnswer(FlagTable table, String key, Boolean expected) {
        for (String same : List.of(key, key.intern(), new String(key.toCharArray()))) {
            Cell found = table.find(same);
            assertThat(found == null ? null : found.enabled).as("\"%s\"", same).isEqualTo(expected);
        }
    }

    @Property(tries = 200)
    void stopsSearchingWhereAnAbsentKeyWouldBe(@ForAll("keySets") Set<String> present, @ForAll("keys") String absent) {
        Map<String, Boolean> model = new HashMap<>();
        present.forEach(key -> model.put(key, true));
        model.remove(absent);

        // At most half full: the search for a key that is not there ends at a free slot.
        FlagTable table = table(model, 0);
        assertThat(table.find(absent)).isNull();
        assertThat(table.slots()).isGreaterThanOrEqualTo(2 * model.size());
    }

    @Property(tries = 100)
    void roomIsMadeForWhatIsExpected(@ForAll("expectations") int expected) {
        FlagTable.Builder builder = new FlagTable.Builder(expected);
        int length = builder.build().slots();
        for (int i = 0; i < expected; i++) {
            builder.add(new Cell("flag-" + i, true, true, false));
        }

        assertThat(builder.build().slots()).isEqualTo(length).isLessThan(Math.max(17, 8 * expected));
    }

    @Example
    void anEmptyTableFindsNothing() {
        assertThat(FlagTable.EMPTY.find("")).isNull();
        assertThat(FlagTable.EMPTY.find("outbox-processing")).isNull();
        assertThat(FlagTable.EMPTY.size()).isZero();
    }

    @Example
    void aLiteralIsFoundByIdentity() {
        Cell cell = new Cell(new String("outbox-processing".toCharArray()), true, true, false);

        assertThat(cell.key).isSameAs("outbox-processing");
    }
}
