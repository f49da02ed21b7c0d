package io.pratique.metrics;

import io.pratique.release.ChangeState;
import io.pratique.release.InconclusiveException;
import io.pratique.release.Release;
import io.pratique.release.ReleaseMetrics;
import io.pratique.release.Step;
import io.pratique.release.StepAction;
import java.nio.file.Files;
import java.nio.file.Path;

/** Releases that show everything there is to show: one done, one undone, one watched and left in doubt, and an incident. */
record Releases(Path directory) {

    String text() throws Exception {
        release("v1", context -> {});
        release("v2", context -> {
            throw new IllegalStateException("503");
        });
        release("v3", context -> {
            Files.writeString(
                    context.directory().resolve("watch.json"),
                    "{\"healthy\":true,\"errorRate\":0.01,\"backlog\":12,\"p95Seconds\":0.2,"
                            + "\"at\":\"2026-11-01T10:00:00Z\",\"trigger\":null}");
            throw new InconclusiveException("nobody answers");
        });
        Path incident = Files.createDirectories(directory.resolve("incidents")).resolve("2-v2.json");
        Files.writeString(
                incident,
                "{\"id\":\"2-v2\",\"outcome\":\"ROLLED_BACK\",\"openedAt\":\"2026-11-01T10:00:00Z\","
                        + "\"dueAt\":\"2026-11-03T10:00:00Z\",\"deliveries\":[]}");
        return ReleaseMetrics.in(directory).service("worker").toText();
    }

    private void release(String version, StepAction health) throws Exception {
        Release.named(version)
                .directory(directory)
                .step(Step.check("environment", context -> {}))
                .step(Step.protect("backup", context -> {}))
                .step(Step.change("backend", context -> {})
                        .compensation(context -> {})
                        .verification(context -> {})
                        .probe(context -> ChangeState.NEW))
                .step(Step.check("health", health))
                .build()
                .run();
    }
}
