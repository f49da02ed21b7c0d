package io.pratique.readiness;

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
        awaitFirst();
        boolean entered = drain.enter();
        boolean[] run = {entered};
        Timeline.guarded(LOG, "Deciding on a job", () -> {
            GateDecision decision = engine.decide(name);
            run[0] = entered && decision.run();
            if (run[0]) {
                record.ran(decision);
            } else {
                record.skipped(decision);
            }
        });
        if (entered && !run[0]) {
            drain.exit();
        }
        return run[0];
    }

    void exit() {
        record.ended();
        drain.exit();
    }

    private void awaitFirst() {
        for (Dependency need : cell.needs()) {
            if (need.isPending()) {
                try {
                    need.awaitFirst();
                } catch (InterruptedException e) {
                    // The task is to see the interrupt; until then the gate says what it knows.
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }
}
