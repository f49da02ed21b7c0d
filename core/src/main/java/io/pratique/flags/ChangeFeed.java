package io.pratique.flags;

import io.pratique.flags.spi.Subscription;
import io.pratique.time.Timeline;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells listeners of changes, on daemon threads that exist only while there is something to tell. Each listener gets
 * all changes in their order, one at a time; one that is slow or throws delays nobody but itself.
 */
final class ChangeFeed implements AutoCloseable {

    /** What a listener that never returns may keep waiting; beyond that it loses the oldest. */
    static final int MAX_PENDING = 100_000;

    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(FlagClient.class);
    private static final AtomicInteger THREADS = new AtomicInteger();

    private final List<Delivery> deliveries = new CopyOnWriteArrayList<>();
    private final ThreadPoolExecutor executor = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, 2, TimeUnit.SECONDS, new SynchronousQueue<>(), ChangeFeed::thread);

    private static Thread thread(Runnable work) {
        Thread thread = new FeedThread(work);
        thread.setDaemon(true);
        return thread;
    }

    /** Tells a listener that closes its own client from anybody else who does. */
    private static final class FeedThread extends Thread {

        FeedThread(Runnable work) {
            super(work, "pratique-flags-events-" + THREADS.incrementAndGet());
        }
    }

    /** Where other short work of the client is done. */
    Executor executor() {
        return executor;
    }

    Subscription subscribe(FlagListener listener) {
        Delivery delivery = new Delivery(listener);
        deliveries.add(delivery);
        return delivery;
    }

    /** Hands changes over. Neither waits for listeners nor throws; called for one batch after the other. */
    void publish(List<FlagChange> changes) {
        if (!changes.isEmpty()) {
            deliveries.forEach(delivery -> delivery.offer(changes));
        }
    }

    /** Does something that may take a while, such as logging, away from threads that must not wait. */
    void later(Runnable work) {
        try {
            executor.execute(() -> Timeline.guarded(LOG, "A client's errand", work));
        } catch (RejectedExecutionException | OutOfMemoryError noThread) {
            LOG.debug("An errand is left undone", noThread);
        }
    }

    /** Completes a future where its dependents can harm no loop. */
    void complete(CompletableFuture<@Nullable Void> future) {
        try {
            executor.execute(() -> future.complete(null));
        } catch (RejectedExecutionException | OutOfMemoryError noThread) {
            future.complete(null);
        }
    }

    /** Takes no more changes, and waits a little for those handed over to be told. */
    @Override
    public void close() {
        executor.shutdown();
        if (Thread.currentThread() instanceof FeedThread) {
            return;
        }
        try {
            boolean told = executor.awaitTermination(CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            LOG.debug(told ? "All flag listeners have been told" : "A flag listener has not returned");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One listener and what it has yet to be told. */
    private final class Delivery implements Subscription {

        private final FlagListener listener;
        private final ArrayDeque<FlagChange> pending = new ArrayDeque<>();
        private final Serial serial = new Serial(executor, "Telling a flag listener", this::deliver);
        private volatile boolean closed;
        private boolean overrun;

        Delivery(FlagListener listener) {
            this.listener = listener;
        }

        void offer(List<FlagChange> changes) {
            boolean firstLoss = false;
            synchronized (pending) {
                pending.addAll(changes);
                while (pending.size() > MAX_PENDING) {
                    pending.removeFirst();
                    firstLoss = !overrun;
                    overrun = true;
                }
            }
            if (firstLoss) {
                LOG.warn("A flag listener is {} changes behind and loses the oldest; let it return", MAX_PENDING);
            }
            serial.request();
        }

        private void deliver() {
            for (FlagChange change = next(); change != null; change = next()) {
                FlagChange told = change;
                Timeline.guarded(LOG, "A flag listener", () -> listener.onChange(told));
            }
        }

        private @Nullable FlagChange next() {
            synchronized (pending) {
                overrun &= !pending.isEmpty();
                return closed ? null : pending.pollFirst();
            }
        }

        @Override
        public void close() {
            closed = true;
            deliveries.remove(this);
        }
    }
}
