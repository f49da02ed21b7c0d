package io.pratique.testkit;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** State that a test shares with the threads that it observes: changed under a lock, and awaited without polling. */
final class Monitor {

    /** How long a test waits for what should happen at once; only a failing test waits that long. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Reads the state. */
    <T extends @Nullable Object> T read(Supplier<T> state) {
        lock.lock();
        try {
            return state.get();
        } finally {
            lock.unlock();
        }
    }

    /** Changes the state, and wakes all who await it. */
    void change(Runnable change) {
        lock.lock();
        try {
            change.run();
        } finally {
            changed.signalAll();
            lock.unlock();
        }
    }

    /** Waits without an end. */
    void await(BooleanSupplier reached) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!reached.getAsBoolean()) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for a state.
     *
     * @throws AssertionError with the complaint, if it is not reached in time
     */
    void await(BooleanSupplier reached, Duration patience, Supplier<String> complaint) throws InterruptedException {
        long left = TimeUnit.NANOSECONDS.convert(patience);
        lock.lockInterruptibly();
        try {
            while (!reached.getAsBoolean()) {
                if (left <= 0) {
                    throw new AssertionError(complaint.get() + " (waited " + patience + ")");
                }
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a length of time that may change meanwhile. */
    void pause(Supplier<Duration> length) throws InterruptedException {
        long waited = 0;
        lock.lockInterruptibly();
        try {
            long left = length.get().toNanos();
            while (left > 0) {
                long remaining = changed.awaitNanos(left);
                waited += left - remaining;
                left = length.get().toNanos() - waited;
            }
        } finally {
            lock.unlock();
        }
    }
}
