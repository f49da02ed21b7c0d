package io.pratique.flags;

import static io.pratique.flags.Eventually.PATIENCE;
import static io.pratique.flags.Eventually.eventually;
import static io.pratique.flags.Eventually.eventuallyTrue;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ch.qos.logback.classic.Level;
import io.pratique.flags.spi.FlagEntry;
import io.pratique.flags.spi.Subscription;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("F-10")
@Timeout(120)
class ListenerTest {

    private static final Duration HOUR = Duration.ofHours(1);

    private final AtomicReference<Instant> clock = new AtomicReference<>(Instant.parse("2026-11-01T10:00:00Z"));
    private final SettableSource source = new SettableSource("db").says("mail", "on");
    private final Told told = new Told();
    private CapturedLog log;
    private FlagClient flags;

    /** Remembers what it is told. */
    private static final class Told implements FlagListener {

        private final List<FlagChange> changes = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void onChange(FlagChange change) {
            changes.add(change);
        }

        List<String> all() {
            synchronized (changes) {
                return changes.stream()
                        .map(change -> change.key() + "=" + change.enabled())
                        .toList();
            }
        }

        FlagChange last() {
            return changes.get(changes.size() - 1);
        }
    }

    /** Does not return before it is released. */
    private static final class Stuck implements FlagListener {

        private final CountDownLatch entered = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);
        private final Told told = new Told();

        @Override
        public void onChange(FlagChange change) {
            entered.countDown();
            boolean waiting = true;
            while (waiting) {
                try {
                    released.await();
                    waiting = false;
                } catch (InterruptedException ignored) {
                    // A stuck listener heeds nobody.
                }
            }
            told.onChange(change);
        }

