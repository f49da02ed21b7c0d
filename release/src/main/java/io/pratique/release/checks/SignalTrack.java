package io.pratique.release.checks;

import io.pratique.release.checks.Signal.Sight;
import io.pratique.release.checks.Signal.Sighting;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What one run of a watch has seen of one signal. For one thread. */
final class SignalTrack {

    private final Signal signal;
    private final Duration allowed;
    private Sighting last = new Sighting(Sight.GOOD, Double.NaN, "not looked at");
    private @Nullable Long badSince;
    private long lastBad;
    private boolean known;
    private double worst = Double.NaN;

    SignalTrack(Signal signal, Duration allowed) {
        this.signal = signal;
        this.allowed = allowed;
    }

    Signal signal() {
        return signal;
    }

    Sighting last() {
        return last;
    }

    /** Whether anything but uncertainty was ever seen. */
    boolean isKnown() {
        return known;
    }

    /** Whether it has been bad without end since such a moment or before. */
    boolean isBadSinceBefore(long nanos) {
        return badSince != null && badSince <= nanos;
    }

    /**
     * Takes in a look. What is not known is no evidence of either kind, so what was bad stays so for a while without any.
     *
     * @param hold for how long, in nanoseconds
     * @return what is to be told; null if it is as before
     */
    @Nullable String see(Sighting seen, long now, long hold) {
        if (seen.sight() == Sight.BAD) {
            badSince = badSince == null ? now : badSince;
            lastBad = now;
        } else if (seen.sight() == Sight.GOOD || now - lastBad > hold) {
            badSince = null;
        }
        known |= seen.sight() != Sight.UNKNOWN;
        if (!Double.isNaN(seen.value())) {
            worst = Double.isNaN(worst) ? seen.value() : Math.max(worst, seen.value());
        }
        boolean changed = seen.sight() != last.sight();
        last = seen;
        return changed ? said() : null;
    }

    /** Why the release is to be undone; null if it is not. */
    @Nullable String trigger(long now) {
        if (badSince == null || last.sight() != Sight.BAD) {
            return null;
        }
        Duration lasted = Duration.ofNanos(now - badSince);
        return lasted.compareTo(allowed) < 0 ? null : signal.trigger(last, lasted, allowed);
    }

    private String said() {
        String what = signal.kind().shown() + " ";
        return switch (last.sight()) {
            case GOOD -> what + "is " + last.said();
            case BAD -> what + "is bad: " + last.said();
            case UNKNOWN -> what + last.said();
        };
    }

    /** In a few words, what was seen at the end and at the worst. */
    String summary() {
        return said() + (Double.isNaN(worst) ? "" : " (" + signal.kind().shown(worst) + " at most)");
    }
}
