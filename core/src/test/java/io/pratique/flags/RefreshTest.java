package io.pratique.flags;

import static io.pratique.flags.Eventually.PATIENCE;
import static io.pratique.flags.Eventually.eventually;
import static io.pratique.flags.Eventually.refreshed;
import static org.assertj.core.api.Assertions.assertThat;

import io.pratique.flags.FakeSource.Hold;
import io.pratique.flags.spi.FlagSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Loads are one after the other; whoever asks for one gets one that began after the asking. */
@Tag("F-4")
@Timeout(120)
class RefreshTest {

    private static final Duration LOAD_TIMEOUT = Duration.ofSeconds(5);

    private final Rig rig = new Rig();
    private final Hold hold = new Hold();
    private final FakeSource source = FakeSource.of("store", Map.of("a", "off"));
    private final AtomicReference<Runnable> notice = new AtomicReference<>();

    @AfterEach
    void close() {
        hold.release();
        rig.close();
    }

    private FlagClient client(FakeSource... sources) {
        return rig.client(FlagClient.builder().loadTimeout(LOAD_TIMEOUT), sources);
    }

    private FlagClient pushedClient() {
        source.watches(changed -> {
            notice.set(changed);
            return () -> {};
        });
        FlagClient client = client(source);
        // The load that closes the gap between the first one and the watch.
        eventually(() -> assertThat(source.ended()).isEqualTo(2));
        return client;
    }

    /** A load that has read the old value and holds it back; what is written from now on it has not seen. */
    private void holdALoadThatHasReadTheOldValue(FlagClient client) throws InterruptedException {
        FlagSet old = FlagSet.of(Map.of("a", "off"));
        source.answers(() -> {
            hold.passStubbornly();
            return old;
        });
        CompletionStage<Void> unused = client.refresh();
        hold.awaitReached();
    }

    @Nested
    class JoiningALoad {

        @Test
        void seesWhatWasWrittenBefore() {
            FlagClient client = client(source);
            FlagHandle handle = client.handle("a");
            source.answers(Map.of("a", "on"));
            refreshed(client);

            assertThat(client.isEnabled("a")).isTrue();
            assertThat(handle.isEnabled()).isTrue();
        }

        @Test
        void isNeverJoiningTheOneUnderWay() throws Exception {
            FlagClient client = client(source);
            holdALoadThatHasReadTheOldValue(client);
            source.answers(Map.of("a", "on"));
            CompletionStage<Void> refresh = client.refresh();

            hold.release();

            assertThat(refresh).succeedsWithin(PATIENCE);
            assertThat(client.isEnabled("a")).isTrue();
            assertThat(source.started()).isEqualTo(3);
        }

        @Test
        void byANoticeIsNeverJoiningTheOneUnderWayEither() throws Exception {
            FlagClient client = pushedClient();
            holdALoadThatHasReadTheOldValue(client);
            source.answers(Map.of("a", "on"));
            notice.get().run();

            hold.release();

            eventually(() -> assertThat(client.isEnabled("a")).isTrue());
        }

        @Test
        void waitsForAllSourcesAndSeesEachAsSoonAsItAnswers() throws Exception {
            FakeSource other = FakeSource.of("other", Map.of("b", "on"));
            FlagClient client = client(source, other);
            source.answers(() -> {
                hold.passStubbornly();
                return FlagSet.of(Map.of("a", "on"));
            });
            other.answers(Map.of("b", "off"));
            CompletionStage<Boolean> seenInTheEnd = client.refresh().thenApply(done -> client.isEnabled("a"));
            eventually(() -> assertThat(client.isEnabled("b")).isFalse());

            // The other source is done with that refresh once it loads for the next one.
            CompletionStage<Void> next = client.refresh();
            eventually(() -> assertThat(other.started()).isEqualTo(3));
            hold.release();
            assertThat(next).succeedsWithin(PATIENCE);
            assertThat(seenInTheEnd).succeedsWithin(PATIENCE).isEqualTo(true);
        }

        @Test
        void isDoneAtOnceWithoutSourcesAndOnAClosedClient() {
            FlagClient client = client(source);
            client.close();

            assertThat(client.refresh()).succeedsWithin(PATIENCE);
            assertThat(client().refresh()).succeedsWithin(PATIENCE);
            assertThat(source.started()).isEqualTo(1);
        }
    }

    @Nested
    class CompletesNormally {

