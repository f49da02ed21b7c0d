package io.pratique.metrics;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.pratique.flags.FlagChange;
import io.pratique.flags.FlagEvaluation;
import io.pratique.flags.FlagListener;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Times how long changes take from their source to here. */
final class PropagationLag implements FlagListener, AutoCloseable {

    /** From a push on one host to a poll that comes once in five minutes. */
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(5),
        Duration.ofMillis(20),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30),
        Duration.ofMinutes(1),
        Duration.ofMinutes(5)
    };

    private final List<Timers> bound = new CopyOnWriteArrayList<>();

    /** The timers in one registry, by source. */
    private record Timers(MeterRegistry registry, Map<String, Timer> bySource) {}

    void bind(MeterRegistry registry, Tags tags, List<String> sources) {
        Map<String, Timer> timers = new HashMap<>();
        for (String source : sources) {
            timers.put(
                    source,
                    Timer.builder(FlagMetrics.FLAG_PROPAGATION)
                            .tags(tags.and(FlagMetrics.SOURCE, source))
                            .description("Time from a change of a flag in its source to the change of the answer here")
                            .serviceLevelObjectives(BUCKETS)
                            .register(registry));
        }
        bound.add(new Timers(registry, timers));
    }

    @Override
    public void onChange(FlagChange change) {
        FlagEvaluation after = change.after();
        String source = after.source();
        Instant changedAt = after.changedAt();
        if (source == null || changedAt == null || !isNews(change.before(), source)) {
            return;
        }
        for (Timers timers : bound) {
            Timer timer = timers.bySource().get(source);
            if (timer != null) {
                timer.record(since(changedAt, timers.registry().config().clock()));
            }
        }
    }

    /**
     * Whether a value that decides now has just come from its source. One that had been there before, below another that
     * is gone now, has not; nor has what a source says when it answers for the first time.
     */
    private static boolean isNews(FlagEvaluation before, String source) {
        return !before.unanswered().contains(source) && !before.shadowed().contains(source);
    }

    private static Duration since(Instant changedAt, Clock clock) {
        Duration lag = Duration.between(changedAt, Instant.ofEpochMilli(clock.wallTime()));
        return lag.isNegative() ? Duration.ZERO : lag;
    }

    @Override
    public void close() {
        for (Timers timers : bound) {
            timers.bySource().values().forEach(timers.registry()::remove);
        }
        bound.clear();
    }
}
