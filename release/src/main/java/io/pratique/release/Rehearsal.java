package io.pratique.release;

import io.pratique.release.ReadinessReport.Check;
import io.pratique.release.ReadinessReport.Result;
import io.pratique.release.StepRecord.Part;
import io.pratique.release.StepTelling.Surroundings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The checks before the first change, without a release. */
final class Rehearsal {

    private final String version;
    private final List<Step> plan;
    private final Duration patience;
    private final ReleaseDirectory directory;
    private final StepLog log;

    Rehearsal(String version, List<Step> plan, Duration patience, ReleaseDirectory directory, StepLog log) {
        this.version = version;
        this.plan = plan;
        this.patience = patience;
        this.directory = directory;
        this.log = log;
    }

    ReadinessReport report() throws InterruptedException {
        List<ReleaseRecord> past = past();
        List<Check> checks = new ArrayList<>();
        boolean failed = false;
        for (Step step : plan) {
            if (step.kind() == StepKind.CHANGE) {
                break;
            }
            if (step.kind() == StepKind.CHECK) {
                Check check = failed ? new Check(step.name(), Result.NOT_RUN, "", Duration.ZERO) : run(step, past);
                failed |= check.result() != Result.PASSED;
                checks.add(check);
            }
        }
        return new ReadinessReport(version, checks);
    }

    private Check run(Step step, List<ReleaseRecord> past) throws InterruptedException {
        StepLog.Line line = log.begin(plan.indexOf(step) + 1, plan.size(), step, Part.ACTION);
        long start = System.nanoTime();
        String said;
        StepFailure failure = null;
        try {
            said = said(step, past);
        } catch (StepFailure e) {
            failure = e;
            said = String.valueOf(e.getMessage());
        } catch (Doubt e) {
            if (e.getCause() instanceof InterruptedException interrupted) {
                throw interrupted;
            }
            failure = new StepFailure(String.valueOf(e.getMessage()));
            said = String.valueOf(e.getMessage());
        }
        line.end(said, failure);
        return new Check(step.name(), result(failure), said, Duration.ofNanos(System.nanoTime() - start));
    }

    private static Result result(@Nullable StepFailure failure) {
        if (failure == null) {
            return Result.PASSED;
        }
        return failure.getCause() instanceof InconclusiveException ? Result.INCONCLUSIVE : Result.FAILED;
    }

    /** Where a check may keep files is gone after it: nothing is left of a rehearsal. */
    private String said(Step step, List<ReleaseRecord> past) throws StepFailure, Doubt {
        Path files;
        try {
            files = Files.createTempDirectory("release-check");
        } catch (IOException e) {
            throw new StepFailure("there is no place for files: " + e, e);
        }
        Surroundings surroundings = new Surroundings(
                "check-" + version, version, new ReleaseHistory(past).currentVersion(), files, () -> past);
        StepTelling telling = new StepTelling(surroundings, 0, null, null);
        try {
            new StepThread(patience, false).run(step, true, () -> {
                step.action(Part.ACTION).run(telling);
                return telling;
            });
            return telling.told();
        } finally {
            directory.remove(files);
        }
    }

    private List<ReleaseRecord> past() {
        try {
            return directory.past().releases();
        } catch (IOException | IllegalArgumentException unreadable) {
            return List.of();
        }
    }
}
