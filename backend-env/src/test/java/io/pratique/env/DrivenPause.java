package io.pratique.env;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Lets one watch look as often as the test says. Loads on the test's own thread are not held up. */
final class DrivenPause implements Stillness.Pause {

    private final Thread test = Thread.currentThread();
    private final Semaphore waiting = new Semaphore(0);
    private final Semaphore periods = new Semaphore(0);

    @Override
    public boolean isEnded(CountDownLatch end) throws InterruptedException {
        if (Thread.currentThread() != test) {
            waiting.release();
            while (end.getCount() > 0 && !periods.tryAcquire(5, TimeUnit.MILLISECONDS)) {
                // Either may come first.
            }
        }
        return end.getCount() == 0;
    }

    /** Returns when the watch has looked so often, and has done what it does about it. */
    void looks(int times) throws InterruptedException {
        for (int i = 0; i < times; i++) {
            waiting.acquire();
            periods.release();
        }
        waiting.acquire();
        waiting.release();
    }
}
