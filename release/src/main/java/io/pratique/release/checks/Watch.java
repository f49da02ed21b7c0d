package io.pratique.release.checks;

import io.pratique.release.InconclusiveException;
import io.pratique.release.Step;
import io.pratique.release.StepAction;
import io.pratique.release.StepContext;
import io.pratique.release.checks.Signal.Kind;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Watches what has just been released, and fails if it turns out bad, which has the release undone: ten minutes, every
 * ten seconds, unless set. Immutable; each setter gives a new watch.
 *
 * <pre>{@code
 * Watch.release()
 *         .health(URI.create("http://localhost:8080/health"))
 *         .errorRate(SignalSource.prometheus(server, "sum(rate(jobs_failed_total[1m])) / sum(rate(jobs_total[1m]))"))
 *         .backlog(SignalSource.json(URI.create("http://localhost:8080/metrics.json"), "/queue/backlog"))
 *         .p95(() -> latencies.percentile(95))
 *         .step("watch")
 * }</pre>
 *
 * <p>The step belongs after the changes. What cannot be read, and what has no value, says nothing about the release; what
 * was bad before stays so for three intervals without any evidence. If nothing could be read in all of the time, the watch
 * is inconclusive. Something that is bad when the time is over, but not yet for as long as it may be, is watched on until
 * that is decided. A release that is resumed is watched from the beginning.
 *
 * <p>After each look the file {@code watch.json} in the release's directory holds what was seen last:
 * {@code {"healthy":true,"errorRate":0.01,"backlog":12,"p95Seconds":0.2,"at":"2026-01-31T12:00:00Z","trigger":null}}. What
 * is not watched or not known is null; the trigger is the name of the value that has had the release undone.
 */
public final class Watch implements StepAction {

    /** For how many intervals something bad stays so without evidence. */
    static final int HELD_INTERVALS = 3;

    private static final Duration USUAL_PERIOD = Duration.ofMinutes(10);
    private static final Duration USUAL_INTERVAL = Duration.ofSeconds(10);
    private static final Duration USUAL_PATIENCE = Duration.ofMinutes(3);
    private static final double USUAL_ERROR_RATE = 0.5;
    private static final long USUAL_BACKLOG = 10_000;
    private static final Duration USUAL_P95 = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final Duration SHORTEST = Duration.ofMillis(1);
    /** Looks may block while the time is over. */
    private static final Duration LOOKS = Duration.ofMinutes(2);

    private final Map<Kind, Signal> signals;
    private final Duration tolerated;
    private final Duration period;
    private final Duration interval;
    private final @Nullable InstantSource clock;

    private Watch(
            Map<Kind, Signal> signals,
            Duration tolerated,
            Duration period,
            Duration interval,
            @Nullable InstantSource clock) {
        this.signals = signals;
        this.tolerated = tolerated;
        this.period = period;
        this.interval = interval;
        this.clock = clock;
    }

    /**
     * A watch of nothing yet.
     *
     * @return a watch to be told what to look at
     */
    public static Watch release() {
        return new Watch(Map.of(), Duration.ZERO, USUAL_PERIOD, USUAL_INTERVAL, null);
    }

    /**
     * The same watch of a URL that answers with status 200 while health is good. Three minutes of anything else have the
     * release undone.
     *
     * @param url as for {@link HttpCheck#of}
     * @return a new watch
     * @throws IllegalArgumentException if it is none
     */
    public Watch health(URI url) {
        return health(HttpCheck.of(url), USUAL_PATIENCE);
    }

    /**
     * The same watch of health.
     *
     * @param check throws while health is bad, run at each look, so it must end by itself; one that is inconclusive says
     *     nothing; what it tells is passed over
     * @param failingFor how long it may throw in a row, a day at most; zero for not at all
     * @return a new watch
     * @throws IllegalArgumentException if one is null, or the time is negative or longer
     */
    public Watch health(StepAction check, Duration failingFor) {
        requireGiven("health", check);
        Duration allowed = within("time for which health may fail", failingFor, Duration.ZERO);
        return with(new Signal(Kind.HEALTH, check, null, 0, allowed));
    }

    /**
     * The same watch of the share of requests or jobs that fail: over a half has the release undone.
     *
     * @param source from 0 to 1
     * @return a new watch
     * @throws IllegalArgumentException if it is null
     */
    public Watch errorRate(SignalSource source) {
        return errorRate(source, USUAL_ERROR_RATE);
    }

    /**
     * The same watch of the share of requests or jobs that fail.
     *
     * @param source from 0 to 1
     * @param most more has the release undone; from 0 to 1
     * @return a new watch
     * @throws IllegalArgumentException if the source is null, or the threshold is anything else
     */
    public Watch errorRate(SignalSource source, double most) {
        if (!(most >= 0 && most <= 1)) {
            throw new IllegalArgumentException(
                    "threshold of the error rate must be from 0 to 1, but is \"" + most + "\"; write 50 % as 0.5");
        }
        return value(Kind.ERROR_RATE, source, most);
    }

    /**
     * The same watch of what waits to be worked off: over 10,000 has the release undone.
     *
     * @param source how much it is
     * @return a new watch
     * @throws IllegalArgumentException if it is null
     */
    public Watch backlog(SignalSource source) {
        return backlog(source, USUAL_BACKLOG);
    }

