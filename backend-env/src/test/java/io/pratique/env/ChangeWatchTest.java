package io.pratique.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.pratique.flags.spi.Subscription;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The watch thread, driven look by look. */
@Tag("B-1")
@Timeout(60)
class ChangeWatchTest {

    private volatile Supplier<Look> appearance = () -> new Appearance("on");
    private final AtomicInteger announcements = new AtomicInteger();
    private final DrivenPause pause = new DrivenPause();
    private final EnvFlagSource source = over(true);
    private final CapturedLog log = new CapturedLog();

    /** A look that is nothing but the text of a flag. */
    private record Appearance(String text) implements Look {
        @Override
        public boolean isExact() {
            return true;
        }

        @Override
        public void readInto(Draft draft) {
            draft.add("A_ENABLED", text);
        }
    }

    private EnvFlagSource over(boolean writtenInSteps) {
        Origin origin = new Origin() {
            @Override
            public Look look() {
                return appearance.get();
            }

            @Override
            public boolean isWrittenInSteps() {
                return writtenInSteps;
            }
        };
        return new EnvFlagSource("driven", origin, Naming.DEFAULT, pause);
    }

    private void show(String text) {
        appearance = () -> new Appearance(text);
    }

    /** As a client does: load, then watch. */
    private void loadAndWatch() throws Exception {
        source.load();
        source.watch(announcements::incrementAndGet);
    }

    @AfterEach
    void close() {
        source.close();
        log.close();
    }

    @Nested
    class Announces {

        /** So two periods of 200 ms pass at most, and what a load costs, until a change is seen. */
        @Test
        void aChangeOnceTwoLooksAgree() throws Exception {
            loadAndWatch();
            pause.looks(3);
            show("off");
            pause.looks(1);
            assertThat(announcements).hasValue(0);

            pause.looks(1);

            assertThat(announcements).hasValue(1);
            assertThat(Texts.of(source)).containsEntry("a", "off");
        }

        @Test
        void aChangeAtOnceWhereNothingCanBeHalfWritten() throws Exception {
            try (EnvFlagSource whole = over(false)) {
                whole.load();
                whole.watch(announcements::incrementAndGet);
                show("off");
                pause.looks(1);

                assertThat(announcements).hasValue(1);
            }
        }

        @Test
        void nothingWhileNothingChanges() throws Exception {
            loadAndWatch();
            pause.looks(10);

            assertThat(announcements).hasValue(0);
        }

        @Test
        void aChangeOnceEvenIfNobodyLoads() throws Exception {
            loadAndWatch();
            show("off");
            pause.looks(10);

            assertThat(announcements).hasValue(1);
        }

        @Test
        void nothingThatALoadHasSeenAlready() throws Exception {
            loadAndWatch();
            show("off");
            source.load();
            pause.looks(5);

            assertThat(announcements).hasValue(0);
        }

        @Test
        void aChangeBetweenTheLoadAndTheWatch() throws Exception {
            source.load();
            show("off");
            source.watch(announcements::incrementAndGet);
            pause.looks(2);

            assertThat(announcements).hasValue(1);
        }

        @Test
        void whatThereIsIfNothingWasLoaded() throws Exception {
            source.watch(announcements::incrementAndGet);
            pause.looks(2);

            assertThat(announcements).hasValue(1);
        }

        @Test
        void nothingThatWasThereForOneLookOnly() throws Exception {
            loadAndWatch();
            pause.looks(2);
            for (int i = 0; i < 5; i++) {
                show("half " + i);
                pause.looks(1);
            }
            show("on");
            pause.looks(3);

            assertThat(announcements).hasValue(0);
        }

        @Test
        void anOutageAndItsEnd() throws Exception {
            loadAndWatch();
            appearance = () -> new Look.Outage("is missing");
            pause.looks(2);
            assertThat(announcements).hasValue(1);
            assertThatThrownBy(source::load).hasMessage("is missing");
            pause.looks(3);
            assertThat(announcements).hasValue(1);

            show("on");
            pause.looks(2);

            assertThat(announcements).hasValue(2);
        }

        /** It was announced before, but since then a load has seen something else. */
        @Test
        void whatComesBackAfterALoadHasSeenAnother() throws Exception {
            loadAndWatch();
            show("off");
            pause.looks(2);
            source.load();
            show("on");
            source.load();
            show("off");
            pause.looks(2);

            assertThat(announcements).hasValue(2);
        }
    }

    @Nested
    class GoesOn {

        @Test
        void afterACallbackThatThrows() throws Exception {
            source.load();
            source.watch(() -> {
                announcements.incrementAndGet();
                throw new AssertionError("thrown by a callback");
            });
            show("off");
            pause.looks(2);
            show("no");
            pause.looks(2);

            assertThat(announcements).hasValue(2);
        }

        @Test
        void afterLooksThatThrow() throws Exception {
            loadAndWatch();
            appearance = () -> {
                throw new StackOverflowError("thrown by a look");
            };
            pause.looks(5);
            show("off");
            pause.looks(2);

            assertThat(announcements).hasValue(1);
            assertThat(log.warnings()).containsExactly("Watching flag source driven failed and goes on");
            assertThat(log.at(Level.DEBUG)).hasSize(4);
        }

        @Test
        void afterAnInterruptThatIsNotItsEnd() throws Exception {
            source.load();
            source.watch(() -> {
                announcements.incrementAndGet();
                Thread.currentThread().interrupt();
            });
            show("off");
            pause.looks(2);
            show("no");
            // The interrupted wait and the one after it both count as begun.
            await().until(() -> {
                pause.looks(1);
                return announcements.get() == 2;
            });
        }
    }

    @Nested
    class Ends {

        private final CountDownLatch announced = new CountDownLatch(1);
        private volatile Thread thread;

        private Subscription watchAndLearnTheThread() throws Exception {
            source.load();
            Subscription watch = source.watch(() -> {
                thread = Thread.currentThread();
                announced.countDown();
            });
            show("off");
            pause.looks(2);
            announced.await();
            return watch;
        }

        @Test
        void withItsSubscription() throws Exception {
            Subscription watch = watchAndLearnTheThread();
            assertThat(thread.getName()).isEqualTo("pratique-watch-driven");
            assertThat(thread.isDaemon()).isTrue();

            watch.close();
            watch.close();

            thread.join();
            assertThat(Texts.of(source)).containsEntry("a", "off");
        }

        @Test
        void withItsSource() throws Exception {
            Subscription watch = watchAndLearnTheThread();

            source.close();

            thread.join();
            watch.close();
            assertThatThrownBy(() -> source.watch(() -> {}))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("\"driven\" is closed");
        }
    }

    @Nested
    class Properties {

        @Test
        void ofTheSystemAreSeenWhenTheyAreSetLater() throws Exception {
            String name = "change-watch-test.late.enabled";
            try (Following following =
                    Following.of(EnvFlagSource.systemProperties().prefix("change-watch-test."))) {
                System.setProperty(name, "off");
                await().until(() -> following.latest().equals(Map.of("late", "off")));
                System.clearProperty(name);
                await().until(() -> following.latest().isEmpty());
            } finally {
                System.clearProperty(name);
            }
        }

        @Test
        void ofTheEnvironmentNeverChange() {
            try (EnvFlagSource environment = EnvFlagSource.environment()) {
                assertThat(environment.watch(() -> {})).isSameAs(Subscription.none());
            }
        }
    }
}
