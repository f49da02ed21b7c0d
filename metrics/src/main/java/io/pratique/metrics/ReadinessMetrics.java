package io.pratique.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.pratique.readiness.ReadinessGate;

/**
 * Shows the dependencies and jobs of a gate as meters.
 *
 * <pre>{@code
 * new ReadinessMetrics(gate).bindTo(registry);
 * }</pre>
 *
 * <p>Meters read memory when a registry asks them, and show what was true at most 200 ms before, by the registry's clock;
 * deciding costs nothing for it. A job that is wrapped while the process runs shows from the second scrape on. At most
 * 1,000 jobs have a tag of their own; {@code (others)} stands for the rest. Nothing that a check said or threw is ever a
 * tag.
 *
 * <p>The registry keeps what it needs, so the binder itself need not be kept, except to close it. Meters of a closed gate
 * show its last state. Two gates in one registry need tags that tell them apart, for both of the same keys; one
 * gate needs one binder there, for a second would share its meters and take them away when closed. All methods may be called by any thread.
 */
public final class ReadinessMetrics implements MeterBinder, AutoCloseable {

    /** Gauge: 1 while the process should be sent work, else 0. */
    public static final String GATE_READY = "pratique.gate.ready";

    /** Gauge: 1 while the process is shutting down, else 0. */
    public static final String GATE_DRAINING = "pratique.gate.draining";

    /** Gauge by status: 1 for what the process is as a whole, 0 for the others. */
    public static final String GATE_STATUS = "pratique.gate.status";

    /** Gauge by dependency and outcome: 1 for what counts now, thresholds and holds applied; 0 for the others. */
    public static final String DEPENDENCY_OUTCOME = "pratique.dependency.outcome";

    /** Gauge by dependency: 1 while it counts as down, be it by a hold, and jobs that need it are skipped; else 0. */
    public static final String DEPENDENCY_DOWN = "pratique.dependency.down";

    /** Counter by dependency and outcome: what checks found and real calls told, before any threshold. */
    public static final String DEPENDENCY_RESULTS = "pratique.dependency.results";

    /** Timer by dependency: how long checks took that have ended. */
    public static final String DEPENDENCY_CHECK = "pratique.dependency.check";

    /** Gauge by dependency, in seconds: how long ago something was last heard of it. There is none until something was. */
    public static final String DEPENDENCY_AGE = "pratique.dependency.age";

    /** Counter by job and reason: runs of the job, and ticks on which it was skipped. */
    public static final String JOB_DECISIONS = "pratique.job.decisions";

    /** Gauge by job, in seconds: since when the job has been skipped without a run between; 0 if it was not. */
    public static final String JOB_SKIPPED = "pratique.job.skipped";

    /** Gauge by job: 1 while the job has not run for longer than its {@code maxSkipAge}, else 0. */
    public static final String JOB_OVERDUE = "pratique.job.overdue";

    /** Gauge by job, in runs: how many are under way. */
    public static final String JOB_ACTIVE_RUNS = "pratique.job.active.runs";

    /** Tag: {@code healthy}, {@code degraded} or {@code unhealthy}. */
    public static final String STATUS = "status";

    /** Tag: the name of a dependency. */
    public static final String DEPENDENCY = "dependency";

    /** Tag: whether the process is not ready without the dependency, {@code true} or {@code false}. */
    public static final String CRITICAL = "critical";

    /** Tag: an {@link io.pratique.readiness.Outcome} in lower case. */
    public static final String OUTCOME = "outcome";

    /** Tag: the name of a job. Not {@code job}, which is Prometheus' own word for what it scrapes. */
    public static final String JOB_NAME = "job.name";

    /** Tag: a {@link io.pratique.readiness.DecisionReason} in lower case; a job runs for the first two. */
    public static final String REASON = "reason";

    private final Bindings bindings;

    /**
     * Shows a gate.
     *
     * @param gate stays the caller's
     */
    public ReadinessMetrics(ReadinessGate gate) {
        this(gate, Tags.empty());
    }

    /**
     * Shows a gate, with tags for all its meters.
     *
     * @param gate stays the caller's
     * @param tags none of those that the meters have
     */
    public ReadinessMetrics(ReadinessGate gate, Iterable<Tag> tags) {
        if (gate == null) {
            throw new IllegalArgumentException("readiness gate must not be null; give the gate to show");
        }
        this.bindings = new Bindings(Tags.of(tags), new ReadinessRows(gate)::read);
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
        boolean unused = bindings.bind(registry);
    }

    /** Removes the meters from all registries. The gate goes on. Idempotent; throws nothing. */
    @Override
    public void close() {
        bindings.close();
    }
}
