package io.pratique.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Several threads that start at one moment. */
final class Race {

    /** What one of them does. */
    @FunctionalInterface
    interface Runner<T> {
        T run(int number) throws Exception;
    }

    private Race() {}

    /** Returns what each has returned, in the order of their numbers from 0, or throws what one has thrown. */
    static <T> List<T> of(int runners, Runner<T> runner) throws Exception {
        CyclicBarrier start = new CyclicBarrier(runners);
        ExecutorService threads = Executors.newFixedThreadPool(runners);
        try {
            List<Future<T>> running = new ArrayList<>();
            for (int i = 0; i < runners; i++) {
                int number = i;
                running.add(threads.submit(() -> {
                    start.await();
                    return runner.run(number);
                }));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> run : running) {
                results.add(result(run));
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }

    /** What has failed one of them has to look as if it had failed the test itself. */
    private static <T> T result(Future<T> run) throws Exception {
        try {
            return run.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e.getCause() instanceof Exception thrown ? thrown : e;
        }
    }
}
