package io.pratique.release.checks;

import io.pratique.release.ReleaseOutcome;
import io.pratique.release.ReleaseRecord;
import io.pratique.release.StepContext;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a check within another one knows; what it tells goes elsewhere. */
final class Retold implements StepContext {

    private final StepContext context;
    private final Consumer<String> told;

    Retold(StepContext context, Consumer<String> told) {
        this.context = context;
        this.told = told;
    }

    @Override
    public String id() {
        return context.id();
    }

    @Override
    public String version() {
        return context.version();
    }

    @Override
    public @Nullable String previousVersion() {
        return context.previousVersion();
    }

    @Override
    public Path directory() {
        return context.directory();
    }

    @Override
    public long token() {
        return context.token();
    }

    @Override
    public List<ReleaseRecord> releases() {
        return context.releases();
    }

    @Override
    public @Nullable String reason() {
        return context.reason();
    }

    @Override
    public @Nullable ReleaseOutcome outcome() {
        return context.outcome();
    }

    @Override
    public void tell(String text) {
        told.accept(text);
    }
}
