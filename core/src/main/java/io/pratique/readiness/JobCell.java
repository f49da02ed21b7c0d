package io.pratique.readiness;

import io.pratique.flags.FlagClient;
import io.pratique.flags.FlagHandle;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One class of jobs and the verdict published for it. A look-up of it is all that deciding costs. */
final class JobCell {

    private final Job job;
    private final List<Dependency> needs;
    private volatile Verdict verdict;
    private volatile @Nullable KeptHandle handle;

    JobCell(Job job, List<Dependency> needs, Instant now) {
        this.job = job;
        this.needs = needs;
        this.verdict = Verdict.of(job, needs.stream().map(Dependency::reading).toList(), now);
    }

    Job job() {
        return job;
    }

    List<Dependency> needs() {
        return needs;
    }

    /** The job's flag at a client, kept as long as that client is the one. */
    FlagHandle flagHandle(FlagClient client) {
        KeptHandle kept = handle;
        if (kept == null || kept.client != client) {
            kept = new KeptHandle(client, client.handle(job.flag()));
            handle = kept;
        }
        return kept.handle;
    }

    private record KeptHandle(FlagClient client, FlagHandle handle) {}

    Verdict verdict() {
        return verdict;
    }

    /** Called by one thread at a time. */
    void publish(Instant now) {
        Verdict next = Verdict.of(job, needs.stream().map(Dependency::reading).toList(), now);
        verdict = next.after(verdict);
    }
}
