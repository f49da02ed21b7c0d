package io.pratique.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pratique.flags.FlagClient;
import io.pratique.flags.spi.Attribution;
import io.pratique.flags.spi.FlagRevision;
import io.pratique.flags.spi.FlagStoreException;
import io.pratique.flags.spi.LostHistoryException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a test can do with a store in memory, beside what every store does. */
@Tag("B-4")
class InMemoryFlagStoreTest {

    private static final String KEY = "outbox-processing";
    private static final Attribution BY = Attribution.of("ada", "INC-4711");

    private final ManualClock clock = new ManualClock();
    private final InMemoryFlagStore store = new InMemoryFlagStore("memory", clock);

    @Test
    void hasTheNameThatItIsGiven() {
        assertThat(store.name()).isEqualTo("memory");
        assertThat(store.another().name()).isEqualTo("memory");
        assertThat(new InMemoryFlagStore(clock).name()).isEmpty();
    }

    @Test
    void sharesItsServerWithAnother() throws Exception {
        InMemoryFlagStore other = store.another();

        store.set(KEY, "off", BY);

        assertThat(other.list()).isEqualTo(store.list()).hasSize(1);
        assertThat(other.load()).isEqualTo(store.load());
        assertThat(new InMemoryFlagStore(clock).list()).isEmpty();
    }

    @Test
    void keepsTheTimeOfTheClockThatItIsGiven() {
        assertThat(store.set(KEY, "off", BY).changedAt()).isEqualTo(ManualClock.START);

        Instant later = clock.advance(Duration.ofDays(1));

        assertThat(store.set(KEY, "on", BY).changedAt()).isEqualTo(later);
    }

    /** Or nobody could tell from a backup's change one that was made after it. */
    @Test
    void changesOfOneInstantHaveTimesOfTheirOwn() {
        Instant first = store.set(KEY, "off", BY).changedAt();
        Instant second = store.set(KEY, "off", BY).changedAt();
        clock.set(ManualClock.START.minusSeconds(1));
        Instant third = store.set(KEY, "off", BY).changedAt();

        assertThat(List.of(first, second, third)).isSorted().doesNotHaveDuplicates();
        assertThat(third).isBefore(ManualClock.START.plusMillis(1));
    }

    @Test
    void announcesBeforeTheChangeReturns() {
        List<String> told = new ArrayList<>();
        store.another().watch(() -> told.add("told"));

        store.set(KEY, "off", BY);

        assertThat(told).containsExactly("told");
    }

    @Nested
    class WithAClient {

        private final FlagClient client =
                FlagClient.builder().source(store.another()).clock(clock).build();

        @AfterEach
        void close() {
            client.close();
        }

        private void poll() {
            client.refresh().toCompletableFuture().join();
        }

        @Test
        void boxEndsWhenTheClockThatBothShareReachesItsEnd() {
            store.set(KEY, "on", BY);
            store.set(KEY, "off", Duration.ofMinutes(10), BY);
            await().until(() -> !client.isEnabled(KEY));

            clock.advance(Duration.ofMinutes(10));

            await().until(() -> client.isEnabled(KEY));
        }

        @Test
        void changeIsPolledWhilePushIsCut() {
            await().until(() -> client.sources().get(0).pushed());
            store.cutPush();
            store.set(KEY, "off", BY);

            poll();

            assertThat(client.isEnabled(KEY)).isFalse();
        }

        @Test
        @Tag("B-7")
        void killThatTheServerForgetsStaysInForce() {
            store.set(KEY, "off", BY);
            poll();
            store.wipe();

            poll();

            assertThat(client.isEnabled(KEY)).isFalse();
        }
    }

    @Nested
    class WhoseServerIsTakenAway {

        @Test
        void throwsWhoeverAsks() {
            InMemoryFlagStore other = store.another();

            other.takeAway();

            assertThatThrownBy(store::load).isInstanceOf(IOException.class).hasMessageContaining("bringBack()");
            assertThatThrownBy(() -> store.set(KEY, "off", BY))
                    .isInstanceOf(FlagStoreException.class)
                    .hasMessageContaining("bringBack()");
        }

        @Test
        void hasLostNothingWhenItIsBack() {
            FlagRevision made = store.set(KEY, "off", BY);
            store.takeAway();

            store.bringBack();

            assertThat(store.list()).containsExactly(made);
        }
    }

    @Nested
    @Tag("B-7")
    class WithABackup {

        @Test
        void keepsInItWhatWasThereAtThatTime() throws Exception {
            FlagRevision first = store.set(KEY, "off", BY);
            InMemoryFlagStore.Backup backup = store.backUp();
            FlagRevision second = store.set(KEY, "on", BY);
            store.restore(backup);
            store.set("cleanup", "off", BY);

            store.restore(backup);

            assertThat(store.list()).containsExactly(first).doesNotContain(second);
            assertThat(store.load().entries()).containsOnlyKeys(KEY);
        }

        @Test
        void carriesItToAnotherServer() throws Exception {
            store.set(KEY, "off", BY);
            InMemoryFlagStore elsewhere = new InMemoryFlagStore(clock);

            elsewhere.restore(store.backUp());

            assertThat(elsewhere.load()).isEqualTo(store.load());
        }

        @Test
        void tellsNobodyThatItWasRestored() {
            List<String> told = new ArrayList<>();
            store.watch(() -> told.add("told"));

            store.restore(store.backUp());
            store.wipe();

            assertThat(told).isEmpty();
        }
    }

    @Nested
    class ThatIsClosed {

        @Test
        void stillHasItsServerInHand() throws Exception {
            InMemoryFlagStore other = store.another();
            store.set(KEY, "off", BY);
            var seen = other.load();
            store.close();

            store.wipe();

            assertThatThrownBy(() -> other.reload(seen)).isInstanceOf(LostHistoryException.class);
            assertThat(store.another().load().entries()).isEqualTo(Map.of());
        }
    }
}
