package io.pratique.flags;

import io.pratique.flags.spi.FlagEntry;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagText;
import io.pratique.time.Timeline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of one source. Immutable: each load, failure and end of a time box makes a new one. The map of held
 * keys stays the same instance as long as nothing in it changes, so that a poll that finds nothing rebuilds nothing. It
 * is a {@code HashMap}, as keys of one hash are trees in that; {@code Map.copyOf} would search through all of them.
 */
final class SourceState {

    private final String name;
    private final @Nullable FlagSet delivered;
    private final Map<String, Held> held;
    private final SourceHealth health;
    private final long invalidValues;

    SourceState(
            String name, @Nullable FlagSet delivered, Map<String, Held> held, SourceHealth health, long invalidValues) {
        this.name = name;
        this.delivered = delivered;
        this.held = held;
        this.health = health;
        this.invalidValues = invalidValues;
    }

    static SourceState unasked(String name) {
        return new SourceState(name, null, Map.of(), SourceHealth.UNASKED, 0);
    }

    String name() {
        return name;
    }

    Map<String, Held> held() {
        return held;
    }

    SourceHealth health() {
        return health;
    }

    /** The set that the next load may start from. A restored one serves only a source that can confirm its history. */
    @Nullable FlagSet previous() {
        return delivered != null && (health.answered() || delivered.historyMark() != null) ? delivered : null;
    }

    @Nullable FlagSet delivered() {
        return delivered;
    }

    /** What a successful load makes of this source. */
    @SuppressWarnings("ReferenceEquality") // the same instance means: nothing changed
    Loaded loaded(FlagSet set, Moment now) {
        SourceHealth healthy = health.succeeded(now);
        if (set == delivered && health.answered()) {
            return new Loaded(new SourceState(name, set, held, healthy, invalidValues), List.of(), 0);
        }
        Map<String, Held> next = new HashMap<>(set.entries().size() * 4 / 3 + 1);
        List<String> refused = new ArrayList<>();
        int oddKeys = 0;
        boolean changed = false;
        for (Map.Entry<String, FlagEntry> entry : set.entries().entrySet()) {
            String key = entry.getKey();
            if (!FlagText.isKey(key)) {
                oddKeys++;
                continue;
            }
            Held before = held.get(key);
            Held after = Held.of(entry.getValue(), before, now);
            next.put(key, after);
            changed |= after != before;
            if (after.invalid() && after != before && !wasRefused(before, after)) {
                refused.add(key);
            }
        }
        Map<String, Held> kept = changed || next.size() != held.size() ? Collections.unmodifiableMap(next) : held;
        SourceState state = new SourceState(name, set, kept, healthy, invalidValues + refused.size());
        return new Loaded(state, refused, oddKeys);
    }

    private static boolean wasRefused(@Nullable Held before, Held after) {
        return before != null && before.invalid() && before.refused().equals(after.refused());
    }

    /**
     * A state after a load.
     *
     * @param refused the keys whose values were found invalid just now
     * @param oddKeys how many keys no caller could ask for
     */
    record Loaded(SourceState state, List<String> refused, int oddKeys) {}

    SourceState failed(String why) {
        return withHealth(health.failed(why));
    }

    SourceState silent() {
        return withHealth(health.silent());
    }

    private SourceState withHealth(SourceHealth next) {
        return new SourceState(name, delivered, held, next, invalidValues);
    }

    /** Ends the time boxes that are over. */
    SourceState ended(Moment now) {
        if (held.values().stream().noneMatch(h -> h.hasEnded(now.nanos()))) {
            return this;
        }
        Map<String, Held> next = new HashMap<>(held);
        next.replaceAll((key, h) -> h.hasEnded(now.nanos()) ? h.ended(now.instant()) : h);
        return new SourceState(name, delivered, Collections.unmodifiableMap(next), health, invalidValues);
    }

    /** When the next time box ends, on the timeline. */
    long nextEnd() {
        return held.values().stream().mapToLong(Held::ends).min().orElse(Timeline.NEVER);
    }

    /** How long ago the source last answered; null if it never did. */
    @Nullable Duration age(Moment now) {
        if (health.answered()) {
            return Duration.ofNanos(Math.max(0, now.nanos() - health.lastSuccessNanos()));
        }
        Instant answered = health.lastSuccess();
        if (answered == null) {
            return null;
        }
        Duration age = Duration.between(answered, now.instant());
        return age.isNegative() ? Duration.ZERO : age;
    }

    SourceStatus status(Moment now, @Nullable Duration loadingFor, boolean pushed) {
        SourceStatus.State state = !health.answered()
                ? SourceStatus.State.NOT_READY
                : health.stale() ? SourceStatus.State.STALE : SourceStatus.State.READY;
        int flags = (int) held.values().stream().filter(Held::holds).count();
        return new SourceStatus(
                name,
                state,
                flags,
                health.lastSuccess(),
                age(now),
                health.failures(),
                health.error(),
                loadingFor,
                pushed,
                health.loads(),
                health.failedLoads(),
                invalidValues);
    }
}
