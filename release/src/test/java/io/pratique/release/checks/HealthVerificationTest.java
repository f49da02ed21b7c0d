package io.pratique.release.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pratique.readiness.ProbeResult;
import io.pratique.release.ChangeState;
import io.pratique.release.InconclusiveException;
import io.pratique.release.Release;
import io.pratique.release.ReleaseOutcome;
import io.pratique.release.ReleaseReport;
import io.pratique.release.Step;
import io.pratique.release.StepAction;
import io.pratique.release.checks.HealthVerification.Category;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a verification makes of its checks. */
@Tag("S-3")
class HealthVerificationTest {

    @TempDir
    private Path directory;

    private final Map<String, Integer> attempts = new HashMap<>();
    private Answers api;

    @AfterEach
    void stop() {
        if (api != null) {
            api.close();
        }
    }

    private Trial trial(HealthVerification verification) throws Exception {
        return Trial.of(directory, verification.apart(Duration.ZERO));
    }

    private static StepAction failing(String why) {
        return context -> {
            throw new IllegalStateException(why);
        };
    }

    private static StepAction unknown(String why) {
        return context -> {
            throw new InconclusiveException(why);
        };
    }

    private StepAction counted(String name) {
        return context -> {
            attempts.merge(name, 1, Integer::sum);
            throw new IllegalStateException("not yet");
        };
    }

    @Test
    void passesIfAllDoAndTellsOfEachByCategory() throws Exception {
        api = new Answers().with(200, "{\"version\":\"v1.2.4\"}");

        Trial trial = trial(HealthVerification.of(
                        Category.BACKEND,
                        "api",
                        HttpCheck.of(api.url("/health")).version("/version"))
                .and(Category.SYSTEM_RESOURCES, "host", ResourceCheck.ofHost().freeDisk(directory, 1)));

        assertThat(trial.thrown()).isNull();
        assertThat(trial.told())
                .contains("backend \"api\": http://127.0.0.1:", "backend \"api\" passed")
                .contains("system resources \"host\" passed");
    }

    @Test
    void runsAllAndThrowsAllThatHasFailed() throws Exception {
        Trial trial = trial(HealthVerification.of(Category.BACKEND, "api", failing("no answer"))
                .and(Category.CACHE, "redis", context -> {})
                .and(Category.SYSTEM_RESOURCES, "host", context -> {
                    throw new InconclusiveException("nobody knows");
                })
                .and(Category.DATABASE, "main", failing("no connection")));

        assertThat(trial.thrown())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("health checks failed: backend \"api\", database \"main\"");
        assertThat(trial.told())
                .contains("FAILED: backend \"api\": java.lang.IllegalStateException: no answer")
                .contains("FAILED: database \"main\": java.lang.IllegalStateException: no connection")
                .contains("cache \"redis\" passed", "INCONCLUSIVE: system resources \"host\": nobody knows");
    }

    @Test
    void wantsTheVersionThatIsReleased() throws Exception {
        api = new Answers().with(200, "{\"version\":\"v1.2.3\"}");

        Trial trial = trial(HealthVerification.of(
                Category.BACKEND, "api", HttpCheck.of(api.url("/health")).version("/version")));

        assertThat(trial.thrown()).isInstanceOf(IllegalStateException.class);
        assertThat(trial.told()).contains("\"v1.2.3\"", "not \"v1.2.4\"");
    }

    @Test
    @Tag("S-4")
    void wantsTheVersionBeforeOnceTheReleaseIsUndone() throws Exception {
        api = new Answers();
        deploy("v1.2.3");
        assertThat(release("v1.2.3", context -> {}).outcome()).isEqualTo(ReleaseOutcome.DONE);

        ReleaseReport undone = release("v1.2.4", context -> deploy(context.previousVersion()));
        ReleaseReport left = release("v1.2.5", context -> deploy("v1.2.2"));

        assertThat(undone.outcome()).isEqualTo(ReleaseOutcome.ROLLED_BACK);
        assertThat(left.outcome()).isEqualTo(ReleaseOutcome.ROLLBACK_FAILED);
    }

    @Test
    @Tag("S-4")
    void wantsAnotherVersionOnceTheFirstReleaseOfAllIsUndone() throws Exception {
        api = new Answers();

        assertThat(release("v1.2.4", context -> deploy("by hand")).outcome()).isEqualTo(ReleaseOutcome.ROLLED_BACK);
        assertThat(release("v1.2.4", context -> {}).outcome()).isEqualTo(ReleaseOutcome.ROLLBACK_FAILED);
    }

