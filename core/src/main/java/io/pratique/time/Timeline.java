package io.pratique.time;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time of one client or gate: its clock, and the daemon thread that does what is due. The only place that reads the
 * machine's clock.
 *
 * <p>Durations are measured on {@link #nanos()}, which is the machine's monotonic clock, so that a step of the wall
 * clock moves no deadline. With a clock of the caller's, both readings come from that one; as it can be moved without
 * this thread noticing, it is then read again every few milliseconds.
 *
 * <p>Tasks are short, take no foreign lock and do no I/O. One that throws is logged and harms no other.
 */
public final class Timeline implements AutoCloseable {

    /** A moment that never comes. */
    public static final long NEVER = Long.MAX_VALUE;

    private static final Logger LOG = LoggerFactory.getLogger(Timeline.class);
    private static final long FOREIGN_CLOCK_PERIOD = TimeUnit.MILLISECONDS.toNanos(2);

    /** Beyond these, some 30,000 years away, a date or a sum of times would overflow in whoever reads the clock. */
    private static final Instant EARLIEST = Instant.ofEpochSecond(-(1L << 40));

    private static final Instant LATEST = Instant.ofEpochSecond(1L << 40);

    private final String threadName;
    private final @Nullable InstantSource foreign;
    private final Instant wallOrigin;
    private final long origin;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final PriorityQueue<Alarm> alarms =
            new PriorityQueue<>(Comparator.<Alarm>comparingLong(a -> a.due).thenComparingLong(a -> a.number));
    private @Nullable Thread thread;
    private long numbers;
    private boolean closed;

    /** What the caller's clock said last. */
    private volatile Instant lastRead;

    /**
     * Starts at nanosecond zero.
     *
     * @param threadName names the thread, which starts with the first alarm
     * @param clock where to read the time; null for the machine's clocks
     */
    public Timeline(String threadName, @Nullable InstantSource clock) {
        this.threadName = threadName;
        this.foreign = clock;
        this.wallOrigin = clock == null ? InstantSource.system().instant() : clamped(clock.instant());
        this.lastRead = wallOrigin;
        this.origin = System.nanoTime();
    }

    /** The nanoseconds since this timeline began; not for showing to people. */
    public long nanos() {
        return foreign == null ? System.nanoTime() - origin : nanos(Duration.between(wallOrigin, read(foreign)));
    }

    /** The wall clock's time, for showing to people and for what outlives the process. */
    public Instant instant() {
        return foreign == null ? InstantSource.system().instant() : read(foreign);
    }

    /** A caller's clock may throw; then time stands still, since neither a check nor a loop may end of that. */
    private Instant read(InstantSource clock) {
        try {
            Instant now = clamped(Objects.requireNonNull(clock.instant(), "the clock returned null"));
            lastRead = now;
            return now;
        } catch (Throwable broken) {
            LOG.debug("The supplied clock failed", broken);
            return lastRead;
        }
    }

    private static Instant clamped(Instant said) {
        return said.isBefore(EARLIEST) ? EARLIEST : said.isAfter(LATEST) ? LATEST : said;
    }

    /** A duration in nanoseconds; one of centuries is cut to a century. */
    public static long nanos(Duration duration) {
        long limit = TimeUnit.DAYS.toNanos(36_500);
        return duration.compareTo(Duration.ofDays(36_500)) >= 0
                ? limit
                : duration.compareTo(Duration.ofDays(-36_500)) <= 0 ? -limit : duration.toNanos();
    }

    /**
     * A setting that must be a length of time.
     *
     * @throws IllegalArgumentException if it is null, zero or negative
     */
    public static Duration requirePositive(String subject, @Nullable Duration duration) {
        if (duration == null || duration.isZero() || duration.isNegative()) {
            throw new IllegalArgumentException(
                    subject + " must be longer than zero, but is \"" + duration + "\"; give a positive duration");
        }
        return duration;
    }

    /** Has a task run once this timeline reaches a moment; at once if it has passed already. */
    public Alarm at(long nanos, Runnable task) {
        lock.lock();
        try {
            Alarm alarm = new Alarm(nanos, numbers++, task);
            if (!closed && nanos != NEVER) {
                alarms.add(alarm);
                startOrWake(alarm);
            }
            return alarm;
        } finally {
            lock.unlock();
        }
    }

    /** Has a task run after a while. */
    public Alarm after(Duration delay, Runnable task) {
        return at(nanos() + nanos(delay), task);
    }

    private void startOrWake(Alarm alarm) {
        if (thread == null) {
            Thread starting = new Thread(this::run, threadName);
            starting.setDaemon(true);
            starting.start();
            thread = starting;
        } else if (alarms.peek() == alarm) {
            changed.signal();
        }
    }

    private void run() {
        for (Alarm due = next(); due != null; due = next()) {
            guarded(LOG, "A timed task", due.task);
        }
    }

    /** Waits for the next alarm that is due; null once closed. */
    private @Nullable Alarm next() {
        lock.lock();
        try {
            while (!closed) {
                Alarm first = alarms.peek();
                long now = nanos();
                if (first != null && first.due <= now) {
                    return alarms.poll();
                }
                long wait = first == null ? NEVER : first.due - now;
                pause(foreign == null || first == null ? wait : FOREIGN_CLOCK_PERIOD);
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("WaitNotInLoop") // its only caller is the loop
    private void pause(long nanos) {
        try {
            if (nanos == NEVER) {
                changed.await();
            } else {
                long unused = changed.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            // Nobody but close() may stop this thread; the loop looks at what is due.
        }
    }

    /**
     * Runs foreign code: whatever it throws is logged, and the loop that runs it goes on.
     *
     * @param subject who runs, for the log
     */
    public static void guarded(Logger log, String subject, Runnable code) {
        try {
            code.run();
        } catch (Throwable thrown) {
            try {
                log.warn("{} failed", subject, thrown);
            } catch (Throwable loggingFailed) {
                // A broken log must not stop a loop either, and there is nowhere left to say so.
            }
        }
    }

    /** Ends the thread; alarms not yet due are dropped. Idempotent. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            alarms.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** A task that waits for its moment. */
    public final class Alarm {

        private final long due;
        private final long number;
        private final Runnable task;

        private Alarm(long due, long number, Runnable task) {
            this.due = due;
            this.number = number;
            this.task = task;
        }

        /** Drops the task, unless it has been started. */
        public void cancel() {
            lock.lock();
            try {
                alarms.remove(this);
            } finally {
                lock.unlock();
            }
        }
    }
}
