package io.pratique.readiness;

import io.pratique.flags.FlagClient;
import io.pratique.flags.FlagEvaluation;
import io.pratique.flags.spi.FlagText;
import io.pratique.readiness.DependencyState.Effect;
import io.pratique.time.Timeline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is behind a gate: the dependencies, the published verdicts, the records of wrapped jobs, and the end. */
final class GateEngine {

    private static final Logger LOG = LoggerFactory.getLogger(ReadinessGate.class);

    /** Jobs that are wrapped without a declaration; beyond these they are gated, but not listed. */
    private static final int UNDECLARED_RECORDS = 1_000;

    private static final AtomicInteger THREADS = new AtomicInteger();

    private final Timeline timeline;
    private final Instant startedAt;
    private final ThreadPoolExecutor executor;
    private final ThreadPoolExecutor ownThreads = pool(GateEngine::thread);
    private final GateLog log;
    private final JobFlags flags;
    private final Map<String, Dependency> dependencies = new LinkedHashMap<>();
    private final Map<String, JobCell> cells = new HashMap<>();
    private final JobCell undeclared;
    private final Map<String, JobRecord> records = Collections.synchronizedMap(new LinkedHashMap<>());
    private final Drain drain;
    private final @Nullable Thread shutdownHook;

    /** A dependency as it was declared. */
    record ProbeSpec(Probe probe, ProbeSettings settings) {}

    /** All that a gate is built from; what it names is known to exist. Probes are in the order of their declaration. */
    record Settings(
            Map<String, ProbeSpec> probes,
            List<String> always,
            List<Job> jobs,
            List<Drain.Resource> resources,
            @Nullable FlagClient flags,
            @Nullable ThreadFactory threads,
            Duration startupGrace,
            @Nullable Duration drainOnShutdown,
            Timeline timeline) {}

    GateEngine(Settings settings) {
        this.timeline = settings.timeline();
        this.startedAt = timeline.instant();
        this.flags = new JobFlags(settings.flags());
        this.executor = settings.threads() == null ? ownThreads : pool(settings.threads());
        // Lines are handed over with locks in hand, so never to a thread factory of somebody else's.
        this.log = new GateLog(ownThreads);
        long graceEnds = timeline.nanos() + Timeline.nanos(settings.startupGrace());
        Dependency.Context context = new Dependency.Context(timeline, executor, log, this::publish, graceEnds);
        settings.probes().forEach((name, spec) -> {
            boolean critical = spec.settings().isCritical(settings.always().contains(name));
            dependencies.put(name, new Dependency(name, spec.probe(), spec.settings(), critical, context));
        });
        Instant now = startedAt;
        List<Dependency> always = needs(settings.always());
        this.undeclared = new JobCell(Job.of("undeclared"), always, now);
        for (Job job : settings.jobs()) {
            Set<String> needs = new LinkedHashSet<>(settings.always());
            needs.addAll(job.needs());
            JobCell cell = new JobCell(job, needs(List.copyOf(needs)), now);
            flags.prepare(cell);
            cells.put(job.name().intern(), cell);
            records.put(job.name(), new JobRecord(job, timeline, log));
        }
        this.drain = new Drain(settings.resources(), timeline, this::stopProbing);
        Duration deadline = settings.drainOnShutdown();
        this.shutdownHook = deadline == null ? null : new Thread(() -> drain.drain(deadline), "pratique-gate-shutdown");
    }

    private static ThreadPoolExecutor pool(ThreadFactory threads) {
        return new ThreadPoolExecutor(0, Integer.MAX_VALUE, 2, TimeUnit.SECONDS, new SynchronousQueue<>(), threads);
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "pratique-gate-" + THREADS.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }

    private List<Dependency> needs(List<String> names) {
        return names.stream()
                .map(name -> Objects.requireNonNull(dependencies.get(name)))
                .toList();
    }

    void start() {
        if (shutdownHook != null) {
            try {
                Runtime.getRuntime().addShutdownHook(shutdownHook);
            } catch (IllegalStateException shuttingDown) {
                LOG.debug("The JVM is shutting down already", shuttingDown);
            }
        }
        dependencies.values().forEach(Dependency::start);
    }

    /** Computes all verdicts from the readings as they are; the last to do so has read the newest. */
    private synchronized void publish() {
        Instant now = timeline.instant();
        undeclared.publish(now);
        cells.values().forEach(cell -> cell.publish(now));
    }

    private JobCell cell(@Nullable String job) {
        JobCell cell = job == null ? null : cells.get(job);
        return cell == null ? undeclared : cell;
    }

    private @Nullable String flagOf(JobCell cell, @Nullable String job) {
        return cell == undeclared ? job : cell.job().flag();
    }

    Instant now() {
        return timeline.instant();
    }

    boolean shouldRun(@Nullable String job) {
        JobCell cell = cell(job);
        return cell.verdict().run()
                && !drain.isDraining()
                && (cell == undeclared ? flags.allow(job) : flags.allow(cell));
    }

