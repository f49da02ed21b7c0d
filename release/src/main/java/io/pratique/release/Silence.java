package io.pratique.release;

/** How long a lock has looked the same to one who waits for it. */
final class Silence {

    private long token = -1;
    private long beats = -1;
    private boolean held;
    private long since;

    Silence(long now) {
        this.since = now;
    }

    /** Takes another look into account, and gives the nanoseconds since it was another one. */
    long after(LockFile file, long beatsNow, long now) {
        if (file.token() != token || file.held() != held || beatsNow != beats) {
            token = file.token();
            held = file.held();
            beats = beatsNow;
            since = now;
        }
        return now - since;
    }
}
