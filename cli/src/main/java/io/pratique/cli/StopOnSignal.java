package io.pratique.cli;

import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Has what runs stop when this process is told to end, by SIGTERM, SIGINT or SIGHUP, and end the process itself, once all is
 * undone and told. A second signal finds the process ending already and changes nothing.
 */
final class StopOnSignal implements AutoCloseable {

    private final Thread hook = new Thread(this::stopAndEnd, "pratique-stop");
    private final CountDownLatch ended = new CountDownLatch(1);

    private boolean told;
    private @Nullable Runnable stop;
    private volatile int code = ReleaseExitCode.INTERRUPTED;

    StopOnSignal() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** What to do, now if a signal has come already. */
    synchronized void stopBy(Runnable stop) {
        this.stop = stop;
        if (told) {
            stop.run();
        }
    }

    private void stopAndEnd() {
        endIfPlanExits();
        stop();
        boolean waiting = true;
        while (waiting) {
            try {
                ended.await();
                waiting = false;
            } catch (InterruptedException nobodyInterruptsThis) {
                // What is being undone is undone to its end.
            }
        }
        // Not exit, which waits for this thread, and would end with the code of the signal.
        Runtime.getRuntime().halt(code);
    }

    /** Who calls System.exit waits for this hook and would be waited for, be it a plan or one of its steps. */
    private void endIfPlanExits() {
        boolean exits = Thread.getAllStackTraces().values().stream()
                .flatMap(Arrays::stream)
                .anyMatch(StopOnSignal::isExit);
        if (exits && ended.getCount() > 0) {
            System.err.println(
                    "pratique: the plan or one of its steps has called System.exit, which ends a release as a"
                            + " kill does; have it throw");
            Runtime.getRuntime().halt(isBegun() ? ReleaseExitCode.INCONCLUSIVE : ReleaseExitCode.CONFIGURATION);
        }
    }

    /** A signal does not come this way. */
    private static boolean isExit(StackTraceElement frame) {
        return frame.getClassName().equals("java.lang.Runtime")
                && frame.getMethodName().equals("exit");
    }

    private synchronized boolean isBegun() {
        return stop != null;
    }

    private synchronized void stop() {
        told = true;
        if (stop != null) {
            stop.run();
        }
    }

    /** All is told. Gives the code that the process ends with, by a signal or not. */
    int ended(int exitCode) {
        code = exitCode;
        return exitCode;
    }

    @Override
    public void close() {
        ended.countDown();
        try {
            boolean unused = Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            // The hook ends the process.
        }
    }
}
