package io.pratique.flags;

import static org.assertj.core.api.Assertions.assertThat;

import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.HistoryMark;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the snapshot file gave back is no answer, and gives way to the first one. */
@Tag("F-9")
class RestoredStateTest {

    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Moment NOW = at(Duration.ZERO);
    private static final Moment LATER = at(Duration.ofMinutes(20));

    private static Moment at(Duration sinceStart) {
        return new Moment(sinceStart.toNanos(), START.plus(sinceStart));
    }

    private static SourceState loaded(FlagSet set) {
        return SourceState.unasked("store").loaded(set, NOW).state();
    }

    /** As the snapshot file gives it back. */
    private static SourceState restored(FlagSet set) {
        SourceState earlier = loaded(set);
        return new SourceState("store", set, earlier.held(), SourceHealth.restored(START.minus(HOUR)), 0);
    }

    private final FlagSet plain = FlagSet.of(Map.of("a", "off"));
    private final FlagSet marked = plain.toBuilder()
            .historyMark(new HistoryMark("epoch", 7, "id", Instant.EPOCH))
            .build();

    @Test
    void isNoAnswer() {
        SourceState restored = restored(plain);

        assertThat(restored.health().answered()).isFalse();
        assertThat(restored.health().stale()).isTrue();
        assertThat(restored.status(NOW, null, false).state()).isEqualTo(SourceStatus.State.NOT_READY);
        assertThat(restored.held().get("a").enabled()).isFalse();
    }

    @Test
    @Tag("B-7")
    void isAStartOnlyForASourceThatCanConfirmItsHistory() {
        assertThat(restored(plain).previous()).isNull();
        assertThat(restored(marked).previous()).isSameAs(marked);
    }

    @Test
    void isAStartForAnySourceOnceThatHasAnswered() {
        SourceState answered = restored(plain).loaded(plain, NOW).state();

        assertThat(answered.previous()).isSameAs(plain);
        assertThat(answered.failed("away").previous()).isSameAs(plain);
        assertThat(SourceState.unasked("store").previous()).isNull();
    }

    @Test
    @Tag("B-7")
    void thatIsConfirmedUnchangedIsAnAnswerAndKeepsTheHeldMap() {
        SourceState restored = restored(marked);

        SourceState confirmed = restored.loaded(marked, LATER).state();

        assertThat(confirmed.health().answered()).isTrue();
        assertThat(confirmed.health().stale()).isFalse();
        assertThat(confirmed.held()).isSameAs(restored.held());
    }

    @Test
    @Tag("F-3")
    void standsInForAValueThatCannotBeReadNow() {
        SourceState next =
                restored(plain).loaded(FlagSet.of(Map.of("a", "banana")), LATER).state();

        assertThat(next.held().get("a")).satisfies(held -> {
            assertThat(held.value()).isEqualTo("off");
            assertThat(held.invalid()).isTrue();
        });
    }

    @Test
    void keepsTheTimeOfItsLastChange() {
        SourceState next =
                restored(plain).loaded(FlagSet.of(Map.of("a", "off")), LATER).state();

        assertThat(next.held().get("a").changedAt()).isEqualTo(START);
    }
}
