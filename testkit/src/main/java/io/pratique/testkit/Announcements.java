package io.pratique.testkit;

import java.time.Duration;

/** A callback for a watch that counts how often it was told. */
final class Announcements implements Runnable {

    private final Duration patience;
    private final Monitor monitor = new Monitor();
    private int told;

    Announcements(Duration patience) {
        this.patience = patience;
    }

    @Override
    public void run() {
        monitor.change(() -> told++);
    }

    int count() {
        return monitor.read(() -> told);
    }

    /** Waits until it has been told once more than before. */
    void awaitMoreThan(int before, String what) throws InterruptedException {
        monitor.await(() -> told > before, patience, () -> what + " was not announced");
    }
}
