package io.pratique.flags;

import static io.pratique.flags.Eventually.eventually;
import static io.pratique.flags.Eventually.eventuallyTrue;
import static io.pratique.flags.Eventually.refreshed;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.pratique.flags.FakeSource.Hold;
import io.pratique.flags.spi.Subscription;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Push makes changes visible at once; polling goes on whatever becomes of it. The clock stands still unless moved. */
@Tag("F-4")
@Timeout(120)
class WatchTest {

    private static final Duration TTL = Duration.ofSeconds(30);
    private static final Duration FIRST_RETRY = Duration.ofMillis(500);
    private static final AtomicInteger TESTS = new AtomicInteger();

    private final Rig rig = new Rig();
    private final Hold hold = new Hold();
    private final String name = "store-" + TESTS.incrementAndGet();
    private final FakeSource source = FakeSource.of(name, Map.of("a", "off"));
    private final AtomicReference<Runnable> notice = new AtomicReference<>();
    private final AtomicInteger ended = new AtomicInteger();

    @AfterEach
    void close() {
        hold.release();
        rig.close();
    }

    private FlagClient client() {
        return rig.client(FlagClient.builder().ttl(TTL), source);
    }

    private Subscription pushing(Runnable changed) {
        notice.set(changed);
        return ended::incrementAndGet;
    }

    private static boolean pushed(FlagClient client) {
        return client.sources().get(0).pushed();
    }

    @Nested
    class ASourceThatPushes {

        @Test
        void isLoadedAtEachNotice() {
            source.watches(WatchTest.this::pushing);
            FlagClient client = client();
            eventuallyTrue(() -> pushed(client));

            for (int i = 0; i < 10; i++) {
                boolean enabled = i % 2 == 0;
                source.answers(Map.of("a", enabled ? "on" : "off"));
                notice.get().run();
                eventually(() -> assertThat(client.isEnabled("a")).isEqualTo(enabled));
            }
        }

        @Test
        void isLoadedOnceMoreForWhatChangedBeforeTheWatchStood() {
            source.watches(changed -> {
                source.answers(Map.of("a", "on"));
                return pushing(changed);
            });
            FlagClient client = client();

            eventually(() -> assertThat(client.isEnabled("a")).isTrue());
        }

        @Test
        void isWatchedOnce() {
            source.watches(WatchTest.this::pushing);
            FlagClient client = client();
            eventuallyTrue(() -> pushed(client));
            refreshed(client);
            refreshed(client);

            assertThat(source.watches()).isEqualTo(1);
        }

        @Test
        void isPolledAllTheSame() {
            source.watches(WatchTest.this::pushing);
            FlagClient client = client();
            eventuallyTrue(() -> pushed(client));
            source.answers(Map.of("a", "on"));

            rig.advance(TTL);

            eventually(() -> assertThat(client.isEnabled("a")).isTrue());
        }
    }

    @Nested
    @Tag("F-8")
    class ASourceThatAnnouncesWhileItFails {

        private FlagClient failing(int loads) {
            source.watches(WatchTest.this::pushing);
            FlagClient client = client();
            eventuallyTrue(() -> pushed(client));
            source.answers(() -> {
                notice.get().run();
                throw new IOException("refused");
            });
            for (int i = 0; i < loads; i++) {
                refreshed(client);
            }
            return client;
        }

        @Test
        void isNotLoadedForItBeforeItsFirstRetry() {
            source.fails();
            FlagClient client = failing(20);
            notice.get().run();
            refreshed(client);

            assertThat(source.started()).isEqualTo(22);
        }

        @Test
        void isLoadedForItByThenHoweverFarItHasBackedOff() {
            FlagClient client = failing(12);
            source.answers(Map.of("a", "on"));

            notice.get().run();
            rig.advance(FIRST_RETRY);

            eventually(() -> assertThat(client.isEnabled("a")).isTrue());
        }

        @Test
        void isLoadedForItAtOnceWhenItWorksAgain() {
            FlagClient client = failing(3);
            source.answers(Map.of("a", "off"));
            refreshed(client);
            source.answers(Map.of("a", "on"));

            notice.get().run();

            eventually(() -> assertThat(client.isEnabled("a")).isTrue());
        }
    }

    @Nested
    class ASourceWithoutPush {

        @Test
        void isAskedForAWatchOnceAndPolled() {
            FlagClient client = client();
            eventually(() -> assertThat(source.watches()).isEqualTo(1));
            source.answers(Map.of("a", "on"));
            refreshed(client);
            refreshed(client);

            assertThat(source.watches()).isEqualTo(1);
            assertThat(pushed(client)).isFalse();
            assertThat(client.isEnabled("a")).isTrue();
        }
    }

    @Nested
    class AWatchThatFails {

