package io.pratique.testkit;

import io.pratique.flags.spi.Subscription;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

/** The open watches of one source. */
final class Watches {

    private final List<Watch> open = new CopyOnWriteArrayList<>();

    Subscription open(Runnable changed) {
        Watch watch = new Watch(changed);
        open.add(watch);
        return watch;
    }

    int count() {
        return open.size();
    }

    /** Tells all that something has changed, on the calling thread; what they throw is dropped. */
    void tell() {
        open.forEach(Watch::tell);
    }

    void close() {
        open.clear();
    }

    /** One watch; each has an identity of its own, so that one callback can watch twice. */
    private final class Watch implements Subscription {

        private final Runnable changed;

        Watch(Runnable changed) {
            this.changed = Objects.requireNonNull(changed, "changed");
        }

        void tell() {
            try {
                changed.run();
            } catch (Throwable dropped) {
                // A callback throws nothing; one that does must not keep the others from being told.
            }
        }

        @Override
        public void close() {
            open.remove(this);
        }
    }
}