    /**
     * The same watch of what waits to be worked off.
     *
     * @param source how much it is
     * @param most more has the release undone; not negative
     * @return a new watch
     * @throws IllegalArgumentException if the source is null, or the threshold is negative
     */
    public Watch backlog(SignalSource source, long most) {
        if (most < 0) {
            throw new IllegalArgumentException(
                    "threshold of the backlog must not be negative, but is \"" + most + "\"");
        }
        return value(Kind.BACKLOG, source, (double) most);
    }

    /**
     * The same watch of the 95th percentile of how long requests or jobs take: over ten seconds has the release undone.
     *
     * @param source in seconds
     * @return a new watch
     * @throws IllegalArgumentException if it is null
     */
    public Watch p95(SignalSource source) {
        return p95(source, USUAL_P95);
    }

    /**
     * The same watch of the 95th percentile of how long requests or jobs take.
     *
     * @param source in seconds
     * @param most more has the release undone; a millisecond to a day
     * @return a new watch
     * @throws IllegalArgumentException if one is null, or the threshold is shorter or longer
     */
    public Watch p95(SignalSource source, Duration most) {
        return value(
                Kind.P95, source, within("threshold of the p95", most, SHORTEST).toNanos() / 1e9);
    }

    private Watch value(Kind kind, SignalSource source, double most) {
        requireGiven(kind.shown(), source);
        return with(new Signal(kind, null, source, most, null));
    }

    private Watch with(Signal signal) {
        Map<Kind, Signal> more = new EnumMap<>(Kind.class);
        more.putAll(signals);
        more.put(signal.kind(), signal);
        return new Watch(more, tolerated, period, interval, clock);
    }

    /**
     * The same watch that bears values over their thresholds for some time. Unless set, the first has the release undone.
     *
     * @param tolerated how long in a row, a day at most
     * @return a new watch
     * @throws IllegalArgumentException if it is null, negative or longer
     */
    public Watch overFor(Duration tolerated) {
        Duration allowed = within("time for which values may be over their thresholds", tolerated, Duration.ZERO);
        return new Watch(signals, allowed, period, interval, clock);
    }

    /**
     * The same watch of another length.
     *
     * @param period ten minutes unless set; a millisecond to a day
     * @return a new watch
     * @throws IllegalArgumentException if it is null, shorter or longer
     */
    public Watch period(Duration period) {
        return new Watch(signals, tolerated, within("period of a watch", period, SHORTEST), interval, clock);
    }

    /**
     * The same watch with another time between two looks.
     *
     * @param interval ten seconds unless set; a millisecond to a day
     * @return a new watch
     * @throws IllegalArgumentException if it is null, shorter or longer
     */
    public Watch interval(Duration interval) {
        return new Watch(signals, tolerated, period, within("interval of a watch", interval, SHORTEST), clock);
    }

    /**
     * The same watch by another clock than the machine's, for tests. It is read again every few milliseconds.
     *
     * @param clock may be moved at will
     * @return a new watch
     * @throws IllegalArgumentException if it is null
     */
    public Watch clock(InstantSource clock) {
        requireGiven("clock", clock);
        return new Watch(signals, tolerated, period, interval, clock);
    }

    private static void requireGiven(String what, @Nullable Object given) {
        if (given == null) {
            throw new IllegalArgumentException(what + " of a watch must be given, but is null");
        }
    }

    private static Duration within(String what, @Nullable Duration given, Duration least) {
        if (given == null || given.compareTo(least) < 0 || given.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    what + " must be from " + least + " to " + LONGEST + ", but is \"" + given + "\"");
        }
        return given;
    }

    /**
     * This watch as a step, with a timeout that lets it come to its end.
     *
     * @param name as for {@link Step#check}
     * @return a step that belongs after the changes
     * @throws IllegalArgumentException if the name is none, or the watch looks at nothing
     */
    public Step step(String name) {
        requireSignals();
        Duration longest = Stream.concat(
                        Stream.of(tolerated),
                        signals.values().stream().map(Signal::tolerated).filter(Objects::nonNull))
                .max(Duration::compareTo)
                .orElse(tolerated);
        Duration ending =
                longest.plus(interval.multipliedBy(HELD_INTERVALS + 1L)).plus(LOOKS);
        return Step.check(name, this).timeout(period.plus(ending));
    }

    private void requireSignals() {
        if (signals.isEmpty()) {
            throw new IllegalArgumentException("a watch looks at nothing; give it health(..), or a value to look at");
        }
    }

    /**
     * Watches.
     *
     * @throws IllegalStateException if the release is to be undone: which signal, its value, its threshold, and for how long
     * @throws InconclusiveException if nothing could be read
     */
    @Override
    public void run(StepContext context) throws InconclusiveException, InterruptedException {
        requireSignals();
        List<SignalTrack> tracks = signals.values().stream()
                .map(signal -> new SignalTrack(signal, Objects.requireNonNullElse(signal.tolerated(), tolerated)))
                .toList();
        new WatchRun(tracks, period, interval, clock, context).toTheEnd();
    }
}
