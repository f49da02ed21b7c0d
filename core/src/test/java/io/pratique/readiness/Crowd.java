package io.pratique.readiness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** Many threads that begin the same thing at the same moment. */
final class Crowd {

    private Crowd() {}

    /** What each of them does. */
    @FunctionalInterface
    interface Member {

        /**
         * Does its part.
         *
         * @param number from zero
         */
        void act(int number) throws Exception;
    }

    /** Has them all begin at once, and waits for all; what one throws fails the test. */
    static void of(int threads, Member member) throws Exception {
        CyclicBarrier together = new CyclicBarrier(threads);
        List<FutureTask<Void>> tasks = new ArrayList<>();
        CountDownLatch ended = new CountDownLatch(threads);
        for (int i = 0; i < threads; i++) {
            int number = i;
            FutureTask<Void> task = new FutureTask<>(() -> {
                try {
                    together.await();
                    member.act(number);
                } finally {
                    ended.countDown();
                }
                return null;
            });
            tasks.add(task);
            new Thread(task, "crowd-" + i).start();
        }
        assertThat(ended.await(GateRig.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("all have ended")
                .isTrue();
        for (FutureTask<Void> task : tasks) {
            task.get();
        }
    }
}