    private void deploy(String version) {
        api.with(200, "{\"version\":\"" + version + "\"}");
    }

    /** A release that is verified both ways, and fails unless it is the first. */
    private ReleaseReport release(String version, StepAction undo) throws Exception {
        HealthVerification health = HealthVerification.of(
                        Category.BACKEND,
                        "api",
                        HttpCheck.of(api.url("/health")).version("/version"))
                .apart(Duration.ZERO);
        return Release.named(version)
                .directory(directory.resolve("releases"))
                .log(line -> {})
                .step(Step.change("deploy", context -> deploy(context.version()))
                        .compensation(undo)
                        .verification(health)
                        .rollbackVerification(health)
                        .probe(context -> ChangeState.NEW))
                .step(Step.check("watch", context -> {
                    if (!version.equals("v1.2.3")) {
                        throw new IllegalStateException("p95 is up");
                    }
                }))
                .build()
                .run();
    }

    @Test
    void triesCriticalOnesThreeTimesAndOthersTwice() throws Exception {
        for (Category category : Category.values()) {
            trial(HealthVerification.of(category, "it", counted(category.name())));
        }

        assertThat(attempts)
                .isEqualTo(Map.of(
                        "BACKEND", 3, "FRONTEND", 3, "DATABASE", 3, "CACHE", 3, "EXTERNAL", 2, "SYSTEM_RESOURCES", 2));
    }

    @Test
    void isToldWhatElseIsCritical() throws Exception {
        trial(HealthVerification.of(Category.CACHE, "redis", counted("redis"))
                .and(Category.SYSTEM_RESOURCES, "host", counted("host"))
                .critical("redis", false)
                .critical("host", true));

        assertThat(attempts).containsEntry("redis", 2).containsEntry("host", 3);
    }

    @Test
    void passesAsSoonAsAnAttemptDoes() throws Exception {
        Trial trial = trial(HealthVerification.of(Category.BACKEND, "api", context -> {
            if (attempts.merge("api", 1, Integer::sum) < 3) {
                throw new IllegalStateException("not yet");
            }
        }));

        assertThat(trial.thrown()).isNull();
        assertThat(trial.told()).contains("backend \"api\": attempt 2 failed: ");
    }

    @Test
    void isOnlyToldOfWhatOthersRun() throws Exception {
        Trial trial = trial(HealthVerification.of(Category.EXTERNAL, "payments", failing("status 503")));

        assertThat(trial.thrown()).isNull();
        assertThat(trial.told()).contains("WARNING: external \"payments\": ", "status 503");
    }

    @Test
    void cannotTellIfACheckCannot() throws Exception {
        HealthVerification verification = HealthVerification.of(Category.DATABASE, "main", unknown("it is full"));

        Trial trial = trial(verification);
        assertThat(trial.thrown()).isInstanceOf(InconclusiveException.class).hasMessageContaining("database \"main\"");
        assertThat(trial.told()).contains("it is full");
        assertThat(trial(verification.and(Category.BACKEND, "api", failing("no answer")))
                        .thrown())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("health checks failed: backend \"api\"");
    }

    @Test
    void asksAProbeOnceForEachAttempt() throws Exception {
        trial(HealthVerification.of(Category.DATABASE, "main", ProbeCheck.of("main", () -> {
            attempts.merge("main", 1, Integer::sum);
            return ProbeResult.saturated("full");
        })));

        assertThat(attempts).containsEntry("main", 3);
    }

    @Test
    void refusesWhatIsNoCheck() {
        HealthVerification verification = HealthVerification.of(Category.EXTERNAL, "payments", context -> {});

        assertThatThrownBy(() -> verification.and(Category.CACHE, "payments", context -> {}))
                .hasMessageContaining("\"payments\" is there twice");
        assertThatThrownBy(() -> verification.and(Category.CACHE, " ", context -> {}))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> verification.critical("payment", true)).hasMessageContaining("\"payment\"");
        assertThatThrownBy(() -> verification.critical("payments", true)).hasMessageContaining("is external");
        assertThatThrownBy(() -> verification.apart(Duration.ofSeconds(-1))).hasMessageContaining("PT-1S");
    }
}
