package io.pratique.redis;

import static io.pratique.redis.Scene.ADA;
import static io.pratique.redis.Scene.KILLED;
import static io.pratique.redis.Scene.OTHER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pratique.flags.spi.Attribution;
import io.pratique.flags.spi.FlagRevision;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagStoreException;
import io.pratique.flags.spi.FlagText;
import io.pratique.flags.spi.LostHistoryException;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A store that has lost one of its keys, by eviction or by hand: it is not believed, and can be mended. */
@Tag("B-3")
@Tag("B-7")
class TornStoreIT {

    private static final Attribution BOB = Attribution.of("bob", "INC-4712: keys were evicted");

    private RedisProcess redis;
    private RedisFlagStore store;

    /** What a reader has seen, {@link Scene#KILLED} still on. */
    private FlagSet seen;

    private String epoch;

    @BeforeEach
    void start() throws Exception {
        redis = RedisProcess.start();
        store = RedisFlagStore.connect(redis.uri());
        store.set(KILLED, "on", ADA);
        store.set("voice-retry", "off", ADA);
        store.set(OTHER, "on", ADA);
        store.clear("voice-retry", ADA);
        seen = store.load();
        epoch = Objects.requireNonNull(seen.historyMark()).epoch();
        store.set(KILLED, "off", ADA);
    }

    @AfterEach
    void stop() throws IOException {
        store.close();
        redis.close();
    }

    private void lose(Keys key) throws IOException {
        assertThat(redis.ask("DEL", Keys.in("pratique", key)[0])).isEqualTo(":1");
    }

    /** A line of a log says what to accept. */
    private void assertTorn(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(FlagStoreException.class)
                .hasMessageContaining("has lost a part of the flags")
                .satisfies(thrown ->
                        assertThat(FlagText.printable(thrown)).contains("accept the loss (TORN history \"" + epoch));
    }

    private String value(String key) throws InterruptedException {
        return store.load().entries().get(key).value();
    }

    /** Whoever has seen a whole store is told of each change to it. */
    private void assertWhole() throws Exception {
        FlagSet before = store.load();
        assertThat(store.reload(before)).isSameAs(before);
        long version = store.set("webhooks", "off", ADA).version();
        FlagSet after = store.reload(before);
        assertThat(after.entries()).hasSize(before.entries().size() + 1);
        store.clear("webhooks", ADA);
        assertThat(store.reload(after).entries()).isEqualTo(before.entries());
        assertThat(store.reload(before).entries()).isEqualTo(before.entries());
        assertThat(store.list()).hasSameSizeAs(before.entries().entrySet());
        assertThat(version).isGreaterThan(5);
        for (FlagRevision flag : store.list()) {
            assertThat(store.history(flag.key(), 1))
                    .singleElement()
                    .extracting(FlagRevision::version)
                    .isEqualTo(flag.version());
        }
    }

    @Nested
    class ChangesAreGone {

        @BeforeEach
        void loseThem() throws IOException {
            lose(Keys.CHANGES);
        }

        @Test
        void nobodyMissesAKillThatWasOneOfThem() throws Exception {
            assertTorn(() -> store.reload(seen));

            store.set("voice-retry", "on", ADA);

            assertThatThrownBy(() -> store.reload(seen)).isInstanceOf(LostHistoryException.class);
            store.accept(epoch, BOB);
            assertThat(store.reload(seen).entries().get(KILLED).value()).isEqualTo("off");
        }

        @Test
        void acceptingFindsThemAgain() throws Exception {
            store.accept(epoch, BOB);

            assertThat(store.reload(seen).entries().get(KILLED).value()).isEqualTo("off");
            assertThat(store.history(KILLED, 10)).hasSize(2);
            assertWhole();
        }
    }

    @Nested
    class VersionsAreGone {

        @BeforeEach
        void loseThem() throws IOException {
            store.set(OTHER, "off", Duration.ofHours(1), ADA);
            lose(Keys.META);
        }