        void awaitEntered() throws InterruptedException {
            assertThat(entered.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
    }

    @BeforeEach
    void build() {
        log = CapturedLog.of(FlagClient.class);
        flags = FlagClient.builder()
                .source(source)
                .declare(Flag.of("beta").defaultOff())
                .clock(clock::get)
                .build();
    }

    @AfterEach
    void close() {
        flags.close();
        log.close();
    }

    private void turn(String key, String value) throws Exception {
        source.says(key, value);
        SettableSource.refresh(flags);
    }

    @Nested
    class AListener {

        @Test
        void isToldWhatChangedWithTheAnswersBeforeAndAfter() throws Exception {
            flags.onChange(told);

            turn("mail", "no");

            eventually(() -> assertThat(told.all()).containsExactly("mail=false"));
            FlagChange change = told.last();
            assertThat(change.key()).isEqualTo("mail");
            assertThat(change.before().enabled()).isTrue();
            assertThat(change.before().value()).isEqualTo("on");
            assertThat(change.before().source()).isEqualTo("db");
            assertThat(change.after().enabled()).isFalse();
            assertThat(change.after().value()).isEqualTo("no");
            assertThat(change.after().reason()).isEqualTo(Reason.STATIC);
        }

        @Test
        void isToldOfEveryChangeInOrder() throws Exception {
            flags.onChange(told);
            List<String> expected = new ArrayList<>();

            for (int i = 0; i < 100; i++) {
                turn("mail", i % 2 == 0 ? "off" : "on");
                expected.add("mail=" + (i % 2 != 0));
            }

            eventually(() -> assertThat(told.all()).hasSizeGreaterThanOrEqualTo(100));
            assertThat(told.all()).isEqualTo(expected);
        }

        @Test
        void isToldOfEachFlagThatALoadChanged() throws Exception {
            flags.onChange(told);

            source.says(Map.of("a", "off", "b", "off", "c", "on", "mail", "off"));
            SettableSource.refresh(flags);

            eventually(() -> assertThat(told.all()).containsExactlyInAnyOrder("a=false", "b=false", "mail=false"));
        }

        @Test
        void findsTheNewAnswerInForce() throws Exception {
            FlagHandle handle = flags.handle("mail");
            List<Boolean> seen = Collections.synchronizedList(new ArrayList<>());
            flags.onChange(change -> {
                seen.add(flags.isEnabled("mail"));
                seen.add(handle.isEnabled());
                told.onChange(change);
            });

            turn("mail", "off");

            eventually(() -> assertThat(told.all()).hasSize(1));
            assertThat(seen).containsExactly(false, false);
        }

        @Test
        void isNotToldOfWhatWasBefore() throws Exception {
            turn("mail", "off");
            flags.onChange(told);

            turn("mail", "on");

            eventually(() -> assertThat(told.all()).containsExactly("mail=true"));
        }

        @Test
        void isCalledOnADaemonThreadOfTheClient() throws Exception {
            AtomicReference<Thread> caller = new AtomicReference<>();
            flags.onChange(change -> caller.set(Thread.currentThread()));

            flags.override("mail", false, HOUR, "INC-7");

            eventually(() -> assertThat(caller.get()).isNotNull());
            assertThat(caller.get()).isNotSameAs(Thread.currentThread());
            assertThat(caller.get().getName()).startsWith("pratique-flags-");
            assertThat(caller.get().isDaemon()).isTrue();
        }

        @Test
        void mustNotBeNull() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> flags.onChange(null))
                    .withMessageContaining("listener must not be null");
        }
    }

    @Nested
    class AChange {

        @Test
        void isOfTheAnswerAndNotOfItsExplanation() throws Exception {
            flags.onChange(told);

            turn("mail", "YES");
            turn("mail", "garbage");
            turn("other", "on");
            source.down(true);
            SettableSource.refresh(flags);
            source.down(false).lacks("mail");
            SettableSource.refresh(flags);
            turn("mail", "off");

            eventually(() -> assertThat(told.all()).isNotEmpty());
            assertThat(told.all()).containsExactly("mail=false");
            assertThat(told.last().before().reason()).isEqualTo(Reason.DEFAULT);
        }

        @Test
        void isNotThatAnOffIsShadowedFromNowOn() throws Exception {
            SettableSource lower = new SettableSource("lower");
            try (FlagClient both =
                    FlagClient.builder().source(source).source(lower).build()) {
                both.onChange(told);

                lower.says("mail", "off");
                SettableSource.refresh(both);
                assertThat(both.evaluate("mail").shadowsOff()).isTrue();
                lower.says("other", "off");
                SettableSource.refresh(both);

                eventually(() -> assertThat(told.all()).containsExactly("other=false"));
            }
        }

        @Test
        void mayBeFromADeclaredDefault() throws Exception {
            flags.onChange(told);

            turn("beta", "on");
            source.lacks("beta");
            SettableSource.refresh(flags);

            eventually(() -> assertThat(told.all()).containsExactly("beta=true", "beta=false"));
            assertThat(told.last().after().reason()).isEqualTo(Reason.DEFAULT);
            assertThat(told.last().after().errorCode()).isEqualTo(ErrorCode.FLAG_NOT_FOUND);
        }

        @Test
        void mayComeFromATimeBoxThatEnds() throws Exception {
            source.says(source.load().toBuilder()
                    .put("mail", FlagEntry.of("off").ending(HOUR, "on"))
                    .build());
            SettableSource.refresh(flags);
            flags.onChange(told);

            clock.updateAndGet(now -> now.plus(HOUR));

            eventually(() -> assertThat(told.all()).containsExactly("mail=true"));
        }

        @Test
        void mayComeFromAnOverrideThatEnds() {
            flags.override("mail", false, HOUR, "INC-7");
            flags.onChange(told);

            clock.updateAndGet(now -> now.plus(HOUR));

            eventually(() -> assertThat(told.all()).endsWith("mail=true"));
            assertThat(told.last().before().source()).isEqualTo("override");
        }
    }

    @Nested
    class AListenerThatThrows {

        @Test
        void harmsNobodyAndIsToldTheNextChange() throws Exception {
            List<Throwable> thrown = List.of(
                    new IllegalStateException("a bug"), new AssertionError("a worse one"), new StackOverflowError());
            List<String> heard = Collections.synchronizedList(new ArrayList<>());
            flags.onChange(change -> {
                heard.add(change.key() + "=" + change.enabled());
                sneakyThrow(thrown.get((heard.size() - 1) % thrown.size()));
            });
            flags.onChange(told);

            for (int i = 0; i < 6; i++) {
                turn("mail", i % 2 == 0 ? "off" : "on");
            }

            List<String> expected =
                    List.of("mail=false", "mail=true", "mail=false", "mail=true", "mail=false", "mail=true");
            eventually(() -> assertThat(heard).isEqualTo(expected));
            eventually(() -> assertThat(told.all()).isEqualTo(expected));
            eventually(() -> assertThat(log.messages(Level.WARN))
                    .filteredOn("A flag listener failed"::equals)
                    .hasSize(6));
            assertThat(flags.isEnabled("mail")).isTrue();
        }

        @SuppressWarnings("unchecked")
        private static <T extends Throwable> void sneakyThrow(Throwable thrown) throws T {
            throw (T) thrown;
        }
    }

    @Nested
    class AListenerThatIsStuck {

        private final Stuck stuck = new Stuck();

        @BeforeEach
        void getStuck() throws Exception {
            flags.onChange(stuck);
            flags.onChange(told);
            turn("mail", "off");
            stuck.awaitEntered();
        }

        @AfterEach
        void release() {
            stuck.released.countDown();
        }

        @Test
        void delaysNeitherOthersNorAnswersNorLoads() throws Exception {
            turn("mail", "on");
            assertThat(flags.isEnabled("mail")).isTrue();
            turn("mail", "off");
            assertThat(flags.isEnabled("mail")).isFalse();
            flags.override("mail", true, HOUR, "INC-7").close();

            eventually(() -> assertThat(told.all())
                    .containsExactly("mail=false", "mail=true", "mail=false", "mail=true", "mail=false"));
            assertThat(stuck.told.all()).isEmpty();
        }

        @Test
        void isToldAllItMissedInOrderOnceItReturns() throws Exception {
            for (int i = 0; i < 10; i++) {
                turn("mail", i % 2 == 0 ? "on" : "off");
            }
            eventually(() -> assertThat(told.all()).hasSize(11));

            stuck.released.countDown();

            eventually(() -> assertThat(stuck.told.all()).hasSize(11));
            assertThat(stuck.told.all()).isEqualTo(told.all());
        }

        @Test
        void doesNotKeepTheClientFromClosing() throws Exception {
            turn("mail", "on");
            Thread closing = new Thread(flags::close);
            closing.start();

            closing.join(PATIENCE.toMillis());

            assertThat(closing.isAlive()).isFalse();
            assertThat(flags.isClosed()).isTrue();
            stuck.released.countDown();
            eventually(() -> assertThat(stuck.told.all()).containsExactly("mail=false", "mail=true"));
        }

        @Test
        void isToldNothingMoreOnceItsSubscriptionIsClosed() throws Exception {
            Stuck other = new Stuck();
            Subscription subscription = flags.onChange(other);
            turn("mail", "on");
            other.awaitEntered();
            turn("mail", "off");

            subscription.close();
            other.released.countDown();
            stuck.released.countDown();

            eventually(() -> assertThat(stuck.told.all()).hasSize(3));
            eventually(() -> assertThat(other.told.all()).hasSize(1));
            turn("mail", "on");
            eventually(() -> assertThat(stuck.told.all()).hasSize(4));
            assertThat(other.told.all()).containsExactly("mail=true");
        }
    }

    @Nested
    class AListenerMayCall {

        /** Runs something inside a listener and waits until it has returned there. */
        private void insideAListener(Consumer<FlagChange> action) throws Exception {
            CountDownLatch done = new CountDownLatch(1);
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Subscription subscription = flags.onChange(change -> {
                try {
                    action.accept(change);
                } catch (Throwable t) {
                    thrown.set(t);
                } finally {
                    done.countDown();
                }
            });
            turn("mail", flags.isEnabled("mail") ? "off" : "on");
            assertThat(done.await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .as("the listener returned")
                    .isTrue();
            subscription.close();
            assertThat(thrown.get()).isNull();
        }

        @Test
        void everyQuestion() throws Exception {
            insideAListener(change -> {
                assertThat(flags.isEnabled("mail")).isFalse();
                assertThat(flags.isEnabled("never-asked-before")).isTrue();
                assertThat(flags.evaluate("mail").enabled()).isFalse();
                assertThat(flags.handle("mail").isEnabled()).isFalse();
                assertThat(flags.sources()).hasSize(1);
                assertThat(flags.staleFlags()).hasSize(1);
                assertThat(flags.unknownKeys().keys()).containsExactly("never-asked-before");
                assertThat(flags.isClosed()).isFalse();
            });
        }

        @Test
        void refreshAndWaitForIt() throws Exception {
            insideAListener(change -> flags.refresh()
                    .toCompletableFuture()
                    .orTimeout(30, TimeUnit.SECONDS)
                    .join());
        }

        @Test
        void overrideAndLiftIt() throws Exception {
            insideAListener(change -> {
                try (Subscription override = flags.override("beta", true, HOUR, "INC-7")) {
                    assertThat(flags.isEnabled("beta")).isTrue();
                }
                assertThat(flags.isEnabled("beta")).isFalse();
            });
        }

        @Test
        void aSubscriptionOfAnother() throws Exception {
            insideAListener(change -> flags.onChange(told));

            turn("mail", "on");

            eventually(() -> assertThat(told.all()).containsExactly("mail=true"));
        }

        @Test
        void theEndOfItsOwnSubscription() throws Exception {
            AtomicReference<Subscription> own = new AtomicReference<>();
            own.set(flags.onChange(change -> {
                told.onChange(change);
                own.get().close();
            }));
            Told witness = new Told();
            flags.onChange(witness);

            turn("mail", "off");
            eventually(() -> assertThat(told.all()).hasSize(1));
            turn("mail", "on");
            turn("mail", "off");

            eventually(() -> assertThat(witness.all()).hasSize(3));
            assertThat(told.all()).containsExactly("mail=false");
        }

        @Test
        void closeOfTheClient() throws Exception {
            insideAListener(change -> flags.close());

            assertThat(flags.isClosed()).isTrue();
            assertThat(flags.isEnabled("mail")).isFalse();
        }

        @Test
        void whateverOtherThreadsCallAtTheSameTime() throws Exception {
            CountDownLatch inside = new CountDownLatch(1);
            CountDownLatch othersDone = new CountDownLatch(1);
            Thread other = new Thread(() -> {
                try {
                    inside.await();
                    flags.override("beta", true, HOUR, "INC-7").close();
                    flags.handle("beta");
                    flags.refresh()
                            .toCompletableFuture()
                            .orTimeout(30, TimeUnit.SECONDS)
                            .join();
                    othersDone.countDown();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            other.start();

            insideAListener(change -> {
                inside.countDown();
                try {
                    // A lock held around this call would keep the other thread from ever getting here.
                    assertThat(othersDone.await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                            .isTrue();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
        }
    }

    @Nested
    class ASubscription {

        @Test
        void endsWhenClosedAgainAndAgain() throws Exception {
            Subscription subscription = flags.onChange(told);
            Told witness = new Told();
            flags.onChange(witness);
            turn("mail", "off");
            eventually(() -> assertThat(told.all()).hasSize(1));

            subscription.close();
            subscription.close();
            turn("mail", "on");

            eventually(() -> assertThat(witness.all()).hasSize(2));
            assertThat(told.all()).containsExactly("mail=false");
        }

        @Test
        void leavesNothingBehindWhenClosed() {
            WeakReference<Told> forgotten = subscribeAndClose();

            eventuallyTrue(() -> {
                System.gc();
                return forgotten.get() == null;
            });
        }

        private WeakReference<Told> subscribeAndClose() {
            Told listener = new Told();
            flags.onChange(listener).close();
            return new WeakReference<>(listener);
        }

        @Test
        void isOneOfTwoIfAListenerIsGivenTwice() throws Exception {
            Subscription first = flags.onChange(told);
            flags.onChange(told);
            turn("mail", "off");
            eventually(() -> assertThat(told.all()).containsExactly("mail=false", "mail=false"));

            first.close();
            turn("mail", "on");

            eventually(() -> assertThat(told.all()).containsExactly("mail=false", "mail=false", "mail=true"));
        }

        @Test
        void mayBeginAndEndOnAClosedClient() {
            flags.close();

            flags.onChange(told).close();

            assertThat(told.all()).isEmpty();
        }
    }

    /** What a listener that never returns costs: the newest changes are kept, the oldest are lost. */
    @Nested
    class ListenersFarBehind {

        private final ChangeFeed feed = new ChangeFeed();
        private final Stuck stuck = new Stuck();

        @AfterEach
        void end() {
            stuck.released.countDown();
            feed.close();
        }

        private static List<FlagChange> changes(int from, int count) {
            List<FlagChange> changes = new ArrayList<>();
            for (int i = from; i < from + count; i++) {
                FlagEvaluation evaluation = new FlagEvaluation(
                        "flag-" + i,
                        false,
                        Reason.STATIC,
                        null,
                        FlagEvaluation.Origin.NONE,
                        new FlagEvaluation.Others(List.of(), false, List.of()));
                changes.add(new FlagChange(evaluation, evaluation));
            }
            return changes;
        }

        private List<String> lossesReported() {
            return log.messages(Level.WARN).stream()
                    .filter(message -> message.contains("behind and loses the oldest"))
                    .toList();
        }

        @Test
        void loseTheOldestAndAreReportedOnce() throws Exception {
            feed.subscribe(stuck);
            feed.publish(changes(0, 1));
            stuck.awaitEntered();

            feed.publish(changes(1, ChangeFeed.MAX_PENDING));
            assertThat(lossesReported()).isEmpty();
            for (int i = 0; i < 3; i++) {
                feed.publish(changes(1 + ChangeFeed.MAX_PENDING + i, 1));
            }
            assertThat(lossesReported()).hasSize(1);
            stuck.released.countDown();

            eventuallyTrue(() -> stuck.told.changes.size() == 1 + ChangeFeed.MAX_PENDING);
            assertThat(stuck.told.changes.get(0).key()).isEqualTo("flag-0");
            assertThat(stuck.told.changes.get(1).key()).isEqualTo("flag-4");
            assertThat(stuck.told.last().key()).isEqualTo("flag-" + (ChangeFeed.MAX_PENDING + 3));
        }

        @Test
        void costOthersNothing() throws Exception {
            feed.subscribe(stuck);
            feed.subscribe(told);
            feed.publish(changes(0, 1));
            stuck.awaitEntered();

            for (int i = 0; i < 3; i++) {
                int expected = 1 + (i + 1) * 50_000;
                feed.publish(changes(1 + i * 50_000, 50_000));
                eventuallyTrue(() -> told.changes.size() == expected);
            }

            assertThat(told.last().key()).isEqualTo("flag-150000");
        }
    }
}
