package io.pratique.release.checks;

import io.pratique.release.Release;
import io.pratique.release.Step;
import io.pratique.release.StepAction;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What came of an action that was run as the only check of release v1.2.4.
 *
 * @param thrown by the action; null if it passed
 * @param told all that it told
 */
record Trial(@Nullable Throwable thrown, String told) {

    static Trial of(Path directory, StepAction action) throws InterruptedException {
        AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
        String told = Release.named("v1.2.4")
                .directory(directory.resolve("releases"))
                .log(line -> {})
                .step(Step.check("only", context -> {
                    try {
                        action.run(context);
                    } catch (Exception e) {
                        thrown.set(e);
                    }
                }))
                .build()
                .check()
                .checks()
                .get(0)
                .detail();
        return new Trial(thrown.get(), told);
    }
}
