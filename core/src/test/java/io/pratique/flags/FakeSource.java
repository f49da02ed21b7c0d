package io.pratique.flags;

import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagSource;
import io.pratique.flags.spi.Subscription;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** A source that does what the test says, and counts what is done to it. */
final class FakeSource implements FlagSource {

    private final String name;
    private final AtomicInteger started = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger mostAtOnce = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private final AtomicInteger watches = new AtomicInteger();
    private final AtomicBoolean closedDuringLoad = new AtomicBoolean();
    private volatile Callable<FlagSet> answer = FlagSet::empty;
    private volatile Watch watch = changed -> Subscription.none();
    private volatile Runnable closing = () -> {};

    /** How a source announces changes. */
    @FunctionalInterface
    interface Watch {
        Subscription start(Runnable changed) throws Exception;
    }

    FakeSource(String name) {
        this.name = name;
    }

    static FakeSource of(String name, Map<String, String> values) {
        FakeSource source = new FakeSource(name);
        source.answers(values);
        return source;
    }

    void answers(Map<String, String> values) {
        FlagSet set = FlagSet.of(values);
        answer = () -> set;
    }

    void answers(Callable<FlagSet> next) {
        answer = next;
    }

    void fails() {
        answer = () -> {
            throw new IllegalStateException("the source is away");
        };
    }

    void watches(Watch next) {
        watch = next;
    }

    void closes(Runnable next) {
        closing = next;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public FlagSet load() throws Exception {
        started.incrementAndGet();
        mostAtOnce.accumulateAndGet(underWay.incrementAndGet(), Math::max);
        try {
            return answer.call();
        } finally {
            underWay.decrementAndGet();
            ended.incrementAndGet();
        }
    }

    @Override
    public Subscription watch(Runnable changed) throws Exception {
        watches.incrementAndGet();
        return watch.start(changed);
    }

    @Override
    public void close() {
        closed.incrementAndGet();
        closedDuringLoad.compareAndSet(false, underWay.get() > 0);
        closing.run();
    }

    int started() {
        return started.get();
    }

    int ended() {
        return ended.get();
    }

    int mostAtOnce() {
        return mostAtOnce.get();
    }

    int watches() {
        return watches.get();
    }

    boolean closedDuringLoad() {
        return closedDuringLoad.get();
    }

    int closed() {
        return closed.get();
    }

    /** A point where a load stops until the test lets it go. */
    static final class Hold {

        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);

        /** Stops here; an interrupt ends it. */
        void pass() throws InterruptedException {
            reached.countDown();
            released.await();
        }

        /** Stops here, whoever interrupts. */
        void passStubbornly() {
            reached.countDown();
            boolean waiting = true;
            while (waiting) {
                try {
                    released.await();
                    waiting = false;
                } catch (InterruptedException ignored) {
                    // That is what stubborn means.
                }
            }
        }

        void awaitReached() throws InterruptedException {
            if (!reached.await(Eventually.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("no load came here");
            }
        }

        void release() {
            released.countDown();
        }
    }
}
