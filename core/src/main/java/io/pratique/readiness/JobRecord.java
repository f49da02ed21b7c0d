package io.pratique.readiness;

import io.pratique.flags.Flag;
import io.pratique.flags.spi.FlagText;
import io.pratique.time.Timeline;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** What becomes of a wrapped job: counts, the last run, and what is worth a line in the log. */
final class JobRecord {

    private static final Logger LOG = LoggerFactory.getLogger(ReadinessGate.class);

    private final Job job;
    private final Timeline timeline;
    private final Executor executor;
    private final Map<DecisionReason, Long> skips = new EnumMap<>(DecisionReason.class);
    private long runs;
    private int running;
    private @Nullable Instant lastRun;
    private @Nullable Instant skippedSince;
    private @Nullable DecisionReason lastReason;
    private boolean overdue;
    private Timeline.Alarm limit;

    JobRecord(Job job, Timeline timeline, Executor executor) {
        this.job = job;
        this.timeline = timeline;
        this.executor = executor;
        this.limit = timeline.at(Timeline.NEVER, () -> {});
        armLimit();
    }

    private void armLimit() {
        Duration age = job.maxSkipAge();
        limit.cancel();
        limit = age == null ? limit : timeline.after(age, this::limitReached);
    }

    synchronized void ran(GateDecision decision) {
        runs++;
        running++;
        lastRun = timeline.instant();
        skippedSince = null;
        overdue = false;
        armLimit();
        logTransition(decision);
    }

    synchronized void ended() {
        running--;
    }

    synchronized void skipped(GateDecision decision) {
        skips.merge(decision.reason(), 1L, Long::sum);
        if (skippedSince == null) {
            skippedSince = timeline.instant();
        }
        logTransition(decision);
    }

    private void logTransition(GateDecision decision) {
        DecisionReason before = lastReason;
        lastReason = decision.reason();
        if (before == decision.reason() || (before == null && decision.reason() == DecisionReason.READY)) {
            return;
        }
        boolean loud = decision.reason() == DecisionReason.FAIL_OPEN;
        later(() -> LOG.atLevel(loud ? Level.WARN : Level.INFO)
                .addKeyValue("job", FlagText.printable(job.name(), Flag.MAX_KEY_LENGTH))
                .addKeyValue("run", decision.run())
                .addKeyValue("reason", decision.reason())
                .addKeyValue("dependency", decision.dependency())
                .log(
                        "Job {} {}: {}{}",
                        FlagText.printable(job.name()),
                        decision.run() ? "runs" : "is skipped",
                        decision.reason(),
                        decision.dependency() == null ? "" : " " + decision.dependency()));
    }

    private void limitReached() {
        synchronized (this) {
            overdue = true;
        }
        later(() -> LOG.atWarn()
                .addKeyValue("job", FlagText.printable(job.name(), Flag.MAX_KEY_LENGTH))
                .addKeyValue("maxSkipAge", job.maxSkipAge())
                .log("Job {} has not run for {}", FlagText.printable(job.name()), job.maxSkipAge()));
    }

    private void later(Runnable logging) {
        try {
            executor.execute(logging);
        } catch (Throwable noThread) {
            LOG.debug("A transition of job {} is not logged", job.name(), noThread);
        }
    }

    synchronized JobStatus status() {
        return new JobStatus(job.name(), runs, Map.copyOf(skips), running, lastRun, skippedSince, overdue);
    }
}
