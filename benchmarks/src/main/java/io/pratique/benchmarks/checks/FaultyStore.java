package io.pratique.benchmarks.checks;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A store of one flag, which is on: behind a cache of whatever kind, and at times slow, away or hung. */
final class FaultyStore {

    static final int MILLIS = 200;

    private final AtomicInteger reads = new AtomicInteger();
    private volatile Fault fault = Fault.NONE;
    private volatile CountDownLatch hung = new CountDownLatch(0);

    enum Fault {
        NONE("answers at once"),
        SLOW("takes " + MILLIS + " ms"),
        FAILS("fails after " + MILLIS + " ms"),
        HANGS("hangs");

        private final String shown;

        Fault(String shown) {
            this.shown = shown;
        }

        String shown() {
            return shown;
        }
    }

    /** What a client of a store throws when there is no answer. */
    static final class StoreAwayException extends RuntimeException {

        private static final long serialVersionUID = 1;

        StoreAwayException() {
            super("the store is away");
        }
    }

    void set(Fault next) {
        hung = new CountDownLatch(next == Fault.HANGS ? 1 : 0);
        fault = next;
    }

    /** Lets go whoever hangs, and answers at once from now on. */
    void heal() {
        CountDownLatch waiting = hung;
        set(Fault.NONE);
        waiting.countDown();
    }

    Fault fault() {
        return fault;
    }

    int reads() {
        return reads.get();
    }

    /** Blocks and throws as the fault will have it. */
    boolean read() {
        reads.incrementAndGet();
        Fault now = fault;
        try {
            if (now == Fault.SLOW || now == Fault.FAILS) {
                TimeUnit.MILLISECONDS.sleep(MILLIS);
            }
            hung.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreAwayException();
        }
        if (now == Fault.FAILS) {
            throw new StoreAwayException();
        }
        return true;
    }
}
