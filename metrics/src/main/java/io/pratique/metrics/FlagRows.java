package io.pratique.metrics;

import io.micrometer.core.instrument.Tags;
import io.pratique.flags.EvaluationCount;
import io.pratique.flags.FlagClient;
import io.pratique.flags.FlagEvaluation;
import io.pratique.flags.Reason;
import io.pratique.flags.SourceStatus;
import io.pratique.flags.UnknownKeys;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the meters of a client show. */
final class FlagRows {

    private static final MeterSpec ENABLED =
            MeterSpec.state(FlagMetrics.FLAG_ENABLED, "Whether the flag is on: 1, or 0");
    private static final MeterSpec OFF =
            MeterSpec.time(FlagMetrics.FLAG_OFF, "How long the flag has been off by a source or an override");
    private static final MeterSpec OVERRIDDEN =
            MeterSpec.state(FlagMetrics.FLAG_OVERRIDDEN, "Whether an override of the flag is in force in this process");
    private static final MeterSpec KILLED =
            MeterSpec.number(FlagMetrics.KILLED_FLAGS, "flags", "Flags that are off by a source or an override");
    private static final MeterSpec EVALUATIONS = MeterSpec.counter(
            FlagMetrics.FLAG_EVALUATIONS, "evaluations", "Evaluations of the flag, by what was answered");
    private static final MeterSpec UNKNOWN_KEYS =
            MeterSpec.number(FlagMetrics.UNKNOWN_KEYS, "keys", "Keys that were asked for and that nobody knows");
    private static final MeterSpec UNKNOWN_CHECKS = MeterSpec.counter(
            FlagMetrics.UNKNOWN_CHECKS, "checks", "Checks for unknown keys beyond those that are remembered");
    private static final MeterSpec STATE =
            MeterSpec.state(FlagMetrics.SOURCE_STATE, "Whether the source is in this state: 1, or 0");
    private static final MeterSpec AGE =
            MeterSpec.time(FlagMetrics.SOURCE_AGE, "How long ago the source last answered");
    private static final MeterSpec LOADING =
            MeterSpec.time(FlagMetrics.SOURCE_LOADING, "How long a load has been under way; 0 if none is");
    private static final MeterSpec LOADS =
            MeterSpec.counter(FlagMetrics.SOURCE_LOADS, "loads", "Loads of the source that have ended");
    private static final MeterSpec FLAGS =
            MeterSpec.number(FlagMetrics.SOURCE_FLAGS, "flags", "Flags that the source holds");
    private static final MeterSpec INVALID = MeterSpec.counter(
            FlagMetrics.SOURCE_INVALID_VALUES, "values", "Values that are none of the accepted words");

    private final FlagClient client;
    private final TagLimit limit = new TagLimit();

    FlagRows(FlagClient client) {
        this.client = client;
    }

    List<Row> read(Instant now) {
        List<Row> rows = new ArrayList<>();
        addFlags(rows, now);
        client.evaluationCounts().forEach(count -> addEvaluations(rows, count));
        client.sources().forEach(source -> addSource(rows, source));
        UnknownKeys unknown = client.unknownKeys();
        rows.add(UNKNOWN_KEYS.row(Tags.empty(), unknown.keys().size()));
        rows.add(UNKNOWN_CHECKS.row(Tags.empty(), unknown.further()));
        return rows;
    }

    private void addFlags(List<Row> rows, Instant now) {
        List<FlagEvaluation> flags = client.flags();
        Set<String> named = limit.among(flags.stream().map(FlagEvaluation::key).collect(Collectors.toSet()));
        Map<String, Standing> standings = new LinkedHashMap<>();
        int killed = 0;
        for (FlagEvaluation flag : flags) {
            Standing standing = Standing.of(flag, now);
            killed += standing.off() == null ? 0 : 1;
            standings.merge(named.contains(flag.key()) ? flag.key() : TagLimit.OTHERS, standing, Standing::and);
        }
        standings.forEach((flag, standing) -> standing.addTo(rows, Tags.of(FlagMetrics.FLAG, flag)));
        rows.add(KILLED.row(Tags.empty(), killed));
    }

    /**
     * How a flag is, or several that share a tag.
     *
     * @param enabled whether all are on
     * @param off how long the first of them has been off by a source or an override; null if none is
     * @param overrides how many overrides are in force
     */
    private record Standing(boolean enabled, @Nullable Duration off, int overrides) {

        static Standing of(FlagEvaluation flag, Instant now) {
            boolean overridden = FlagEvaluation.OVERRIDE.equals(flag.source());
            return new Standing(flag.enabled(), offFor(flag, now), overridden ? 1 : 0);
        }

        private static @Nullable Duration offFor(FlagEvaluation flag, Instant now) {
            Instant changedAt = flag.changedAt();
            if (flag.enabled() || changedAt == null || flag.reason() == Reason.ERROR) {
                return null;
            }
            return changedAt.isBefore(now) ? Duration.between(changedAt, now) : Duration.ZERO;
        }

        Standing and(Standing other) {
            return new Standing(enabled && other.enabled, longer(off, other.off), overrides + other.overrides);
        }

        private static @Nullable Duration longer(@Nullable Duration one, @Nullable Duration other) {
            return one == null || (other != null && other.compareTo(one) > 0) ? other : one;
        }

        void addTo(List<Row> rows, Tags tags) {
            rows.add(ENABLED.row(tags, enabled));
            if (off != null) {
                rows.add(OFF.row(tags, off));
            }
            if (overrides > 0) {
                rows.add(OVERRIDDEN.row(tags, overrides));
            }
        }
    }

    private static void addEvaluations(List<Row> rows, EvaluationCount count) {
        Tags tags = Tags.of(FlagMetrics.FLAG, count.key());
        rows.add(EVALUATIONS.row(tags.and(FlagMetrics.ANSWER, "on"), count.on()));
        rows.add(EVALUATIONS.row(tags.and(FlagMetrics.ANSWER, "off"), count.off()));
    }

    private static void addSource(List<Row> rows, SourceStatus source) {
        Tags tags = Tags.of(FlagMetrics.SOURCE, source.name());
        for (SourceStatus.State state : SourceStatus.State.values()) {
            String name = state.name().toLowerCase(Locale.ROOT);
            rows.add(STATE.row(tags.and(FlagMetrics.STATE, name), state == source.state()));
        }
        if (source.age() != null) {
            rows.add(AGE.row(tags, source.age()));
        }
        rows.add(LOADING.row(tags, source.loadingFor() == null ? Duration.ZERO : source.loadingFor()));
        long succeeded = source.loads() - source.failedLoads();
        rows.add(LOADS.row(tags.and(FlagMetrics.OUTCOME, "success"), succeeded));
        rows.add(LOADS.row(tags.and(FlagMetrics.OUTCOME, "failure"), source.failedLoads()));
        rows.add(FLAGS.row(tags, source.flags()));
        rows.add(INVALID.row(tags, source.invalidValues()));
    }
}
