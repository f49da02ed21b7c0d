package io.pratique.testkit;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Threads that make a check all the time, and can tell whether it ever threw, blocked or waited. For tests of what a
 * fault elsewhere does to those who ask for a flag or for a job's readiness:
 *
 * <pre>{@code
 * try (HotPathWitness witness = HotPathWitness.of(() -> client.isEnabled("outbox-processing"))) {
 *     server.kill();
 *     ...
 *     witness.assertUndisturbed();
 *     witness.assertAnswered(false);
 * }
 * }</pre>
 *
 * <p>Blocking and waiting are told by the counts that the JVM keeps for each thread, which are exact where a measured
 * time would not be.
 */
public final class HotPathWitness implements AutoCloseable {

    private static final int THREADS = 4;
    private static final int CHECKS_AT_A_TIME = 100;

    private final BooleanSupplier check;
    private final Monitor monitor = new Monitor();
    private final List<Thread> threads = new ArrayList<>();
    private final List<ThreadInfo> before;
    private int ready;
    private volatile boolean sawOn;
    private volatile boolean sawOff;
    private volatile @Nullable Throwable thrown;
    private volatile boolean closed;

    private HotPathWitness(BooleanSupplier check) throws InterruptedException {
        this.check = check;
        for (int i = 0; i < THREADS; i++) {
            Thread thread = new Thread(this::checkAllTheTime, "hot-path-witness-" + i);
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
        // What it takes to load classes is not the check's.
        monitor.await(() -> ready == THREADS, Monitor.PATIENCE, () -> "the first checks did not return");
        this.before = counts();
    }

    /**
     * Starts threads that make a check all the time.
     *
     * @param check what is to be disturbed by nothing
     * @return a witness from now on
     * @throws InterruptedException if the thread is interrupted before the first checks have been made
     * @throws AssertionError if the first checks do not return
     */
    public static HotPathWitness of(BooleanSupplier check) throws InterruptedException {
        return new HotPathWitness(check);
    }

    private void checkAllTheTime() {
        try (ServerSocket pause = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            pause.setSoTimeout(1);
            checkOften();
            pause(pause);
            monitor.change(() -> ready++);
            while (!closed) {
                checkOften();
                pause(pause);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void checkOften() {
        for (int i = 0; i < CHECKS_AT_A_TIME; i++) {
            try {
                note(check.getAsBoolean());
            } catch (Throwable failed) {
                thrown = failed;
            }
        }
    }

    private void note(boolean answer) {
        if (answer) {
            sawOn = true;
        } else {
            sawOff = true;
        }
    }

    /** Nobody ever connects: a pause that is spent in a system call, and so is in no count of the thread. */
    private static void pause(ServerSocket pause) throws IOException {
        try (Socket unexpected = pause.accept()) {
            throw new IOException("connected by " + unexpected.getRemoteSocketAddress());
        } catch (SocketTimeoutException over) {
            // The pause is over.
        }
    }

    private List<ThreadInfo> counts() {
        long[] ids = threads.stream().mapToLong(Thread::getId).toArray();
        return List.of(ManagementFactory.getThreadMXBean().getThreadInfo(ids));
    }

    /**
     * Fails if one of the checks made so far threw, or if one of the threads was blocked or waited.
     *
     * @throws AssertionError if one was disturbed
     */
    public void assertUndisturbed() {
        List<ThreadInfo> now = counts();
        assertAll(
                () -> assertEquals(null, thrown, "what a check threw"),
                () -> assertEquals(blocked(before), blocked(now), "how often the checking threads were blocked"),
                () -> assertEquals(waited(before), waited(now), "how often the checking threads waited"));
    }

    private static long blocked(List<ThreadInfo> threads) {
        return threads.stream().mapToLong(ThreadInfo::getBlockedCount).sum();
    }

    private static long waited(List<ThreadInfo> threads) {
        return threads.stream().mapToLong(ThreadInfo::getWaitedCount).sum();
    }

    /**
     * Fails if one of the checks made so far gave another answer.
     *
     * @param answer what each of them has to have answered
     * @throws AssertionError if one did not
     */
    public void assertAnswered(boolean answer) {
        assertFalse(answer ? sawOff : sawOn, () -> "a check answered " + !answer);
    }

    /** Ends the threads. */
    @Override
    public void close() {
        closed = true;
    }
}
