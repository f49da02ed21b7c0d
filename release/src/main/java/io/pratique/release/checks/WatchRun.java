package io.pratique.release.checks;

import io.pratique.flags.spi.FlagText;
import io.pratique.release.InconclusiveException;
import io.pratique.release.StepContext;
import io.pratique.release.checks.Signal.Kind;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One run of a watch, from its first look to its end. */
final class WatchRun {

    /** A journal keeps two thousand characters of a step; the summary is to be among them. */
    private static final int TOLD = 15;

    /** Somebody else's clock may be moved without notice. */
    private static final long FOREIGN_CLOCK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final List<SignalTrack> tracks;
    private final Duration period;
    private final Duration interval;
    private final @Nullable InstantSource clock;
    private final StepContext context;
    private final WatchFile file;
    private final long hold;
    private boolean fileFailed;
    private int transitions;
    private int looks;

    WatchRun(
            List<SignalTrack> tracks,
            Duration period,
            Duration interval,
            @Nullable InstantSource clock,
            StepContext context) {
        this.tracks = tracks;
        this.period = period;
        this.interval = interval;
        this.clock = clock;
        this.context = context;
        this.file = new WatchFile(context.directory());
        this.hold = Watch.HELD_INTERVALS * interval.toNanos();
    }

    void toTheEnd() throws InconclusiveException, InterruptedException {
        long start = nanos();
        long end = start + period.toNanos();
        long due = start;
        while (true) {
            waitUntil(due);
            look();
            long now = nanos();
            if (now - end >= 0 && tracks.stream().noneMatch(track -> track.isBadSinceBefore(end))) {
                break;
            }
            long next = due + interval.toNanos();
            due = Math.max(now, now < end ? Math.min(next, end) : next);
        }
        context.tell(summary(start));
        if (tracks.stream().noneMatch(SignalTrack::isKnown)) {
            throw new InconclusiveException("the watch has seen nothing in " + period
                    + " that tells whether the release is good: "
                    + tracks.stream().map(SignalTrack::summary).collect(Collectors.joining(", ")));
        }
    }

    /** Looks at all, also after one that is bad: the file tells of all of them. */
    private void look() throws InterruptedException {
        List<String> triggers = new ArrayList<>();
        Kind first = null;
        for (SignalTrack track : tracks) {
            Signal.Sighting seen = track.signal().look(context);
            requireNotStopped();
            long now = nanos();
            tell(track.see(seen, now, hold));
            String trigger = track.trigger(now);
            if (trigger != null) {
                triggers.add(trigger);
                first = first == null ? track.signal().kind() : first;
            }
        }
        looks++;
        write(first);
        if (!triggers.isEmpty()) {
            throw new IllegalStateException(String.join("; ", triggers));
        }
    }

    private void tell(@Nullable String transition) {
        if (transition != null && ++transitions <= TOLD) {
            context.tell(transition);
        }
    }

    private String summary(long start) {
        String more = transitions > TOLD ? ", " + (transitions - TOLD) + " changes more than told" : "";
        return "watched for " + Duration.ofSeconds(TimeUnit.NANOSECONDS.toSeconds(nanos() - start)) + ", " + looks
                + " looks" + more + ": "
                + tracks.stream().map(SignalTrack::summary).collect(Collectors.joining(", "));
    }

    /** The watch goes on without its file. */
    private void write(@Nullable Kind trigger) {
        try {
            file.write(tracks, clock == null ? Instant.now() : clock.instant(), trigger);
            fileFailed = false;
        } catch (IOException e) {
            tell(fileFailed ? null : "watch.json cannot be written: " + FlagText.printable(e));
            fileFailed = true;
        }
    }

    private void waitUntil(long due) throws InterruptedException {
        requireNotStopped();
        for (long left = due - nanos(); left > 0; left = due - nanos()) {
            TimeUnit.NANOSECONDS.sleep(clock == null ? left : Math.min(left, FOREIGN_CLOCK_NANOS));
        }
    }

    private static void requireNotStopped() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("the watch was told to stop");
        }
    }

    private long nanos() {
        return clock == null
                ? System.nanoTime()
                : Duration.between(Instant.EPOCH, clock.instant()).toNanos();
    }
}
