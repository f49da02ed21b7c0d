package io.pratique.release;

import io.pratique.flags.spi.FlagText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What one run of one part of a step knows, and what it has told. */
final class StepTelling implements StepContext {

    private final Surroundings surroundings;
    private final long token;
    private final @Nullable ReleaseOutcome outcome;
    private final @Nullable String reason;
    private final List<String> told = new ArrayList<>();

    /** What all steps of a release know. */
    record Surroundings(
            String id,
            String version,
            @Nullable String previousVersion,
            Path directory,
            Supplier<List<ReleaseRecord>> releases) {}

    StepTelling(Surroundings surroundings, long token, @Nullable ReleaseOutcome outcome, @Nullable String reason) {
        this.surroundings = surroundings;
        this.token = token;
        this.outcome = outcome;
        this.reason = reason;
    }

    @Override
    public String id() {
        return surroundings.id();
    }

    @Override
    public String version() {
        return surroundings.version();
    }

    @Override
    public @Nullable String previousVersion() {
        return surroundings.previousVersion();
    }

    @Override
    public Path directory() {
        return surroundings.directory();
    }

    @Override
    public long token() {
        return token;
    }

    @Override
    public List<ReleaseRecord> releases() {
        return surroundings.releases().get();
    }

    @Override
    public @Nullable String reason() {
        return reason;
    }

    @Override
    public @Nullable ReleaseOutcome outcome() {
        return outcome;
    }

    @Override
    public synchronized void tell(String text) {
        told.add(FlagText.printable(String.valueOf(text), 500));
    }

    synchronized String told() {
        return String.join("; ", told);
    }

    /** The same behind something else. */
    String shown() {
        String all = told();
        return all.isEmpty() ? "" : " (" + all + ")";
    }
}
