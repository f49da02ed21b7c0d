package com.acme;

import io.pratique.release.ChangeState;
import io.pratique.release.Release;
import io.pratique.release.Step;
import io.pratique.release.incidents.Incidents;
import java.nio.file.Path;

/** The plan of somebody's program, whose releases all fail. Of these only the command tells anybody. */
public final class AcmeRelease {

    private static final Path RELEASES = Path.of("releases of acme");

    private AcmeRelease() {}

    public static Release.Builder of(String version) {
        return Release.named(version)
                .directory(RELEASES)
                .step(Step.change("all", context -> {})
                        .compensation(context -> {})
                        .verification(context -> {
                            throw new IllegalStateException("503");
                        })
                        .probe(context -> ChangeState.NEW))
                .step(Step.notify("incident", Incidents.in(RELEASES)));
    }

    public static Incidents incidents(Path releases) {
        return Incidents.in(releases).receiver("chat", incident -> new AcmeChat().tell(incident));
    }
}
