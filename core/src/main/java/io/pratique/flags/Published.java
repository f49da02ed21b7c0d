package io.pratique.flags;

/** The one reference through which a snapshot is published. The hot path extends it, which is a look into memory less. */
class Published {

    private volatile Snapshot current;

    Published(Snapshot first) {
        this.current = first;
    }

    final Snapshot current() {
        return current;
    }

    /** Called by the board only, with its lock in hand. */
    final void publish(Snapshot next) {
        current = next;
    }
}