        @Test
        void whenTheLoadFails() {
            FlagClient client = client(source);
            source.answers(() -> {
                throw new StackOverflowError("on purpose");
            });

            assertThat(client.refresh()).succeedsWithin(PATIENCE);
            assertThat(client.sources().get(0).error()).contains("on purpose");
        }

        @Test
        @Tag("F-8")
        void whenTheLoadHangsAfterTwoLoadTimeouts() throws Exception {
            FlagClient client = client(source);
            source.answers(() -> {
                hold.passStubbornly();
                return FlagSet.empty();
            });
            CompletionStage<Void> joined = client.refresh();
            hold.awaitReached();
            CompletionStage<Void> next = client.refresh();

            rig.advance(LOAD_TIMEOUT);
            eventually(() -> assertThat(client.sources().get(0).error()).isNotNull());
            assertThat(next.toCompletableFuture()).isNotDone();

            rig.advance(LOAD_TIMEOUT);
            assertThat(joined).succeedsWithin(PATIENCE);
            assertThat(next).succeedsWithin(PATIENCE);
            assertThat(source.started()).isEqualTo(2);
        }
    }

    @Nested
    class ManyAskingAtOnce {

        @Test
        void shareTheOneNextLoad() throws Exception {
            FlagClient client = pushedClient();
            holdALoadThatHasReadTheOldValue(client);
            source.answers(Map.of("a", "on"));
            List<CompletionStage<Void>> refreshes = askFromManyThreads(client, 64, 20);

            hold.release();

            refreshes.forEach(refresh -> assertThat(refresh).succeedsWithin(PATIENCE));
            assertThat(client.isEnabled("a")).isTrue();
            // The first, the one that closed the gap to the watch, the one held, and one for all 64 threads.
            assertThat(source.started()).isEqualTo(4);
            assertThat(source.mostAtOnce()).isEqualTo(1);
        }

        @Test
        void neverHaveTwoLoadsAtOnce() throws Exception {
            FlagClient client = pushedClient();
            for (CompletionStage<Void> refresh : askFromManyThreads(client, 64, 200)) {
                assertThat(refresh).succeedsWithin(PATIENCE);
            }

            assertThat(source.mostAtOnce()).isEqualTo(1);
            assertThat(source.started()).isLessThan(64 * 200);
        }

        private List<CompletionStage<Void>> askFromManyThreads(FlagClient client, int threads, int times)
                throws Exception {
            ExecutorService pool = Executors.newFixedThreadPool(threads);
            try {
                CyclicBarrier together = new CyclicBarrier(threads);
                List<Future<List<CompletionStage<Void>>>> asked = new ArrayList<>();
                for (int i = 0; i < threads; i++) {
                    asked.add(pool.submit(() -> {
                        together.await();
                        List<CompletionStage<Void>> mine = new ArrayList<>();
                        for (int j = 0; j < times; j++) {
                            mine.add(client.refresh());
                            notice.get().run();
                        }
                        return mine;
                    }));
                }
                List<CompletionStage<Void>> all = new ArrayList<>();
                for (Future<List<CompletionStage<Void>>> future : asked) {
                    all.addAll(future.get());
                }
                return all;
            } finally {
                pool.shutdown();
            }
        }
    }

    @Nested
    class WhatIsChainedToARefresh {

        @Test
        void mayBlockWithoutHoldingUpTheNextLoad() {
            FlagClient client = client(source);
            CountDownLatch blocked = new CountDownLatch(1);
            // What is chained to a refresh that is done already runs right here.
            source.answers(() -> {
                hold.passStubbornly();
                return FlagSet.of(Map.of("a", "on"));
            });
            CompletionStage<Void> chained = client.refresh().thenRun(() -> {
                try {
                    blocked.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            hold.release();
            refreshed(client);
            refreshed(client);

            assertThat(chained.toCompletableFuture()).isNotDone();
            blocked.countDown();
            assertThat(chained).succeedsWithin(PATIENCE);
        }

        @Test
        void mayThrowWithoutHarm() {
            FlagClient client = client(source);
            assertThat(client.refresh().thenRun(() -> {
                        throw new StackOverflowError("on purpose");
                    }))
                    .failsWithin(PATIENCE);

            source.answers(Map.of("a", "on"));
            refreshed(client);
            assertThat(client.isEnabled("a")).isTrue();
        }
    }
}
