package io.pratique.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pratique.flags.spi.FlagEntry;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.Subscription;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ScriptedSourceTest {

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ScriptedSource source = new ScriptedSource("orders").put("outbox-processing", "off");

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private <T> Future<T> elsewhere(Callable<T> call) {
        return threads.submit(call);
    }

    @Nested
    class WithoutCues {

        @Test
        void readsWhatWasPut() {
            source.put("cleanup", FlagEntry.of("off").ending(Duration.ofMinutes(1), "on"));

            assertThat(source.load().entries())
                    .containsEntry("outbox-processing", FlagEntry.of("off"))
                    .containsEntry("cleanup", FlagEntry.of("off").ending(Duration.ofMinutes(1), "on"))
                    .hasSize(2);
            assertThat(source.remove("cleanup").load()).isEqualTo(FlagSet.of(Map.of("outbox-processing", "off")));
        }

        @Test
        void hasTheNameItWasGiven() {
            assertThat(source.name()).isEqualTo("orders");
            assertThat(new ScriptedSource().name()).isEmpty();
        }

        @Test
        void returnsTheSetBeforeItselfIfNothingChanged() {
            FlagSet before = source.load();

            assertThat(source.put("outbox-processing", "off").reload(before)).isSameAs(before);
            assertThat(source.put("outbox-processing", "on").reload(before))
                    .isEqualTo(FlagSet.of(Map.of("outbox-processing", "on")));
        }
    }

    @Nested
    class Failing {

        @Test
        void throwsWhateverItIsTold() {
            for (Throwable failure :
                    List.of(new IOException("reset"), new OutOfMemoryError("no"), new Throwable("bare"))) {
                source.nextLoad().fails(failure);

                assertThatThrownBy(source::load).isSameAs(failure);
            }
        }

        @Test
        void playsOneCueForEachLoadAndThenTheStandingOne() {
            source.nextLoad().fails(new IOException("first"));
            source.nextLoad().answers(FlagSet.of(Map.of("somebody", "else")));
            source.everyLoad().fails(new IOException("every other"));

            assertThatThrownBy(source::load).hasMessage("first");
            assertThat(source.load().entries()).containsOnlyKeys("somebody");
            assertThatThrownBy(source::load).hasMessage("every other");
            assertThatThrownBy(() -> source.reload(FlagSet.empty())).hasMessage("every other");
            assertThat(source.loads()).isEqualTo(4);
            assertThat(source.endedLoads()).isEqualTo(4);
        }

        @Test
        void behavesAgainWhenTold() {
            source.nextLoad().fails(new IOException("first"));
            source.everyLoad().fails(new IOException("every other"));
            source.everyWatch().fails(new IOException("no push"));

            source.behave();

            assertThat(source.load().entries()).containsKey("outbox-processing");
            assertThat(source.watch(() -> {})).isNotNull();
        }
    }

    @Nested
    class Lying {

        @Test
        void answersNull() {
            source.nextLoad().answers(null);
            source.nextLoad().answers(null);

            assertThat(source.load()).isNull();
            assertThat(source.reload(FlagSet.empty())).isNull();
        }

        @Test
        void answersAnEmptySetOnce() {
            source.nextLoad().answers(FlagSet.empty());

            assertThat(source.load().entries()).isEmpty();
            assertThat(source.load().entries()).hasSize(1);
        }
    }

    @Nested
    class Hanging {

        @Test
        void readsOnceItIsReleased() throws Exception {
            Hold hold = source.nextLoad().hangs();
            Future<FlagSet> load = elsewhere(source::load);
            hold.awaitReached();
            assertThat(load).isNotDone();
            assertThat(source.endedLoads()).isZero();

            source.put("outbox-processing", "on");
            hold.release();

            assertThat(load.get()).isEqualTo(FlagSet.of(Map.of("outbox-processing", "on")));
        }

        @Test
        void answersLateWithWhatItReadAtItsStart() throws Exception {
            Hold hold = source.nextLoad().answersLate();
            Future<FlagSet> load = elsewhere(source::load);
            hold.awaitReached();

            source.put("outbox-processing", "on");
            hold.release();

            assertThat(load.get()).isEqualTo(FlagSet.of(Map.of("outbox-processing", "off")));
        }

        @Test
        void failsAsItIsReleased() throws Exception {
            Hold hold = source.everyLoad().hangs();
            Future<FlagSet> load = elsewhere(source::load);
            hold.awaitReached();

            hold.fail(new IOException("timed out"));

            assertThatThrownBy(load::get).hasRootCauseMessage("timed out");
            assertThatThrownBy(source::load).hasMessage("timed out");
        }

        @Test
        void givesInToAnInterrupt() throws Exception {
            Hold hold = source.everyLoad().hangs();
            Future<FlagSet> load = elsewhere(source::load);
            hold.awaitReached();

            threads.shutdownNow();

            hold.awaitInterrupted();
            assertThatThrownBy(load::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(InterruptedException.class);
        }

        @Test
        void stubbornlyOutlastsAnInterrupt() throws Exception {
            Hold hold = source.everyLoad().hangsStubbornly();
            Future<Boolean> stillInterrupted = elsewhere(() -> {
                source.load();
                return Thread.currentThread().isInterrupted();
            });
            hold.awaitReached();

            threads.shutdownNow();
            hold.awaitInterrupted();
            assertThat(stillInterrupted).isNotDone();
            hold.release();

            assertThat(stillInterrupted.get()).isTrue();
        }
    }

    @Nested
    class Counting {

        @Test
        void showsHowManyLoadsWereUnderWayAtOnce() throws Exception {
            Hold hold = source.everyLoad().hangs();
            assertThat(source.mostLoadsAtOnce()).isZero();
            List<Future<FlagSet>> loads = new ArrayList<>();
            for (int i = 1; i <= 3; i++) {
                loads.add(elsewhere(source::load));
                source.awaitStarted(i);
            }

            hold.release();
            for (Future<FlagSet> load : loads) {
                load.get();
            }
            source.load();

            assertThat(source.mostLoadsAtOnce()).isEqualTo(3);
            assertThat(source.loads()).isEqualTo(4);
        }

        @Test
        void awaitsALoadThatStartsAfterTheCall() throws Exception {
            Hold first = source.nextLoad().answersLate();
            Hold second = source.nextLoad().hangs();
            Future<FlagSet> underWay = elsewhere(source::load);
            first.awaitReached();
            FutureTask<Integer> ended = new FutureTask<>(() -> {
                source.awaitNextLoad();
                return source.endedLoads();
            });
            Thread waiting = new Thread(ended);
            waiting.start();
            await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING);

            first.release();
            underWay.get();
            Future<FlagSet> next = elsewhere(source::load);
            second.awaitReached();
            assertThat(ended).isNotDone();
            second.release();
            next.get();

            assertThat(ended.get()).isEqualTo(2);
        }
    }

    @Nested
    class Watching {

        @Test
        void tellsOpenWatchesWhenToldTo() throws Exception {
            List<String> told = new ArrayList<>();
            Subscription one = source.watch(() -> told.add("one"));
            source.watch(() -> told.add("other"));
            source.awaitWatched();
            source.put("outbox-processing", "on");
            assertThat(told).isEmpty();

            source.announce();
            one.close();
            source.announce();

            assertThat(told).containsExactly("one", "other", "other");
            assertThat(source.watches()).isEqualTo(1);
        }

        @Test
        void canRefuseOnceAndOfferNoPush() throws Exception {
            source.nextWatch().fails(new IOException("LISTEN is not possible"));
            source.everyWatch().offersNoPush();

            assertThatThrownBy(() -> source.watch(() -> {})).hasMessage("LISTEN is not possible");
            assertThat(source.watch(() -> {})).isSameAs(Subscription.none());
            assertThat(source.watches()).isZero();
        }

        @Test
        void canHangWhileItIsSetUp() throws Exception {
            Hold hold = source.nextWatch().hangs();
            Future<Subscription> watch = elsewhere(() -> source.watch(() -> {}));
            hold.awaitReached();
            assertThat(source.watches()).isZero();

            hold.release();

            assertThat(watch.get(10, TimeUnit.SECONDS)).isNotNull();
            assertThat(source.watches()).isEqualTo(1);
        }

        @Test
        void canHangStubbornlyWhileItIsSetUp() throws Exception {
            Hold hold = source.nextWatch().hangsStubbornly();
            Future<Subscription> watch = elsewhere(() -> source.watch(() -> {}));
            hold.awaitReached();

            threads.shutdownNow();
            hold.awaitInterrupted();
            assertThat(watch).isNotDone();
            hold.release();

            assertThat(watch.get()).isNotNull();
        }
    }

    @Test
    void refusesWorkOnceClosed() {
        source.watch(() -> {});
        assertThat(source.isClosed()).isFalse();

        source.close();

        assertThat(source.isClosed()).isTrue();
        assertThat(source.watches()).isZero();
        assertThatIllegalStateException().isThrownBy(source::load);
        assertThatIllegalStateException().isThrownBy(() -> source.watch(() -> {}));
        assertThat(source.loads()).isZero();
    }

    @Test
    void tellsWhatWasAskedOfIt() {
        source.load();

        assertThat(source).hasToString("ScriptedSource[FlagSet[1 flags], 1 loads started, 1 ended, 0 watches open]");
    }
}
