package io.pratique.examples.release;

import io.pratique.release.Release;
import io.pratique.release.Step;
import io.pratique.release.StepAction;
import io.pratique.release.StepContext;
import io.pratique.release.checks.ArtifactCheck;
import io.pratique.release.checks.ConnectionCheck;
import io.pratique.release.checks.Guard;
import io.pratique.release.checks.HealthVerification;
import io.pratique.release.checks.HealthVerification.Category;
import io.pratique.release.checks.HttpCheck;
import io.pratique.release.checks.MigrationCheck;
import io.pratique.release.checks.Watch;
import io.pratique.release.incidents.Incidents;
import io.pratique.release.steps.StateCapture;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The plan of a worker's releases: a table, then a process, then a link. The {@code pratique} command takes it by the name
 * of this class.
 */
public final class WorkerRelease {

    private final WorkerSite site;
    private final WorkerDatabase database;
    private final WorkerBackend backend;
    private final WorkerFrontend frontend;

    private WorkerRelease(WorkerSite site) {
        this.site = site;
        this.database = new WorkerDatabase(site);
        this.backend = new WorkerBackend(site);
        this.frontend = new WorkerFrontend(site);
    }

    /**
     * Plans a release of the worker that {@code WORKER_SITE} names.
     *
     * @param version what was built before
     * @return the plan
     */
    public static Release.Builder release(String version) {
        return new WorkerRelease(WorkerSite.ofEnvironment()).plan(version);
    }

    /**
     * Who is told of incidents, also by the command.
     *
     * @param releases where the releases are kept
     * @return the incidents of these releases
     */
    public static Incidents incidents(Path releases) {
        return Incidents.in(releases).service("worker").receiver("file", WorkerSite.ofEnvironment()::tell);
    }

    private Release.Builder plan(String version) {
        MigrationCheck migrations = MigrationCheck.prisma(site.database(), site.migrations(version));
        StateCapture state = StateCapture.create()
                .service("backend", site.backend("/health"))
                .schemaVersion(site.database());
        Incidents incidents = incidents(site.releases());
        return Release.named(version)
                .directory(site.releases())
                .step(Step.check("guard", Guard.requires("CI", "true")))
                .step(Step.check("build", ArtifactCheck.of(site.query(version))))
                .step(Step.check("connection", ConnectionCheck.of(site.database())))
                .step(Step.check("migrations", migrations))
                .step(Step.protect("state", state))
                .step(Step.protect("backup", database::backUp))
                .step(databaseChange(migrations))
                .step(backendChange())
                .step(frontendChange())
                .step(Step.check("health", health()))
                .step(watch())
                .step(Step.forensics("backend-log", backend::keepLog))
                .step(Step.forensics("state-after", state.named("state-after")))
                .step(Step.cleanup("old-backups", database::discardOldBackups))
                .step(Step.notify("incident", incidents))
                .afterwards(incidents::afterwards);
    }

    private Step databaseChange(MigrationCheck migrations) {
        return Step.change("database", database::migrate)
                .compensation(database::restore)
                .verification(migrations.noPending())
                .probe(database::state)
                .rollbackCheck(database::requireRestorable)
                .rollbackVerification(database::requireRestored);
    }

    private Step backendChange() {
        return Step.change("backend", context -> backend.replace(context.version()))
                .compensation(context -> backend.replace(context.previousVersion()))
                .verification(context -> backend.requireAnswers(context.version()))
                .probe(backend::state)
                .rollbackCheck(context -> backend.requireBuilt(context.previousVersion()))
                .rollbackVerification(this::requireOldBackend);
    }

    /** All is undone by now, the database too, so the old backend has to be well. */
    private void requireOldBackend(StepContext context) throws IOException, InterruptedException {
        backend.requireAnswers(context.previousVersion());
        if (context.previousVersion() != null) {
            HttpCheck.of(site.backend("/health")).run(context);
        }
    }

    private Step frontendChange() {
        return Step.change("frontend", context -> frontend.show(context.version()))
                .compensation(context -> frontend.show(context.previousVersion()))
                .verification(context -> frontend.require(context.version()))
                .probe(frontend::state)
                .rollbackCheck(context -> frontend.requireBuilt(context.previousVersion()))
                .rollbackVerification(context -> frontend.require(context.previousVersion()));
    }

    /** Times are those of an example: the usual ones are five seconds here, and ten minutes for the watch. */
    private StepAction health() {
        return HealthVerification.of(Category.BACKEND, "backend", backendHealth())
                .and(Category.FRONTEND, "frontend", context -> frontend.require(context.version()))
                .and(Category.DATABASE, "database", ConnectionCheck.of(site.database()))
                .apart(Duration.ofSeconds(1));
    }

    private Step watch() {
        return Watch.release()
                .health(backendHealth(), Duration.ofSeconds(1))
                .period(Duration.ofSeconds(1))
                .interval(Duration.ofMillis(250))
                .step("watch");
    }

    private StepAction backendHealth() {
        return HttpCheck.of(site.backend("/health")).version("/version");
    }
}
