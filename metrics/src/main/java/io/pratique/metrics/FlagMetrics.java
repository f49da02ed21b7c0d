package io.pratique.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.pratique.flags.FlagClient;
import io.pratique.flags.SourceStatus;
import io.pratique.flags.spi.Subscription;
import java.util.List;

/**
 * Shows the flags and sources of a client as meters.
 *
 * <pre>{@code
 * new FlagMetrics(flags).bindTo(registry);
 * }</pre>
 *
 * <p>Meters read memory when a registry asks them, and show what was true at most 200 ms before, by the registry's clock.
 * Evaluating a flag costs nothing for it; only {@link #FLAG_EVALUATIONS} needs a client that
 * {@linkplain FlagClient.Builder#countEvaluations counts}. A flag that appears while the process runs shows from the
 * second scrape on; one that is gone is removed. At most 1,000 flags have a tag of their own; {@code (others)} stands for
 * the rest.
 *
 * <p>The registry keeps what it needs, so the binder itself need not be kept, except to close it. Meters of a closed
 * client show its last answers. Two clients in one registry need tags that tell them apart, for both of the same keys;
 * one client needs one binder there, for a second would share its meters and take them away when closed. All methods may be called by any thread.
 */
public final class FlagMetrics implements MeterBinder, AutoCloseable {

    /** Gauge by flag: 1 while the flag is on, 0 while it is off; of {@code (others)}, whether all are on. */
    public static final String FLAG_ENABLED = "pratique.flag.enabled";

    /**
     * Gauge by flag, in seconds: how long ago the flag was turned off, by the clock of the source that says so; if
     * that does not know, since this process saw it. There is none for a flag that is on, or off by default only. Of {@code (others)}, the longest.
     */
    public static final String FLAG_OFF = "pratique.flag.off";

    /** Gauge by flag: 1 while an override is in force; else there is none. Of {@code (others)}, how many. */
    public static final String FLAG_OVERRIDDEN = "pratique.flag.overridden";

    /** Gauge, in flags: how many are off by a source or an override. */
    public static final String KILLED_FLAGS = "pratique.killed.flags";

    /** Counter by flag and answer, of a client that counts. */
    public static final String FLAG_EVALUATIONS = "pratique.flag.evaluations";

    /** Gauge: how many keys were asked for that nobody knows, up to 1,000. */
    public static final String UNKNOWN_KEYS = "pratique.unknown.keys";

    /** Counter: how many checks asked for yet others. */
    public static final String UNKNOWN_CHECKS = "pratique.unknown.checks";

    /**
     * Timer by source: from the time of a change, by the source's clock, to the change of the answer here, by this
     * machine's clock and to the millisecond. It is as true as these clocks agree; less than nothing counts as zero. What
     * a source says at its first load is not counted. A source that does not know when a value was changed shows zero.
     */
    public static final String FLAG_PROPAGATION = "pratique.flag.propagation";

    /** Gauge by source and state: 1 for the state that the source is in, 0 for the others. */
    public static final String SOURCE_STATE = "pratique.source.state";

    /** Gauge by source, in seconds: how long ago the source last answered. There is none until it has. */
    public static final String SOURCE_AGE = "pratique.source.age";

    /** Gauge by source, in seconds: how long a load has been under way; 0 if none is. */
    public static final String SOURCE_LOADING = "pratique.source.loading";

    /** Counter by source and outcome: loads that have ended. */
    public static final String SOURCE_LOADS = "pratique.source.loads";

    /** Gauge by source: how many flags it holds. */
    public static final String SOURCE_FLAGS = "pratique.source.flags";

    /** Counter by source: values that were refused because they are none of the accepted words. */
    public static final String SOURCE_INVALID_VALUES = "pratique.source.invalid.values";

    /** Tag: the key of a flag. */
    public static final String FLAG = "flag";

    /** Tag: {@code on} or {@code off}. */
    public static final String ANSWER = "answer";

    /** Tag: the name of a source. */
    public static final String SOURCE = "source";

    /** Tag: {@code ready}, {@code stale} or {@code not_ready}. */
    public static final String STATE = "state";

    /** Tag: {@code success} or {@code failure}. */
    public static final String OUTCOME = "outcome";

    private final FlagClient client;
    private final Tags tags;
    private final Bindings bindings;
    private final PropagationLag lag = new PropagationLag();
    private final Subscription changes;

    /**
     * Shows a client.
     *
     * @param client stays the caller's
     */
    public FlagMetrics(FlagClient client) {
        this(client, Tags.empty());
    }

    /**
     * Shows a client, with tags for all its meters.
     *
     * @param client stays the caller's
     * @param tags none of those that the meters have
     */
    public FlagMetrics(FlagClient client, Iterable<Tag> tags) {
        if (client == null) {
            throw new IllegalArgumentException("flag client must not be null; give the client to show");
        }
        this.client = client;
        this.tags = Tags.of(tags);
        this.bindings = new Bindings(this.tags, new FlagRows(client)::read);
        this.changes = client.onChange(lag);
    }

    /**
     * Registers the meters. Does nothing if they are registered there already.
     *
     * @param registry the registry; several may be bound one after the other
     * @throws IllegalArgumentException if it is null
     * @throws IllegalStateException if this binder is closed
     */
    @Override
    public void bindTo(MeterRegistry registry) {
        if (bindings.bind(registry)) {
            List<String> sources =
                    client.sources().stream().map(SourceStatus::name).toList();
            lag.bind(registry, tags, sources);
        }
    }

    /** Removes the meters from all registries. The client goes on. Idempotent; throws nothing. */
    @Override
    public void close() {
        changes.close();
        bindings.close();
        lag.close();
    }
}
