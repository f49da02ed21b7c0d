package io.pratique.env;

import io.pratique.flags.spi.FlagSet;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The loads of one source, one after the other. Each reads what is still, waits for what is not, and looks once more
 * after reading, since it may have changed meanwhile. What still looks as it did when it was last read is read
 * again only if its look may hide a change.
 */
final class SettledLoads {

    /** How many periods the first load waits, which has nothing else to give. */
    private static final int FIRST_PATIENCE = 5;

    /** The same for a later one, which can give what was there before. */
    private static final int PATIENCE = 1;

    /** After so many loads in a row that found a file being written, its last state is not worth being called new. */
    private static final int UNSETTLED_LOADS = 3;

    private final String source;
    private final Origin origin;
    private final Stillness stillness;
    private final CountDownLatch closed;

    private final ReentrantLock lock = new ReentrantLock();
    private final Recollection recollection;
    private @Nullable FlagSet last;
    /** The look that the last set had. */
    private @Nullable Look lastLook;

    private int unsettledLoads;

    private volatile @Nullable Look answered;

    SettledLoads(String source, Origin origin, Stillness stillness, Recollection recollection, CountDownLatch closed) {
        this.source = source;
        this.origin = origin;
        this.stillness = stillness;
        this.recollection = recollection;
        this.closed = closed;
    }

    /** The look of which the last load told what is behind it, be it an outage; null before the first. */
    @Nullable Look answered() {
        return answered;
    }

    void requireOpen() {
        if (closed.getCount() == 0) {
            throw new IllegalStateException("The flag source \"" + source + "\" is closed");
        }
    }

    FlagSet load() throws IOException, InterruptedException {
        lock.lockInterruptibly();
        try {
            Look seen = origin.look();
            FlagSet before = last;
            if (before != null && seen.equals(lastLook) && seen.isExact()) {
                requireOpen();
                return answer(before, seen);
            }
            for (int patience = before == null ? FIRST_PATIENCE : PATIENCE; ; patience--) {
                requireOpen();
                Draft draft = stillness.covers(seen) ? read(seen) : null;
                if (draft != null) {
                    return accept(draft, seen);
                }
                if (patience == 0) {
                    return unsettled();
                }
                Look next = stillness.lookAgain(seen, closed);
                seen = next == null ? seen : next;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Reads what had a look; null if it has another one afterwards. */
    private @Nullable Draft read(Look look) throws IOException, InterruptedException {
        Draft draft = recollection.newDraft();
        try {
            look.readInto(draft);
        } catch (IOException e) {
            // An interrupted read fails like a broken one, but says nothing about the file.
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while reading flags");
            }
            if (isReplaced(look)) {
                return null;
            }
            answered = look;
            throw e;
        }
        return isReplaced(look) ? null : draft;
    }

    private boolean isReplaced(Look look) {
        return origin.isWrittenInSteps() && !look.equals(origin.look());
    }

    private FlagSet accept(Draft draft, Look look) {
        FlagSet now = recollection.accept(draft);
        FlagSet before = last;
        return answer(before != null && before.equals(now) ? before : now, look);
    }

    private FlagSet answer(FlagSet set, Look look) {
        last = set;
        lastLook = look;
        answered = look;
        unsettledLoads = 0;
        return set;
    }

    private FlagSet unsettled() throws IOException {
        FlagSet before = last;
        unsettledLoads++;
        if (before == null || unsettledLoads >= UNSETTLED_LOADS) {
            throw new IOException("The flag source \"" + source + "\" is being written to all the time; "
                    + "it counts once it has been still for " + Stillness.PERIOD + " ms");
        }
        return before;
    }
}
