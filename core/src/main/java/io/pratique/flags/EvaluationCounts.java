package io.pratique.flags;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Counts evaluations by key and answer, of so many keys; the rest together. */
final class EvaluationCounts {

    private static final int MAX_KEYS = 1_000;

    private final Map<String, Count> counts = new ConcurrentHashMap<>();
    private final Count others = new Count();

    /** The two counters of one key. */
    static final class Count {

        private final LongAdder on = new LongAdder();
        private final LongAdder off = new LongAdder();

        /** Counts an answer, and gives it back. */
        boolean add(boolean enabled) {
            (enabled ? on : off).increment();
            return enabled;
        }

        private EvaluationCount named(String key) {
            return new EvaluationCount(key, on.sum(), off.sum());
        }
    }

    Count of(@Nullable String key) {
        if (key == null) {
            return others;
        }
        Count count = counts.get(key);
        if (count != null) {
            return count;
        }
        return counts.size() < MAX_KEYS ? counts.computeIfAbsent(key, first -> new Count()) : others;
    }

    List<EvaluationCount> toPublic() {
        EvaluationCount rest = others.named(EvaluationCount.OTHERS);
        return Stream.concat(
                        counts.entrySet().stream()
                                .map(entry -> entry.getValue().named(entry.getKey()))
                                .sorted(Comparator.comparing(EvaluationCount::key)),
                        Stream.of(rest).filter(count -> count.on() + count.off() > 0))
                .toList();
    }
}