    GateDecision decide(@Nullable String job) {
        JobCell cell = cell(job);
        String name = job == null ? "" : job;
        Instant draining = drain.since();
        if (draining != null) {
            return new GateDecision(name, false, DecisionReason.DRAINING, null, draining, null);
        }
        FlagEvaluation flag = flags.evaluate(flagOf(cell, job));
        if (flag != null && !flag.enabled()) {
            return flagDecision(name, DecisionReason.FLAG_OFF, flag);
        }
        if (cell.job().isDestructive() && !JobFlags.isReady(flag)) {
            return flagDecision(name, DecisionReason.FLAG_NOT_READY, flag);
        }
        cell.needs().forEach(Dependency::catchUp);
        if (!cell.isCurrent()) {
            // Somebody else is about to publish; who asks twice in a row must not be answered out of order.
            publish();
        }
        Verdict verdict = cell.verdict();
        String dependency = verdict.dependency();
        String detail = dependency == null ? null : describe(Objects.requireNonNull(dependencies.get(dependency)));
        Instant flagSince = sinceOf(flag);
        Instant since = verdict.run() && flagSince.isAfter(verdict.since()) ? flagSince : verdict.since();
        return new GateDecision(name, verdict.run(), verdict.reason(), dependency, since, detail);
    }

    private GateDecision flagDecision(String name, DecisionReason reason, @Nullable FlagEvaluation flag) {
        String detail = flag == null ? "its flag is not declared to a strict client" : "flag " + flag;
        return new GateDecision(name, false, reason, null, sinceOf(flag), detail);
    }

    /** Since when a flag says what it says; a default has held from the start. */
    private Instant sinceOf(@Nullable FlagEvaluation flag) {
        Instant changedAt = flag == null ? null : flag.changedAt();
        return changedAt == null ? startedAt : changedAt;
    }

    private static String describe(Dependency dependency) {
        Reading reading = dependency.reading();
        return reading.code() + (reading.detail() == null ? "" : ": " + reading.detail());
    }

    String explain(@Nullable String job) {
        JobCell cell = cell(job);
        StringBuilder line = new StringBuilder(decide(job).toString());
        FlagEvaluation flag = flags.evaluate(flagOf(cell, job));
        if (flag != null && flag.enabled()) {
            line.append("; flag ").append(flag);
        }
        for (Dependency need : cell.needs()) {
            Reading reading = need.reading();
            line.append("; ")
                    .append(FlagText.printable(reading.dependency()))
                    .append(' ')
                    .append(reading.outcome());
        }
        return line.toString();
    }

    GatedJob gated(String job) {
        String name = Job.requireName("job name", job);
        JobRecord record;
        synchronized (records) {
            record = records.get(name);
            if (record == null) {
                record = new JobRecord(Job.of(name), timeline, log);
                if (records.size() < cells.size() + UNDECLARED_RECORDS) {
                    records.put(name, record);
                }
            }
        }
        record.watch();
        return new GatedJob(this, cell(name), name, record, drain);
    }

    HealthReport health() {
        dependencies.values().forEach(Dependency::catchUp);
        long nanos = timeline.nanos();
        List<HealthReport.Check> checks = new ArrayList<>();
        HealthReport.Status status = HealthReport.Status.HEALTHY;
        boolean draining = drain.isDraining();
        boolean ready = !draining;
        for (Dependency dependency : dependencies.values()) {
            Reading reading = dependency.reading();
            HealthReport.Status own = reading.effect() == Effect.WORKS
                    ? HealthReport.Status.HEALTHY
                    : reading.isDown() && dependency.critical()
                            ? HealthReport.Status.UNHEALTHY
                            : HealthReport.Status.DEGRADED;
            status = own.compareTo(status) > 0 ? own : status;
            ready &= own != HealthReport.Status.UNHEALTHY && reading.effect() != Effect.PENDING;
            checks.add(check(dependency, reading, nanos));
        }
        return new HealthReport(status, ready, draining, timeline.instant(), List.copyOf(checks));
    }

    private static HealthReport.Check check(Dependency dependency, Reading reading, long nanos) {
        return new HealthReport.Check(
                reading.dependency(),
                reading.outcome(),
                reading.isDown(),
                dependency.critical(),
                reading.heardAt() == Timeline.NEVER ? null : Duration.ofNanos(Math.max(0, nanos - reading.heardAt())),
                reading.durationNanos() < 0 ? null : Duration.ofNanos(reading.durationNanos()),
                reading.since(),
                reading.code(),
                reading.detail(),
                dependency.counts());
    }

    List<JobStatus> jobs() {
        synchronized (records) {
            return records.values().stream().map(JobRecord::status).toList();
        }
    }

    DependencyHandle dependency(String name) {
        Dependency dependency = dependencies.get(name);
        if (dependency == null) {
            throw new IllegalArgumentException("there is no probe \"" + FlagText.printable(String.valueOf(name))
                    + "\"; there are probes for " + Job.shown(dependencies.keySet()));
        }
        return new DependencyHandle(dependency);
    }

    boolean drain(Duration deadline) {
        return drain.drain(deadline);
    }

    private void stopProbing() {
        dependencies.values().forEach(Dependency::close);
        undeclared.waitNoLonger();
        cells.values().forEach(JobCell::waitNoLonger);
    }

    void close() {
        if (shutdownHook != null) {
            try {
                Runtime.getRuntime().removeShutdownHook(shutdownHook);
            } catch (IllegalStateException shuttingDown) {
                LOG.debug("The JVM is shutting down already", shuttingDown);
            }
        }
        stopProbing();
        timeline.close();
        executor.shutdown();
        ownThreads.shutdown();
    }
}
