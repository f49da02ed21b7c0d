package io.pratique.release.incidents;

import io.pratique.release.ChangeState;
import io.pratique.release.InconclusiveException;
import io.pratique.release.Release;
import io.pratique.release.ReleaseOutcome;
import io.pratique.release.ReleaseRecord;
import io.pratique.release.ReleaseReport;
import io.pratique.release.Step;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** Releases that go as a test wants them to, on a clock of their own. */
final class Releasing implements InstantSource {

    static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    final Path releases;
    private Instant now = START;
    private ChangeState state = ChangeState.OLD;

    /** Whether the compensation fails. */
    boolean stuck;

    Releasing(Path releases) {
        this.releases = releases;
    }

    @Override
    public Instant instant() {
        return now;
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    Incidents incidents() {
        return Incidents.in(releases).clock(this);
    }

    /** What the verification of the only change does. */
    enum Verification {
        PASSES,
        FAILS,
        CANNOT_TELL
    }

    Release.Builder plan(String version, Verification verification) {
        return Release.named(version)
                .directory(releases)
                .clock(this)
                .log(line -> {})
                .patience(Duration.ofMillis(100))
                .step(Step.change("deploy", context -> state = ChangeState.NEW)
                        .compensation(context -> undo())
                        .verification(context -> {
                            switch (verification) {
                                case PASSES -> {}
                                case FAILS -> throw new IllegalStateException("p95 is up | <b>very</b>");
                                case CANNOT_TELL -> throw new InconclusiveException("nobody answers");
                            }
                        })
                        .probe(context -> state));
    }

    private void undo() {
        if (stuck) {
            throw new IllegalStateException("it is stuck");
        }
        state = ChangeState.OLD;
    }

    ReleaseReport run(String version, Verification verification, Incidents incidents) throws Exception {
        state = ChangeState.OLD;
        return plan(version, verification)
                .afterwards(incidents::afterwards)
                .step(Step.notify("incident", incidents))
                .build()
                .run();
    }

    /** Has one release undone. */
    void rollBack(String version, Incidents incidents) throws Exception {
        ReleaseReport report = run(version, Verification.FAILS, incidents);
        if (report.outcome() != ReleaseOutcome.ROLLED_BACK) {
            throw new AssertionError(report);
        }
    }

    /** A release that the journals would tell of. */
    static ReleaseRecord record(String id, ReleaseOutcome outcome) {
        return new ReleaseRecord(
                id, 1, "v2", null, START, START, outcome, START, "mended", null, List.of(), List.of(), Path.of("none"));
    }
}
