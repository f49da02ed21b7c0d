package io.pratique.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.pratique.release.LockState;
import io.pratique.release.ReadinessReport;
import io.pratique.release.Release;
import io.pratique.release.ReleaseHistory;
import io.pratique.release.ReleaseRecord;
import io.pratique.release.Step;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells what a release would do, and whether it may begin. Changes nothing. */
final class Rehearsing {

    private final ReleasePlan plan;
    private final String version;
    private final Telling telling;

    Rehearsing(ReleasePlan plan, String version, Telling telling) {
        this.plan = plan;
        this.version = version;
        this.telling = telling;
    }

    int tellPlan() {
        List<Step> steps = release().plan();
        ReleasePlace place = plan.place();
        return telling.answer(
                ReleaseExitCode.OK,
                ReleaseLines.planText(version, steps, place),
                ReleaseLines.planJson(version, steps, place).toPrettyString());
    }

    private Release release() {
        // Not where the report goes, which is all that is there.
        return plan.of(version).log(telling::sayAside).build();
    }

    /** The checks alone. */
    int tellReadiness() throws InterruptedException {
        ReadinessReport report = release().check();
        return telling.answer(report.exitCode(), report.toMarkdown(), report.toJson());
    }

    /** Plan, checks, and what else is in the way. */
    int tellAll() throws IOException, InterruptedException {
        Release release = release();
        ReleasePlace place = plan.place();
        ReleaseHistory history = ReleaseHistory.in(place.directory());
        String way = inTheWay(history.underWay(), place.lock().state(), history.currentVersion());
        ReadinessReport report = release.check();
        ObjectNode json = ReleaseLines.object();
        json.set("plan", ReleaseLines.planJson(version, release.plan(), place));
        json.put("inTheWay", way).putRawValue("readiness", new RawValue(report.toJson()));
        String text = ReleaseLines.planText(version, release.plan(), place) + "\n\n" + report.toMarkdown()
                + (way == null ? "" : "\n" + way + "\n") + "\nNothing was changed.";
        int code = history.underWay() == null ? report.exitCode() : ReleaseExitCode.INCONCLUSIVE;
        return telling.answer(code, text, json.toString());
    }

    /** What would keep the release from being begun at once; null if nothing would. */
    private @Nullable String inTheWay(
            @Nullable ReleaseRecord unfinished, @Nullable LockState holder, @Nullable String current) {
        if (holder != null && holder.isInTheWay()) {
            return "It would wait: " + holder + ".";
        }
        if (unfinished != null) {
            return "It would be refused: release " + unfinished.id() + " was begun and is neither done nor undone.";
        }
        return version.equals(current) ? "It would do nothing: " + version + " is the current version already." : null;
    }
}