        @Test
        void nothingIsBuiltUponWhatIsLeft() throws Exception {
            assertTorn(() -> store.reload(seen));

            assertTorn(() -> store.compareAndSet(KILLED, 0, "on", ADA));
            assertTorn(() -> store.set(OTHER, "off", Duration.ofHours(2), ADA));
        }

        @Test
        void writingEachFlagAgainMakesItWhole() throws Exception {
            store.set(KILLED, "off", ADA);
            assertThatThrownBy(() -> store.compareAndSet(OTHER, 0, "on", ADA)).hasMessageContaining("(TORN");
            store.set(OTHER, "off", ADA);

            FlagSet now = store.reload(seen);
            assertThat(now.entries().get(KILLED).value()).isEqualTo("off");
            assertThat(now.historyMark().epoch()).isNotEqualTo(epoch);
            assertWhole();
        }

        @Test
        void acceptingKeepsTheValuesUnderNewVersions() throws Exception {
            store.accept(epoch, BOB);

            FlagSet now = store.reload(seen);
            assertThat(now.entries().get(KILLED).value()).isEqualTo("off");
            assertThat(now.entries().get(OTHER).value()).isEqualTo("off");
            assertThat(now.historyMark().epoch()).isNotEqualTo(epoch);
            assertThat(store.history(KILLED, 10)).hasSize(3).first().satisfies(newest -> {
                assertThat(newest.by()).isEqualTo(BOB);
                assertThat(newest.value()).isEqualTo("off");
                assertThat(newest.version()).isGreaterThan(6);
                assertThat(store.compareAndSet(KILLED, 0, "on", ADA)).isEmpty();
                assertThat(store.compareAndSet(KILLED, newest.version(), "off", ADA))
                        .isPresent();
            });
            assertWhole();
        }
    }

    @Nested
    class ValuesAreGone {

        @Test
        void acceptingDropsTheirFlags() throws Exception {
            lose(Keys.FLAGS);
            assertTorn(() -> store.reload(seen));

            store.accept(epoch, BOB);

            assertThat(store.reload(seen).entries()).isEmpty();
            assertThat(store.compareAndSet(KILLED, 0, "off", ADA)).isPresent();
            assertWhole();
        }

        @Test
        void oneOfThemIsDroppedAlone() throws Exception {
            assertThat(redis.ask("HDEL", "{pratique}:flags", OTHER)).isEqualTo(":1");
            assertTorn(() -> store.list());

            store.accept(epoch, BOB);

            assertThat(store.load().entries()).containsOnlyKeys(KILLED);
            assertThat(value(KILLED)).isEqualTo("off");
            assertWhole();
        }
    }

    @Nested
    class SomethingElseIsGone {

        @Test
        void whoHasChangedTheFlagsIsWhoAccepts() throws Exception {
            lose(Keys.BY);
            assertTorn(() -> store.list());

            store.accept(epoch, BOB);

            assertThat(store.list())
                    .hasSize(2)
                    .allSatisfy(flag -> assertThat(flag.by()).isEqualTo(BOB));
            assertWhole();
        }

        @Test
        void stateIsFoundInTheHistory() throws Exception {
            lose(Keys.STATE);
            assertTorn(() -> store.reload(seen));

            store.accept(epoch, BOB);

            assertThat(store.load().historyMark().sequence()).isEqualTo(5);
            assertWhole();
        }

        /** Then no reader knows its way from what it saw, but nothing that is there is lost. */
        @Test
        void stateAndHistoryBegin() throws Exception {
            lose(Keys.STATE);
            lose(Keys.HISTORY);

            store.accept(epoch, BOB);

            assertThat(store.reload(seen).entries().get(KILLED).value()).isEqualTo("off");
            assertThat(store.set(OTHER, "off", ADA).version()).isGreaterThan(5);
        }
    }
}
