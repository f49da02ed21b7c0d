package io.pratique.health;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs requests on a bounded number of threads, of which slow clients cannot keep any.
 *
 * <p>The JDK's server reads a request on the thread that answers it, and waits there for as long as the client likes. So
 * each request has a longest time; and while others wait for a thread, those that have had one for longest give way once
 * they have had more than an honest request needs, which is read at once. The end comes as an interrupt, which closes the
 * channel that the thread reads or writes. Whoever came first is next, so that clients that are cut off and come again
 * overtake nobody, and with as many as may wait everybody has a thread within half a second.
 *
 * <p>Time is counted in rounds of a sweeper that only goes about while there are requests. A pool of the JDK's would not
 * do for the threads: one that starts a thread before it lets a request wait starts one too many where a thread is between
 * two requests, and one that does not start at all while it can let requests wait leaves them to slow ones.
 */
final class RequestThreads implements Executor, AutoCloseable {

    static final int MOST = 64;
    static final Duration LONGEST = Duration.ofSeconds(10);
    static final int MOST_WAITING = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(HealthServer.class);
    private static final Duration ROUND = Duration.ofMillis(20);
    private static final Duration IDLE = Duration.ofMinutes(1);
    private static final AtomicInteger THREADS = new AtomicInteger();

    private final int most;
    private final Duration round;
    private final long mostRounds;
    /** Keeps its thread: one that had to be started anew might find none free, and nobody would be cut off any more. */
    private final ScheduledThreadPoolExecutor sweeper =
            new ScheduledThreadPoolExecutor(1, work -> daemon(work, "pratique-health-sweeper"));

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    /** The oldest first. */
    private final Set<Turn> turns = new LinkedHashSet<>();

    private final Queue<Runnable> waiting = new ArrayDeque<>();

    private int threads;
    private int idle;
    private boolean sweeping;
    private boolean closed;

    /** One request on its thread. */
    private static final class Turn {
        private final Thread thread = Thread.currentThread();
        private long rounds;
        private boolean over;

        /** An interrupt closes the channel that the thread is at, which is foreign code. */
        private void cutOff() {
            try {
                thread.interrupt();
            } catch (RuntimeException thrown) {
                LOG.debug("A channel could not be closed", thrown);
            }
        }
    }

    RequestThreads(int most, Duration longest) {
        this(most, longest, ROUND);
    }

    RequestThreads(int most, Duration longest, Duration round) {
        this.most = most;
        this.round = round;
        this.mostRounds = longest.dividedBy(round);
        // Where there is no thread for it, that is known before the first request, which would be lost.
        boolean unused = sweeper.prestartCoreThread();
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Runs a request as soon as there is a thread.
     *
     * @throws RejectedExecutionException if too many wait already, or this is closed; the JDK's server then closes the
     *     connection
     */
    @Override
    public void execute(Runnable request) {
        lock.lock();
        try {
            if (closed || waiting.size() == MOST_WAITING) {
                throw new RejectedExecutionException(closed ? "closed" : "too many requests wait");
            }
            // As many as wait already have the idle threads to themselves.
            if (waiting.size() < idle || threads == most) {
                waiting.add(request);
                arrived.signal();
            } else {
                start(request);
            }
        } finally {
            lock.unlock();
        }
    }

    private void start(Runnable request) {
        try {
            daemon(() -> work(request), "pratique-health-" + THREADS.incrementAndGet())
                    .start();
            threads++;
        } catch (OutOfMemoryError noThread) {
            if (threads == 0) {
                throw noThread;
            }
            waiting.add(request);
        }
    }

    private void work(Runnable first) {
        Runnable request = first;
        try {
            while (request != null) {
                serve(request);
                request = next();
            }
        } finally {
            if (request != null) {
                replaceThisThread();
            }
        }
    }

    private void serve(Runnable request) {
        Turn turn = begin();
        try {
            request.run();
        } catch (Throwable thrown) {
            LOG.debug("A request failed", thrown);
        } finally {
            end(turn);
        }
    }

    /** It ends by an error of the JVM, such as a lack of memory; others may wait for a thread. */
    private void replaceThisThread() {
        lock.lock();
        try {
            threads--;
            Runnable next = waiting.poll();
            if (next != null) {
                start(next);
            }
        } finally {
            lock.unlock();
        }
    }

    private Turn begin() {
        lock.lock();
        try {
            Turn turn = new Turn();
            turns.add(turn);
            if (closed) {
                turn.cutOff();
            } else if (!sweeping) {
                sweepLater();
            }
            return turn;
        } finally {
            lock.unlock();
        }
    }

    private void end(Turn turn) {
        lock.lock();
        try {
            turns.remove(turn);
            // The interrupt that ended this request is not for the next one.
            boolean unused = Thread.interrupted();
        } finally {
            lock.unlock();
        }
    }

    /** The request that came first, or the next one to come, or null if none comes for long: then the thread ends. */
    private @Nullable Runnable next() {
        lock.lock();
        try {
            awaitRequest();
            Runnable next = waiting.poll();
            if (next == null) {
                threads--;
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    private void awaitRequest() {
        long nanosLeft = IDLE.toNanos();
        idle++;
        try {
            while (waiting.isEmpty() && !closed && nanosLeft > 0) {
                nanosLeft = arrived.awaitNanos(nanosLeft);
            }
        } catch (InterruptedException leftover) {
            LOG.debug("An idle thread was interrupted and ends", leftover);
        } finally {
            idle--;
        }
    }

    private void sweepLater() {
        if (!closed) {
            var unused = sweeper.schedule(this::sweep, round.toMillis(), TimeUnit.MILLISECONDS);
            sweeping = true;
        }
    }

    /** A round: whoever has to give way is told to, and again if that was not heard. */
    void sweep() {
        lock.lock();
        try {
            int wanted = waiting.size() - idle;
            for (Turn turn : turns) {
                turn.rounds++;
                // One round may have been any part of a round.
                boolean givesWay = wanted > 0 && turn.rounds > 1;
                if (!turn.over && (givesWay || turn.rounds > mostRounds)) {
                    turn.over = true;
                    wanted--;
                }
                if (turn.over) {
                    turn.cutOff();
                }
            }
        } finally {
            sweeping = false;
            try {
                if (!turns.isEmpty()) {
                    sweepLater();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** Interrupts what runs and forgets what waits. Waits for nothing. Idempotent. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            waiting.clear();
            arrived.signalAll();
            turns.forEach(Turn::cutOff);
        } finally {
            lock.unlock();
        }
        var unused = sweeper.shutdownNow();
    }
}
