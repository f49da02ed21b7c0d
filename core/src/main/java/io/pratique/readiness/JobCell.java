package io.pratique.readiness;

import io.pratique.flags.FlagClient;
import io.pratique.flags.FlagHandle;
import io.pratique.time.Timeline;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One class of jobs and the verdict published for it. A look-up of it is all that deciding costs. */
final class JobCell {

    private final Job job;
    private final List<Dependency> needs;
    private final CountDownLatch decided = new CountDownLatch(1);
    private final long patience;
    private volatile Verdict verdict;
    private volatile @Nullable KeptHandle handle;

    JobCell(Job job, List<Dependency> needs, Instant now) {
        this.job = job;
        this.needs = needs;
        this.patience = needs.stream()
                .map(need -> need.settings().timeout())
                .mapToLong(Timeline::nanos)
                .max()
                .orElse(0);
        this.verdict = next(now);
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

    private Verdict next(Instant now) {
        return Verdict.of(job, needs.stream().map(Dependency::reading).toList(), now);
    }

    /** Whether the verdict is what the readings come to by now. */
    boolean isCurrent() {
        Verdict published = verdict;
        return next(published.since()).isLike(published);
    }

    /** Called by one thread at a time. */
    void publish(Instant now) {
        verdict = next(now).after(verdict);
        if (!isPending()) {
            decided.countDown();
        }
    }

    /** Nothing more will be heard: who waits for it is let go, and waits no further time. */
    void waitNoLonger() {
        decided.countDown();
    }

    private boolean isPending() {
        return verdict.reason() == DecisionReason.DEPENDENCY_PENDING;
    }

    /**
     * Waits, in the machine's time, until something has been heard of all it needs and the verdict says so; at most the
     * longest timeout of their probes.
     *
     * @throws InterruptedException if it had to wait and was interrupted
     */
    void awaitVerdict() throws InterruptedException {
        if (isPending()) {
            boolean unused = decided.await(patience, TimeUnit.NANOSECONDS);
        }
    }
}
