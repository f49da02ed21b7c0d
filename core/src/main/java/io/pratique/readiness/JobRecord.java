package io.pratique.readiness;

import io.pratique.flags.Flag;
import io.pratique.flags.spi.FlagText;
import io.pratique.time.Timeline;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** What becomes of a wrapped job: counts, the last run, and what is worth a line in the log. */
final class JobRecord {

    private static final Logger LOG = LoggerFactory.getLogger(ReadinessGate.class);

    private final Job job;
    private final Timeline timeline;
    private final GateLog log;
    private final Map<DecisionReason, Long> skips = new EnumMap<>(DecisionReason.class);
    private long runs;
    private long failOpenRuns;
    private int running;
    private @Nullable Instant lastRun;
    private @Nullable Instant skippedSince;
    private @Nullable GateDecision lastDecision;
    private boolean watched;
    private boolean overdue;
    private Timeline.Alarm limit;

    JobRecord(Job job, Timeline timeline, GateLog log) {
        this.job = job;
        this.timeline = timeline;
        this.log = log;
        this.limit = timeline.at(Timeline.NEVER, () -> {});
    }

    /** The job is wrapped: from now on it is expected to run. One that is only declared may live in another process. */
    synchronized void watch() {
        if (!watched) {
            watched = true;
            armLimit();
        }
    }

    private void armLimit() {
        Duration age = job.maxSkipAge();
        limit.cancel();
        limit = age == null ? limit : timeline.after(age, this::limitReached);
    }

    synchronized void ran(GateDecision decision) {
        runs++;
        failOpenRuns += decision.reason() == DecisionReason.FAIL_OPEN ? 1 : 0;
        running++;
        lastRun = timeline.instant();
        skippedSince = null;
        overdue = false;
        limit.cancel();
        logTransition(decision);
    }

    /** The time without a run begins when none is under way. */
    synchronized void ended() {
        running--;
        if (running == 0) {
            armLimit();
        }
    }

    synchronized void skipped(GateDecision decision) {
        skips.merge(decision.reason(), 1L, Long::sum);
        if (skippedSince == null) {
            skippedSince = timeline.instant();
        }
        logTransition(decision);
    }

    private void logTransition(GateDecision decision) {
        GateDecision before = lastDecision;
        lastDecision = decision;
        if (before == null ? decision.reason() == DecisionReason.READY : decision.isLike(before)) {
            return;
        }
        boolean loud = decision.reason() == DecisionReason.FAIL_OPEN;
        log.later(() -> LOG.atLevel(loud ? Level.WARN : Level.INFO)
                .addKeyValue("job", FlagText.printable(job.name(), Flag.MAX_KEY_LENGTH))
                .addKeyValue("run", decision.run())
                .addKeyValue("reason", decision.reason())
                .addKeyValue("dependency", shown(decision.dependency()))
                .log(
                        "Job {} {}: {}{}",
                        FlagText.printable(job.name()),
                        decision.run() ? "runs" : "is skipped",
                        decision.reason(),
                        decision.dependency() == null ? "" : " " + shown(decision.dependency())));
    }

    private static @Nullable String shown(@Nullable String dependency) {
        return dependency == null ? null : FlagText.printable(dependency, Flag.MAX_KEY_LENGTH);
    }

    private void limitReached() {
        synchronized (this) {
            if (running > 0) {
                return;
            }
            overdue = true;
        }
        log.later(() -> LOG.atWarn()
                .addKeyValue("job", FlagText.printable(job.name(), Flag.MAX_KEY_LENGTH))
                .addKeyValue("maxSkipAge", job.maxSkipAge())
                .log("Job {} has not run for {}", FlagText.printable(job.name()), job.maxSkipAge()));
    }

    synchronized JobStatus status() {
        return new JobStatus(
                job.name(), runs, failOpenRuns, Map.copyOf(skips), running, lastRun, skippedSince, overdue);
    }
}
