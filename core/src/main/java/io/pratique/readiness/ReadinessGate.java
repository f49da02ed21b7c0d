package io.pratique.readiness;

import io.pratique.flags.FlagClient;
import io.pratique.flags.spi.FlagText;
import io.pratique.time.Timeline;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * Lets jobs run only while their flag is on and nothing they need is down.
 *
 * <pre>{@code
 * ReadinessGate gate = ReadinessGate.builder()
 *         .probe("database", this::checkDatabase)
 *         .probe("storage", this::checkStorage)
 *         .always("database")
 *         .job("cleanup-runner", "storage")
 *         .build();
 * scheduler.scheduleWithFixedDelay(gate.wrap("cleanup-runner", this::cleanUp), 0, 30, SECONDS);
 * }</pre>
 *
 * <p>Probes run in the background; deciding reads memory. No decision throws or blocks, and {@link #shouldRun} allocates
 * nothing. The one thing that waits is a wrapped task whose dependencies have not been heard of yet, and that at most a
 * probe's timeout. All methods may be called by any thread.
 */
public final class ReadinessGate implements AutoCloseable {

    private final GateEngine engine;

    private ReadinessGate(GateEngine engine) {
        this.engine = engine;
    }

    /**
     * Starts to configure a gate.
     *
     * @return a builder without probes
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Whether a job may run now; also for a job to ask again in the middle of a long run.
     *
     * @param job the job's name; one that is not declared needs what every job needs
     * @return the verdict of {@link #decide}
     */
    public boolean shouldRun(String job) {
        return engine.shouldRun(job);
    }

    /**
     * Whether a job may run now, and why.
     *
     * @param job the job's name
     * @return the decision
     */
    public GateDecision decide(String job) {
        return engine.decide(job);
    }

    /**
     * Tells in one line why a job would run or not: the decision, its flag, and all it needs.
     *
     * @param job the job's name
     * @return one line for people
     */
    public String explain(String job) {
        return engine.explain(job);
    }

    /**
     * A task that runs when the gate lets it and otherwise does nothing, so that its schedule goes on. What the task
     * throws passes through unchanged; nothing of the gate's own is ever thrown.
     *
     * @param job the job's name
     * @param task what to run
     * @return the task behind the gate; it may be run by several threads at once
     * @throws IllegalArgumentException if the name is null, blank or longer than 256 characters, or the task is null
     */
    public Runnable wrap(String job, Runnable task) {
        Runnable given = Job.given("task", task);
        GatedJob gated = engine.gated(job);
        return () -> {
            if (gated.enter()) {
                try {
                    given.run();
                } finally {
                    gated.exit();
                }
            }
        };
    }

    /**
     * As {@link #wrap}, for a task with a result.
     *
     * @param job the job's name
     * @param task what to run
     * @param <T> what the task returns
     * @return gives the task's result; nothing if it was skipped or the result is null
     * @throws IllegalArgumentException if the name is null, blank or longer than 256 characters, or the task is null
     */
    public <T> Callable<Optional<T>> wrapCallable(String job, Callable<T> task) {
        Callable<T> given = Job.given("task", task);
        GatedJob gated = engine.gated(job);
        return () -> {
            if (!gated.enter()) {
                return Optional.empty();
            }
            try {
                return Optional.ofNullable(given.call());
            } finally {
                gated.exit();
            }
        };
    }

    /**
     * How the process is, for health endpoints.
     *
     * @return read from memory
     */
    public HealthReport health() {
        return engine.health();
    }

    /**
     * What has become of the declared jobs, and of others that were wrapped.
     *
     * @return one status for each, in the order in which they were declared or wrapped
     */
    public List<JobStatus> jobs() {
        return engine.jobs();
    }

    /**
     * Where to report how real calls to a dependency went. Each failure that is evidence is a vote of its own, so a burst
     * of as many as its failure threshold turns it down at once; the successes of one interval are one vote while it
     * works.
     *
     * @param name the name of its probe
     * @return its handle
     * @throws IllegalArgumentException if there is no probe of that name
     */
    public DependencyHandle dependency(String name) {
        return engine.dependency(name);
    }

    /**
     * Shuts down in good order: the process stops being ready and no wrapped task starts any more; runs under way get
     * until the deadline to end; then the resources given to {@link Builder#closing} are closed in their order, each
     * within its own time. A resource that fails or hangs does not stop the others. Probing ends before the first of them
     * closes. Happens once: a further call waits for the outcome of the first, and so does an interrupted one. Called in a
     * wrapped task, it waits in vain for that very run.
     *
     * @param deadline how long to wait for runs under way, by the machine's clock
     * @return whether all runs ended and all resources closed in time
     * @throws IllegalArgumentException if the deadline is zero or negative
     */
    public boolean drain(Duration deadline) {
        return engine.drain(Timeline.requirePositive("drain deadline", deadline));
    }

    /**
     * Stops probing. From then on every dependency is for ever what it was then: what worked works, what was down or held
     * down stays so, and what had not been heard of is pending, so the jobs that need it are skipped. No threshold,
     * startup grace or hold ends any more, nothing grows stale, reports of real calls are passed over, and no
     * {@code maxSkipAge} is watched. Flags are asked as before, wrapped tasks run or are skipped by these answers without
     * waiting, and {@link #drain} still works, but no longer by itself when the JVM shuts down. Idempotent; waits for no
     * check.
     */
    @Override
    public void close() {
        engine.close();
    }

    /** Configures a {@link ReadinessGate}. Each setter checks what it is given. Not for use by several threads at once. */
    public static final class Builder {

        private final Map<String, GateEngine.ProbeSpec> probes = new LinkedHashMap<>();
        private final Set<String> always = new LinkedHashSet<>();
        private final Map<String, Job> jobs = new LinkedHashMap<>();
        private final List<Drain.Resource> resources = new ArrayList<>();
        private @Nullable FlagClient flags;
        private @Nullable InstantSource clock;
        private @Nullable ThreadFactory threads;
        private @Nullable Duration drainOnShutdown;
        private Duration startupGrace = Duration.ofSeconds(30);
        private boolean built;

        private Builder() {}

        /**
         * Adds a dependency, asked with the {@linkplain Probe#settings settings} of its probe.
         *
         * @param name the dependency's name
         * @param probe how it is asked
         * @return this builder
         * @throws IllegalArgumentException if the name is no name, or has a probe already
         */
        public Builder probe(String name, Probe probe) {
            return probe(name, probe, Job.given("probe", probe).settings());
        }

        /**
         * Adds a dependency.
         *
         * @param name the dependency's name
         * @param probe how it is asked
         * @param settings how often, and what counts
         * @return this builder
         * @throws IllegalArgumentException if the name is no name, or has a probe already
         */
        public Builder probe(String name, Probe probe, ProbeSettings settings) {
            String checked = Job.requireName("probe name", name);
            GateEngine.ProbeSpec spec =
                    new GateEngine.ProbeSpec(Job.given("probe", probe), Job.given("settings", settings));
            if (probes.putIfAbsent(checked, spec) != null) {
                throw new IllegalArgumentException("probe \"" + FlagText.printable(checked)
                        + "\" is registered twice; give each dependency one probe");
            }
            return this;
        }

        /**
         * Says what every job needs, in addition to what was said before.
         *
         * @param names the names of probes
         * @return this builder
         * @throws IllegalArgumentException if a name is no name
         */
        public Builder always(String... names) {
            Arrays.asList(Job.given("names of dependencies", names))
                    .forEach(name -> always.add(Job.requireName("dependency name", name)));
            return this;
        }

        /**
         * Declares a job by what it needs besides.
         *
         * @param name the job's name, which is also the key of its flag
         * @param needs the names of probes
         * @return this builder
         * @throws IllegalArgumentException if a name is no name, or the job is declared already
         */
        public Builder job(String name, String... needs) {
            return job(Job.of(name).needs(needs));
        }

        /**
         * Declares a job.
         *
         * @param job the job
         * @return this builder
         * @throws IllegalArgumentException if a job of that name is declared already
         */
        public Builder job(Job job) {
            if (jobs.putIfAbsent(Job.given("job", job).name(), job) != null) {
                throw new IllegalArgumentException(
                        "job \"" + FlagText.printable(job.name()) + "\" is declared twice; declare it once");
            }
            return this;
        }

        /**
         * Declares all of a catalogue.
         *
         * @param catalog what every job needs, and the jobs
         * @return this builder
         * @throws IllegalArgumentException if one of its jobs is declared already
         */
        public Builder jobs(JobCatalog catalog) {
            always.addAll(Job.given("catalog", catalog).always());
            catalog.jobs().forEach(this::job);
            return this;
        }

        /**
         * Where the jobs' flags are asked for; unless set, at {@link io.pratique.flags.Flags#client()} each time.
         *
         * @param flags stays the caller's, who closes it
         * @return this builder
         */
        public Builder flags(FlagClient flags) {
            this.flags = Job.given("flags", flags);
            return this;
        }

        /**
         * How long after the start a dependency of which nothing has been heard holds jobs back: 30 seconds unless set.
         *
         * @param startupGrace positive
         * @return this builder
         * @throws IllegalArgumentException if it is zero or negative
         */
        public Builder startupGrace(Duration startupGrace) {
            this.startupGrace = Timeline.requirePositive("startupGrace", startupGrace);
            return this;
        }

        /**
         * Has a resource closed at the end of {@link ReadinessGate#drain}, after those given before.
         *
         * @param name for the log
         * @param resource what to close
         * @param within how long to wait for it
         * @return this builder
         * @throws IllegalArgumentException if the name is no name or the time is zero or negative
         */
        public Builder closing(String name, AutoCloseable resource, Duration within) {
            resources.add(new Drain.Resource(
                    Job.requireName("resource name", name),
                    Job.given("resource", resource),
                    Timeline.requirePositive("time to close a resource", within)));
            return this;
        }

        /**
         * Has the JVM's shutdown call {@link ReadinessGate#drain}. Closing the gate takes that back.
         *
         * @param deadline how long to wait for runs under way
         * @return this builder
         * @throws IllegalArgumentException if it is zero or negative
         */
        public Builder drainOnShutdown(Duration deadline) {
            this.drainOnShutdown = Timeline.requirePositive("drain deadline", deadline);
            return this;
        }

        /**
         * Where threads for checks come from; unless set, daemon threads of the gate's own.
         *
         * @param threads may make threads of any kind
         * @return this builder
         */
        public Builder threadFactory(ThreadFactory threads) {
            this.threads = Job.given("threads", threads);
            return this;
        }

        /**
         * Replaces the machine's clocks, for tests. Everything but a thread's wait for a first result or in
         * {@link ReadinessGate#drain} goes by this clock; it is read again every few milliseconds.
         *
         * @param clock may be moved at will
         * @return this builder
         */
        public Builder clock(InstantSource clock) {
            this.clock = Job.given("clock", clock);
            return this;
        }

        /**
         * Builds the gate and starts to probe. Waits for nothing.
         *
         * @return a gate that the caller closes
         * @throws IllegalArgumentException if a job needs a dependency that has no probe, or its flag is refused by a
         *     strict flag client
         * @throws IllegalStateException if this builder has built one: resources are closed by one gate
         */
        public ReadinessGate build() {
            if (built) {
                throw new IllegalStateException(
                        "this builder has built a gate, which closes its resources; start another with ReadinessGate.builder()");
            }
            always.forEach(need -> requireProbe("every job", need));
            jobs.values()
                    .forEach(job -> job.needs()
                            .forEach(need -> requireProbe("job \"" + FlagText.printable(job.name()) + "\"", need)));
            FlagClient client = flags;
            if (client != null) {
                jobs.values().forEach(job -> client.handle(job.flag()));
            }
            built = true;
            GateEngine engine = new GateEngine(new GateEngine.Settings(
                    new LinkedHashMap<>(probes),
                    List.copyOf(always),
                    List.copyOf(jobs.values()),
                    List.copyOf(resources),
                    client,
                    threads,
                    startupGrace,
                    drainOnShutdown,
                    new Timeline("pratique-gate-timer", clock)));
            engine.start();
            return new ReadinessGate(engine);
        }

        private void requireProbe(String who, String need) {
            if (!probes.containsKey(need)) {
                throw new IllegalArgumentException(who + " needs the unknown dependency \"" + FlagText.printable(need)
                        + "\"; register a probe for it, or correct the name; there are probes for "
                        + Job.shown(probes.keySet()));
            }
        }
    }
}
