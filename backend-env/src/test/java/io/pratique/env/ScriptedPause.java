package io.pratique.env;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;

/** A pause that takes no time and in which something happens: the n-th step in the n-th pause, then nothing more. */
final class ScriptedPause implements Stillness.Pause {

    /** What happens in a pause. */
    @FunctionalInterface
    interface Step {
        void run() throws Exception;
    }

    private final Deque<Step> steps = new ArrayDeque<>();
    private int pauses;

    static ScriptedPause of(Step... steps) {
        ScriptedPause pause = new ScriptedPause();
        pause.then(steps);
        return pause;
    }

    ScriptedPause then(Step... more) {
        steps.addAll(java.util.List.of(more));
        return this;
    }

    int pauses() {
        return pauses;
    }

    @Override
    public boolean isEnded(CountDownLatch end) throws InterruptedException {
        pauses++;
        Step step = steps.poll();
        try {
            if (step != null) {
                step.run();
            }
        } catch (InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return end.getCount() == 0;
    }
}
