package io.pratique.readiness;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** Counts what is heard of a dependency. */
final class HeardCounts {

    private final Map<Outcome, LongAdder> outcomes = new ConcurrentHashMap<>();
    private final LongAdder checks = new LongAdder();
    private final LongAdder checkingNanos = new LongAdder();

    /** A negative duration says that no check has ended. */
    void add(Outcome outcome, long duration) {
        outcomes.computeIfAbsent(outcome, first -> new LongAdder()).increment();
        if (duration >= 0) {
            addCheck(duration);
        }
    }

    void addCheck(long duration) {
        checks.increment();
        checkingNanos.add(duration);
    }

    HealthReport.Counts counts() {
        Map<Outcome, Long> heard = outcomes.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, entry -> entry.getValue().sum()));
        return new HealthReport.Counts(heard, checks.sum(), Duration.ofNanos(checkingNanos.sum()));
    }
}
