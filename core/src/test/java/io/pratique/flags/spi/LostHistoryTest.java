package io.pratique.flags.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("B-7")
class LostHistoryTest {

    private static final Instant SEEN = Instant.parse("2026-01-02T00:00:00Z");
    private static final Instant BEFORE = SEEN.minusSeconds(1);
    private static final Instant AFTER = SEEN.plusSeconds(1);

    private final FlagSet seen = set(new HistoryMark("first", 10, "x", SEEN), Map.of("a", BEFORE, "b", SEEN));

    private static FlagSet set(HistoryMark mark, Map<String, Instant> changes) {
        FlagSet.Builder builder = FlagSet.builder();
        changes.forEach((key, changedAt) -> builder.put(key, FlagEntry.of("off").changedAt(changedAt)));
        return mark == null ? builder.build() : builder.historyMark(mark).build();
    }

    private static FlagSet found(String epoch, Map<String, Instant> changes) {
        return set(new HistoryMark(epoch, 3, "y", BEFORE), changes);
    }

    private void assertRefused(FlagSet found, Set<String> accepted) {
        assertThatThrownBy(() -> found.following(seen, false, accepted))
                .isInstanceOfSatisfying(
                        LostHistoryException.class,
                        lost -> assertThat(lost.lostEpoch()).isEqualTo("first"));
    }

    private void assertTaken(FlagSet found, boolean known, Set<String> accepted) throws LostHistoryException {
        assertThat(found.following(seen, known, accepted)).isSameAs(found);
    }

    @Test
    void serverThatKnowsTheChangeIsBelieved() throws Exception {
        assertTaken(found("first", Map.of()), true, Set.of());
    }

    @Test
    void readerWithoutAMarkBelievesWhatItFinds() throws Exception {
        FlagSet unmarked = FlagSet.of(Map.of("a", "off"));

        assertThat(FlagSet.empty().following(unmarked, false, Set.of())).isSameAs(FlagSet.empty());
    }

    @Test
    void emptyServerIsRefused() {
        assertRefused(FlagSet.empty(), Set.of());
    }

    @Test
    void olderServerIsRefused() {
        assertRefused(found("first", Map.of("a", BEFORE, "b", BEFORE)), Set.of());
    }

    @Test
    void whatIsLostIsSaid() {
        assertThatThrownBy(() -> found("second", Map.of()).following(seen, false, Set.of()))
                .hasMessageContainingAll("change 10", "\"first\"", "change 3", "\"second\"", "accept");
        assertThatThrownBy(() -> found("first", Map.of()).following(seen, false, Set.of()))
                .hasMessageContaining("the same history");
        assertThatThrownBy(() -> FlagSet.empty().following(seen, false, Set.of()))
                .hasMessageContaining("no history at all");
    }

    @Test
    void whatIsLostAndWhatToDoFitIntoOneLineOfALog() {
        FlagSet marked = set(new HistoryMark(UUID.randomUUID().toString(), 1_000_000, "x", SEEN), Map.of("a", SEEN));
        FlagSet other = set(new HistoryMark(UUID.randomUUID().toString(), 1_000_000, "y", SEEN), Map.of());

        assertThatThrownBy(() -> other.following(marked, false, Set.of()))
                .satisfies(lost -> assertThat(FlagText.printable(lost)).endsWith("or accept that loss"));
    }

    @Nested
    class Accepting {

        @Test
        void theLostEpochEndsTheRefusal() throws Exception {
            assertTaken(found("second", Map.of()), false, Set.of("zeroth", "first"));
        }

        @Test
        void anotherEpochDoesNot() {
            assertRefused(found("second", Map.of()), Set.of("second"));
        }

        @Test
        void doesNotCoverALaterLossOfTheSameEpoch() {
            assertRefused(found("first", Map.of()), Set.of("first"));
        }
    }

    @Nested
    class WritingAgain {

        @Test
        void allFlagsThatWereSeenEndsTheRefusal() throws Exception {
            assertTaken(found("first", Map.of("a", AFTER, "b", AFTER, "c", AFTER)), false, Set.of());
        }

        /** A backup holds it still; the reader knew that it was gone. */
        @Test
        void doesNotBringBackAFlagThatWasCleared() {
            assertRefused(found("second", Map.of("a", AFTER, "b", AFTER, "cleared", BEFORE)), Set.of());
            assertRefused(found("second", Map.of("a", AFTER, "b", AFTER, "cleared", SEEN)), Set.of());
        }

        @Test
        void someOfThemDoesNot() {
            assertRefused(found("second", Map.of("a", AFTER)), Set.of());
            assertRefused(found("second", Map.of("a", AFTER, "b", SEEN)), Set.of());
        }

        /** The change seen last was a clearing, so no flag seen has its time. */
        @Test
        void doesNotBringBackTheFlagThatWasClearedLast() {
            FlagSet cleared = set(new HistoryMark("first", 11, "z", AFTER), Map.of("a", BEFORE, "b", SEEN));

            assertThatThrownBy(() ->
                            found("second", Map.of("a", AFTER, "b", AFTER)).following(cleared, false, Set.of()))
                    .isInstanceOf(LostHistoryException.class);
        }

        @Test
        void isAskedOfAReaderThatSawAllFlagsCleared() throws Exception {
            FlagSet cleared = set(new HistoryMark("first", 10, "x", SEEN), Map.of());

            assertThatThrownBy(() -> found("second", Map.of("a", BEFORE)).following(cleared, false, Set.of()))
                    .isInstanceOf(LostHistoryException.class);
            FlagSet killed = found("second", Map.of("a", AFTER));
            assertThat(killed.following(cleared, false, Set.of())).isSameAs(killed);
        }

        @Test
        void canOnlyBeToldByTheTimeOfEachChange() {
            FlagSet timeless = FlagSet.of(Map.of("a", "on", "b", "on"));

            assertRefused(timeless, Set.of());
        }
    }
}
