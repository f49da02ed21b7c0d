package io.pratique.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.channels.spi.AbstractInterruptibleChannel;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("H-1")
class RequestThreadsTest {

    private static final Duration FOR_EVER = Duration.ofDays(1_000);

    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicInteger started = new AtomicInteger();
    private final List<String> cutOff = new CopyOnWriteArrayList<>();

    private RequestThreads threads = new RequestThreads(2, FOR_EVER);

    @AfterEach
    void close() {
        release.countDown();
        threads.close();
    }

    private void with(int most, Duration longest) {
        threads.close();
        threads = new RequestThreads(most, longest);
    }

    /** So that it is certain who has been told to give way, and who has not. */
    private void sweptByHand() {
        threads.close();
        threads = new RequestThreads(2, FOR_EVER, Duration.ofDays(1));
    }

    /** A request of a client that sends nothing. */
    private Runnable slow(String name) {
        return () -> {
            started.incrementAndGet();
            try {
                release.await();
            } catch (InterruptedException e) {
                cutOff.add(name);
            }
        };
    }

    /** A request that nothing but its own end ends. */
    private void deaf() {
        started.incrementAndGet();
        boolean released = false;
        while (!released) {
            try {
                release.await();
                released = true;
            } catch (InterruptedException e) {
                cutOff.add("deaf");
            }
        }
    }

    private void beginOneByOne(Runnable... requests) {
        for (Runnable request : requests) {
            int before = started.get();
            threads.execute(request);
            await().until(() -> started.get() > before);
        }
    }

    @Test
    void areNamedDaemonsThatEndWithTheServer() {
        AtomicReference<Thread> thread = new AtomicReference<>();
        threads.execute(() -> thread.set(Thread.currentThread()));
        await().until(() -> thread.get() != null);
        assertThat(thread.get().isDaemon()).isTrue();
        assertThat(thread.get().getName()).startsWith("pratique-health-");
        threads.close();
        await().until(() -> !thread.get().isAlive());
    }

    @Test
    void areNoMoreThanTheBound() {
        threads.execute(this::deaf);
        threads.execute(this::deaf);
        threads.execute(slow("third"));
        await().until(() -> cutOff.size() > 4);
        assertThat(started.get()).isEqualTo(2);
    }

    /** A pool of the JDK's, asked while a thread was between two requests, once started one more. */
    @Test
    void areNoMoreThanTheBoundWhereOneIsBetweenTwoRequests() {
        Set<String> names = ConcurrentHashMap.newKeySet();
        AtomicInteger served = new AtomicInteger();
        for (int i = 0; i < 20_000; i++) {
            int before = i;
            threads.execute(() -> {
                names.add(Thread.currentThread().getName());
                served.incrementAndGet();
            });
            while (served.get() < before) {
                Thread.onSpinWait();
            }
        }
        assertThat(names).hasSizeLessThanOrEqualTo(2);
    }

    @Nested
    class WhileOthersWait {

        @Test
        void theOldestGivesWay() {
            sweptByHand();
            beginOneByOne(slow("first"), slow("second"));
            threads.execute(slow("third"));
            // The first round may have been any part of one.
            threads.sweep();
            threads.sweep();
            await().until(() -> started.get() == 3);
            assertThat(cutOff).containsExactly("first");
        }

        @Test
        void oneThatCannotBeCutOffDoesNotSaveTheNext() {
            sweptByHand();
            beginOneByOne(RequestThreadsTest.this::deaf, slow("second"));
            threads.execute(slow("third"));
            threads.sweep();
            threads.sweep();
            assertThat(started.get()).isEqualTo(2);
            threads.sweep();
            await().until(() -> started.get() == 3);
            assertThat(cutOff).contains("second").doesNotContain("third");
        }

        /** An interrupt runs the code of the channel that the thread is at. */
        @Test
        void oneWhoseChannelCannotBeClosedSavesNobody() {
            sweptByHand();
            beginOneByOne(new Unclosable(), slow("second"));
            threads.execute(slow("third"));
            threads.sweep();
            threads.sweep();
            threads.sweep();
            await().until(() -> started.get() == 3);
            assertThat(cutOff).contains("second");
        }

        private final class Unclosable extends AbstractInterruptibleChannel implements Runnable {

            @Override
            public void run() {
                begin();
                deaf();
            }

            @Override
            protected void implCloseChannel() {
                throw new IllegalStateException("cannot be closed");
            }
        }

        @Test
        void whoCameFirstIsNext() {
            List<Integer> order = new CopyOnWriteArrayList<>();
            CountDownLatch one = new CountDownLatch(1);
            with(1, FOR_EVER);
            threads.execute(() -> {
                started.incrementAndGet();
                try {
                    one.await();
                } catch (InterruptedException e) {
                    cutOff.add("one");
                }
            });
            await().until(() -> started.get() == 1);
            for (int i = 1; i <= 3; i++) {
                int number = i;
                threads.execute(() -> order.add(number));
            }
            one.countDown();
            await().until(() -> order.size() == 3);
            assertThat(order).containsExactly(1, 2, 3);
        }

        @Test
        void tooManyAreSentAway() {
            threads.execute(RequestThreadsTest.this::deaf);
            threads.execute(RequestThreadsTest.this::deaf);
            for (int i = 0; i < RequestThreads.MOST_WAITING; i++) {
                threads.execute(() -> {});
            }
            assertThatThrownBy(() -> threads.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        }
    }

    @Nested
    class WhenTheTimeIsOver {

        @Test
        void aRequestIsCutOffThoughNobodyWaits() {
            with(2, Duration.ofMillis(200));
            threads.execute(slow("only"));
            await().until(() -> !cutOff.isEmpty());
            assertThat(cutOff).containsExactly("only");
        }

        @Test
        void theNextRequestOnItsThreadIsNotInterrupted() {
            with(1, FOR_EVER);
            List<Boolean> interrupted = new CopyOnWriteArrayList<>();
            for (int i = 0; i < 20; i++) {
                threads.execute(() -> {
                    interrupted.add(Thread.currentThread().isInterrupted());
                    // Ends interrupted, as a request does whose channel was closed under it.
                    Thread.currentThread().interrupt();
                });
            }
            await().until(() -> interrupted.size() == 20);
            assertThat(interrupted).containsOnly(false);
        }
    }

    @Test
    void outliveARequestThatThrows() {
        with(1, FOR_EVER);
        threads.execute(() -> {
            throw new IllegalStateException("one of many");
        });
        AtomicInteger served = new AtomicInteger();
        threads.execute(served::incrementAndGet);
        await().until(() -> served.get() == 1);
    }

    @Test
    void takeNothingOnceClosed() {
        threads.execute(this::deaf);
        threads.execute(this::deaf);
        threads.close();
        threads.close();
        assertThatThrownBy(() -> threads.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
    }
}
