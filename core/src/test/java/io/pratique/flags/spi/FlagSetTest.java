package io.pratique.flags.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class FlagSetTest {

    private static final HistoryMark MARK = new HistoryMark("epoch-1", 7, "change-7", Instant.EPOCH);

    @Nested
    class ASet {

        @Test
        void keepsEveryKeyAndTextAsItIs() {
            Map<String, String> odd = Map.of(
                    "",
                    "",
                    " ",
                    " on ",
                    "\t\n",
                    "\0",
                    "東京",
                    "🚀",
                    "\ud800",
                    "\udc00",
                    "x".repeat(10_000),
                    "y".repeat(100_000));

            FlagSet set = FlagSet.of(odd);

            assertThat(set.entries()).hasSize(odd.size());
            odd.forEach((key, value) -> assertThat(set.entries().get(key).value())
                    .as("text of \"%s\"", FlagText.printable(key))
                    .isEqualTo(value));
        }

        @Test
        void doesNotFollowTheMapItWasMadeFrom() {
            Map<String, String> values = new HashMap<>(Map.of("a", "on"));
            FlagSet set = FlagSet.of(values);

            values.put("a", "off");
            values.put("b", "on");

            assertThat(set).isEqualTo(FlagSet.of(Map.of("a", "on")));
        }

        @Test
        void cannotBeChanged() {
            Map<String, FlagEntry> entries = FlagSet.of(Map.of("a", "on")).entries();

            assertThatThrownBy(() -> entries.put("b", FlagEntry.of("on")))
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(entries::clear).isInstanceOf(UnsupportedOperationException.class);
        }

        @Test
        void withoutFlagsIsAlwaysTheSameInstance() {
            assertThat(FlagSet.of(Map.of())).isSameAs(FlagSet.empty());
            assertThat(FlagSet.builder().build()).isSameAs(FlagSet.empty());
            assertThat(FlagSet.builder().put("a", "on").remove("a").build()).isSameAs(FlagSet.empty());
        }

        @Test
        void withoutFlagsStillHasItsHistory() {
            FlagSet set = FlagSet.builder().historyMark(MARK).build();

            assertThat(set.entries()).isEmpty();
            assertThat(set.historyMark()).isEqualTo(MARK);
            assertThat(set).isNotEqualTo(FlagSet.empty());
        }

        @Test
        void equalsOneOfTheSameContent() {
            FlagSet set = FlagSet.builder().put("a", "on").historyMark(MARK).build();
            FlagSet same = FlagSet.builder().put("a", "on").historyMark(MARK).build();

            assertThat(set).isEqualTo(same).hasSameHashCodeAs(same);
            assertThat(set).isNotEqualTo(FlagSet.of(Map.of("a", "on")));
            assertThat(set).isNotEqualTo(set.toBuilder().put("a", "off").build());
            assertThat(set).isNotEqualTo("a set");
        }

        @Test
        void refusesNullKeysAndTexts() {
            Map<String, String> nullText = new HashMap<>();
            nullText.put("a", null);
            Map<String, String> nullKey = new HashMap<>();
            nullKey.put(null, "on");

            assertThatNullPointerException().isThrownBy(() -> FlagSet.of(nullText));
            assertThatNullPointerException().isThrownBy(() -> FlagSet.of(nullKey));
            assertThatNullPointerException().isThrownBy(() -> FlagSet.of(null));
            assertThatNullPointerException().isThrownBy(() -> FlagSet.builder().put("a", (FlagEntry) null));
            assertThatNullPointerException().isThrownBy(() -> FlagSet.builder().historyMark(null));
        }
    }

    @Nested
    class ABuilderOverASet {

        private final FlagEntry boxed = FlagEntry.of("off").ending(Duration.ofMinutes(5), "on");
        private final FlagSet previous = FlagSet.builder()
                .put("kept", boxed)
                .put("changed", "on")
                .put("gone", "on")
                .historyMark(MARK)
                .build();

        @Test
        void carriesOverWhatIsLeftAloneAsTheSameInstances() {
            FlagSet next =
                    previous.toBuilder().put("changed", "off").remove("gone").build();

            assertThat(next.entries()).containsOnlyKeys("kept", "changed");
            assertThat(next.entries().get("kept")).isSameAs(boxed);
            assertThat(next.entries().get("changed").value()).isEqualTo("off");
            assertThat(next.historyMark()).isSameAs(MARK);
        }

        @Test
        void leavesTheSetAlone() {
            FlagSet.Builder builder = previous.toBuilder().put("changed", "off").remove("gone");

            assertThat(builder.build()).isNotEqualTo(previous);
            assertThat(previous.entries()).containsOnlyKeys("kept", "changed", "gone");
            assertThat(previous.entries().get("changed").value()).isEqualTo("on");
        }

        @Test
        void leavesTheSetsItBuiltAlone() {
            FlagSet.Builder builder = FlagSet.builder().put("a", "on");
            FlagSet first = builder.build();

            FlagSet second = builder.put("a", "off").put("b", "on").build();

            assertThat(first).isEqualTo(FlagSet.of(Map.of("a", "on")));
            assertThat(second).isEqualTo(FlagSet.of(Map.of("a", "off", "b", "on")));
        }

        @Test
        void replacesTheHistoryMark() {
            HistoryMark next = new HistoryMark("epoch-1", 8, "change-8", Instant.EPOCH);

            assertThat(previous.toBuilder().historyMark(next).build().historyMark())
                    .isEqualTo(next);
        }
    }

    @Nested
    class AnEntry {

        @Test
        void gainsTheTimeOfItsChangeAndItsEnd() {
            Instant changed = Instant.parse("2026-11-01T10:00:00Z");

            FlagEntry entry = FlagEntry.of("off").changedAt(changed).ending(Duration.ofMinutes(5), "on");

            assertThat(entry.value()).isEqualTo("off");
            assertThat(entry.changedAt()).isEqualTo(changed);
            assertThat(entry.timeBox()).isEqualTo(new TimeBox(Duration.ofMinutes(5), "on"));
            assertThat(FlagEntry.of("off").ending(Duration.ofMinutes(5), null).changedAt(changed))
                    .isEqualTo(FlagEntry.of("off").changedAt(changed).ending(Duration.ofMinutes(5), null));
        }

        @Test
        void mayCoverNothingAndHaveEndedAlready() {
            assertThat(FlagEntry.of("off").ending(Duration.ZERO, null).timeBox())
                    .isEqualTo(new TimeBox(Duration.ZERO, null));
            assertThat(FlagEntry.of("off").ending(Duration.ofDays(-1), null).timeBox())
                    .isEqualTo(new TimeBox(Duration.ofDays(-1), null));
        }

        @Test
        void refusesNull() {
            assertThatNullPointerException()
                    .isThrownBy(() -> FlagEntry.of(null))
                    .withMessage("value");
            assertThatNullPointerException()
                    .isThrownBy(() -> FlagEntry.of("on").changedAt(null))
                    .withMessage("changedAt");
            assertThatNullPointerException()
                    .isThrownBy(() -> FlagEntry.of("on").ending(null, "off"))
                    .withMessage("left");
            assertThatNullPointerException()
                    .isThrownBy(() -> new HistoryMark(null, 1, "id", Instant.EPOCH))
                    .withMessage("epoch");
            assertThatNullPointerException()
                    .isThrownBy(() -> new HistoryMark("epoch", 1, null, Instant.EPOCH))
                    .withMessage("id");
            assertThatNullPointerException()
                    .isThrownBy(() -> new HistoryMark("epoch", 1, "id", null))
                    .withMessage("changedAt");
        }
    }

    @Nested
    class ShownAsText {

        private static final String SECRET = "hunter2";

        @Test
        void aSetTellsHowManyFlagsItHasAndNoValue() {
            FlagSet set = FlagSet.builder()
                    .put("a", SECRET)
                    .put("b", FlagEntry.of("on").ending(Duration.ofMinutes(1), SECRET))
                    .historyMark(MARK)
                    .build();

            assertThat(set.toString()).contains("2 flags", "epoch-1").doesNotContain(SECRET);
        }

        @Test
        void anEntryTellsNoValue() {
            FlagEntry entry = FlagEntry.of(SECRET)
                    .changedAt(Instant.parse("2026-11-01T10:00:00Z"))
                    .ending(Duration.ofMinutes(1), SECRET);

            assertThat(entry.toString())
                    .contains("2026-11-01T10:00:00Z", "PT1M")
                    .doesNotContain(SECRET);
        }

        @Test
        void aTimeBoxTellsNoValue() {
            assertThat(new TimeBox(Duration.ofMinutes(1), SECRET).toString())
                    .contains("PT1M")
                    .doesNotContain(SECRET);
        }
    }

    @Nested
    class ASubscriptionToNothing {

        @Test
        void isOneInstanceThatCanBeClosedAgainAndAgain() {
            Subscription nothing = Subscription.none();
            nothing.close();
            nothing.close();

            assertThat(Subscription.none()).isSameAs(nothing);
        }
    }
}
