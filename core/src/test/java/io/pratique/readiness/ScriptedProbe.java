package io.pratique.readiness;

import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A probe that does what the test says, and counts what is asked of it. Up unless told otherwise. */
final class ScriptedProbe implements Probe {

    private final AtomicInteger started = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger mostAtOnce = new AtomicInteger();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private volatile boolean interruptedAtStart;
    private volatile Callable<ProbeResult> answer = ProbeResult::up;

    ScriptedProbe up() {
        answer = ProbeResult::up;
        return this;
    }

    ScriptedProbe down() {
        answer = () -> ProbeResult.down("it says no");
        return this;
    }

    ScriptedProbe saturated() {
        answer = () -> ProbeResult.saturated("the pool is full");
        return this;
    }

    ScriptedProbe breaks() {
        answer = () -> {
            throw new NullPointerException("the check is at fault");
        };
        return this;
    }

    ScriptedProbe does(Callable<ProbeResult> next) {
        answer = next;
        return this;
    }

    @Override
    public ProbeResult check() throws Exception {
        interruptedAtStart |= Thread.currentThread().isInterrupted();
        threads.add(Thread.currentThread());
        mostAtOnce.accumulateAndGet(underWay.incrementAndGet(), Math::max);
        started.incrementAndGet();
        try {
            return answer.call();
        } finally {
            ended.incrementAndGet();
            underWay.decrementAndGet();
        }
    }

    int started() {
        return started.get();
    }

    int ended() {
        return ended.get();
    }

    int underWay() {
        return underWay.get();
    }

    int mostAtOnce() {
        return mostAtOnce.get();
    }

    boolean wasInterruptedAtStart() {
        return interruptedAtStart;
    }

    /** The threads that have ever been in this probe. */
    Set<Thread> threads() {
        return threads;
    }

    /** A point where a check stops until the test lets it go. */
    static final class Hold {

        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);
        private final AtomicInteger interrupts = new AtomicInteger();

        /** Stops here; an interrupt ends it. */
        ProbeResult pass() throws InterruptedException {
            reached.countDown();
            try {
                released.await();
            } catch (InterruptedException e) {
                interrupts.incrementAndGet();
                throw e;
            }
            return ProbeResult.up();
        }

        /** Stops here, whoever interrupts. */
        ProbeResult passStubbornly() {
            reached.countDown();
            boolean waiting = true;
            while (waiting) {
                try {
                    released.await();
                    waiting = false;
                } catch (InterruptedException e) {
                    interrupts.incrementAndGet();
                }
            }
            return ProbeResult.up();
        }

        void awaitReached() {
            GateRig.eventuallyTrue(() -> reached.getCount() == 0);
        }

        int interrupts() {
            return interrupts.get();
        }

        void release() {
            released.countDown();
        }
    }
}
