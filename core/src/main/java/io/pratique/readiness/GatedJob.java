package io.pratique.readiness;

import io.pratique.flags.spi.FlagText;
import io.pratique.time.Timeline;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A job that was wrapped: asks at each tick, and keeps the record. */
final class GatedJob {

    private static final Logger LOG = LoggerFactory.getLogger(ReadinessGate.class);

    private final GateEngine engine;
    private final JobCell cell;
    private final String name;
    private final JobRecord record;
    private final Drain drain;

    GatedJob(GateEngine engine, JobCell cell, String name, JobRecord record, Drain drain) {
        this.engine = engine;
        this.cell = cell;
        this.name = name;
        this.record = record;
        this.drain = drain;
    }

    /** Whether this tick runs; if so, {@link #exit} must follow. Whatever fails here, the job's schedule goes on. */
    boolean enter() {
        GateDecision decision = decision();
        if (decision.run() && drain.enter()) {
            Timeline.guarded(LOG, "Recording a job", () -> record.ran(decision));
            return true;
        }
        // A drain that began in between has the last word.
        Timeline.guarded(LOG, "Recording a job", () -> record.skipped(decision.run() ? engine.decide(name) : decision));
        return false;
    }

    /** Nothing is known to throw here. Should it, the job does not end of that, and no evidence speaks against it. */
    private GateDecision decision() {
        try {
            return settledDecision();
        } catch (Throwable ours) {
            Timeline.guarded(
                    LOG, "Logging", () -> LOG.warn("Deciding on job {} failed", FlagText.printable(name), ours));
            return new GateDecision(name, true, DecisionReason.FAIL_OPEN, null, engine.now(), "deciding failed");
        }
    }

    /** The decision, after the wait for the first thing heard if it turns on that. */
    private GateDecision settledDecision() {
        GateDecision decision = engine.decide(name);
        if (decision.reason() != DecisionReason.DEPENDENCY_PENDING) {
            return decision;
        }
        try {
            cell.awaitVerdict();
        } catch (InterruptedException e) {
            // The task is to see the interrupt; until then the gate says what it knows.
            Thread.currentThread().interrupt();
        }
        return engine.decide(name);
    }

    /** Whatever keeping the record costs, a drain is told that the run is over. */
    void exit() {
        Timeline.guarded(LOG, "Recording the end of a job", record::ended);
        drain.exit();
    }
}