        @Test
        void isTriedAgainAfterALaterLoadAndWarnedOfOnce() {
            AtomicInteger attempts = new AtomicInteger();
            source.watches(changed -> {
                if (attempts.incrementAndGet() < 4) {
                    throw new IOException("refused");
                }
                return pushing(changed);
            });
            FlagClient client = client();
            eventually(() -> {
                refreshed(client);
                assertThat(pushed(client)).isTrue();
            });

            assertThat(attempts.get()).isEqualTo(4);
            assertThat(rig.log().events(Level.WARN, "source", name))
                    .singleElement()
                    .satisfies(event -> assertThat(event.getFormattedMessage()).contains("refused"));
            source.answers(Map.of("a", "on"));
            notice.get().run();
            eventually(() -> assertThat(client.isEnabled("a")).isTrue());
        }

        @Test
        void withAnErrorOrByReturningNullIsTriedAgainToo() {
            AtomicInteger attempts = new AtomicInteger();
            source.watches(changed -> switch (attempts.incrementAndGet()) {
                case 1 -> throw new StackOverflowError("on purpose");
                case 2 -> null;
                default -> pushing(changed);
            });
            FlagClient client = client();

            eventually(() -> {
                refreshed(client);
                assertThat(pushed(client)).isTrue();
            });
        }

        @Test
        void isTriedThoughTheSourceHasNotAnsweredSoThatItsReturnIsSeenSoon() {
            source.fails();
            source.watches(WatchTest.this::pushing);
            FlagClient client = client();
            eventuallyTrue(() -> pushed(client));

            source.answers(Map.of("a", "off"));
            notice.get().run();
            rig.advance(FIRST_RETRY);

            eventually(() -> assertThat(client.isEnabled("a")).isFalse());
        }
    }

    @Nested
    class AWatchThatHangs {

        @Test
        void stopsNeitherPollsNorRefreshesAndIsNotTriedTwice() throws Exception {
            source.watches(changed -> {
                hold.passStubbornly();
                return pushing(changed);
            });
            FlagClient client = client();
            hold.awaitReached();
            source.answers(Map.of("a", "on"));
            refreshed(client);
            assertThat(client.isEnabled("a")).isTrue();
            source.answers(Map.of("a", "off"));
            rig.advance(TTL);
            eventually(() -> assertThat(client.isEnabled("a")).isFalse());

            assertThat(source.watches()).isEqualTo(1);
            assertThat(pushed(client)).isFalse();
            hold.release();
            eventuallyTrue(() -> pushed(client));
        }

        @Test
        void isInterruptedWhenTheClientCloses() throws Exception {
            AtomicBoolean interrupted = new AtomicBoolean();
            source.watches(changed -> {
                try {
                    hold.pass();
                } catch (InterruptedException e) {
                    interrupted.set(true);
                    throw e;
                }
                return pushing(changed);
            });
            FlagClient client = client();
            hold.awaitReached();

            client.close();

            eventuallyTrue(interrupted::get);
            assertThat(rig.log().events(Level.WARN, "source", name)).isEmpty();
        }

        @Test
        void isEndedIfItComesAfterTheClientClosed() throws Exception {
            source.watches(changed -> {
                hold.passStubbornly();
                return pushing(changed);
            });
            FlagClient client = client();
            hold.awaitReached();
            client.close();
            assertThat(ended.get()).isZero();

            hold.release();

            eventually(() -> assertThat(ended.get()).isEqualTo(1));
            assertThat(source.started()).isEqualTo(1);
        }
    }

    @Nested
    class Closing {

        @Test
        void endsTheWatchBeforeTheSource() {
            AtomicInteger closedAtTheEnd = new AtomicInteger(-1);
            source.watches(changed -> () -> closedAtTheEnd.set(source.closed()));
            FlagClient client = client();
            eventuallyTrue(() -> pushed(client));

            client.close();

            assertThat(closedAtTheEnd.get()).isZero();
            assertThat(source.closed()).isEqualTo(1);
        }

        @Test
        void closesTheSourceThoughEndingTheWatchThrows() {
            source.watches(changed -> () -> {
                throw new IllegalStateException("on purpose");
            });
            FlagClient client = client();
            eventuallyTrue(() -> pushed(client));

            client.close();

            assertThat(source.closed()).isEqualTo(1);
        }

        @Test
        void closesTheSourceThoughTheWatchDoesNotEnd() {
            source.watches(changed -> hold::passStubbornly);
            FlagClient client = client();
            eventuallyTrue(() -> pushed(client));

            client.close();

            eventually(() -> assertThat(source.closed()).isEqualTo(1));
        }

        @Test
        void leavesLateNoticesWithoutEffect() {
            source.watches(WatchTest.this::pushing);
            FlagClient client = client();
            eventually(() -> assertThat(source.ended()).isEqualTo(2));
            client.close();
            source.answers(Map.of("a", "on"));

            notice.get().run();

            assertThat(client.refresh()).succeedsWithin(Eventually.PATIENCE);
            assertThat(source.started()).isEqualTo(2);
            assertThat(client.isEnabled("a")).isFalse();
        }
    }
}
