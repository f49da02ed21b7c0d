package io.pratique.release;

import io.pratique.release.StepRecord.Part;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells people of steps as they begin and end. Whatever becomes of that, the release goes on. */
final class StepLog {

    private static final Logger LOG = LoggerFactory.getLogger(Step.class);

    private final Consumer<String> lines;
    private boolean broken;

    StepLog(Consumer<String> lines) {
        this.lines = lines;
    }

    void say(String line) {
        try {
            lines.accept(line);
        } catch (Throwable thrown) {
            if (!broken) {
                LOG.atWarn().setCause(thrown).log("Who is told of the steps of a release fails; it goes on");
            }
            broken = true;
        }
    }

    /** With all that is known of it, which the lines for people are not. */
    void failed(Step step, String part, StepFailure failure) {
        LOG.atWarn()
                .addKeyValue("step", step.name())
                .addKeyValue("part", part)
                .setCause(failure.getCause() == null ? failure : failure.getCause())
                .log("Step {} failed: {}", step.name(), failure.getMessage());
    }

    Line begin(int number, int steps, Step step, Part part) {
        String shown = "[STEP " + number + "/" + steps + "] " + step.name() + part.shown();
        say(shown + " ...");
        return new Line(shown, step, part, System.nanoTime());
    }

    /** What is said of one part of one step. */
    final class Line {

        private final String shown;
        private final Step step;
        private final Part part;
        private final long start;

        private Line(String shown, Step step, Part part, long start) {
            this.shown = shown;
            this.step = step;
            this.part = part;
            this.start = start;
        }

        void end(String said, @Nullable StepFailure failure) {
            double seconds = (double) TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start) / 1_000;
            say(String.format(
                    Locale.ROOT,
                    "%s %s in %.3f s%s",
                    shown,
                    failure == null ? "done" : "FAILED",
                    seconds,
                    said.isEmpty() ? "" : ": " + said));
            if (failure != null) {
                failed(step, part.name(), failure);
            }
        }
    }
}
