package io.pratique.readiness;

import io.pratique.flags.ErrorCode;
import io.pratique.flags.FlagClient;
import io.pratique.flags.FlagEvaluation;
import io.pratique.flags.Flags;
import io.pratique.flags.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Where a gate asks for the flags of its jobs: a client that it was given, else the one of {@link Flags} at each time,
 * which may be replaced.
 *
 * <p>A strict client throws at flags that it does not know. A gate throws nothing: such a flag is on, but does not do for
 * a destructive job.
 */
@SuppressWarnings("NullAway") // a null key is a flag that does not exist
final class JobFlags {

    private final @Nullable FlagClient given;

    JobFlags(@Nullable FlagClient given) {
        this.given = given;
    }

    private FlagClient client() {
        return given != null ? given : Flags.client();
    }

    /** Making a handle takes a lock of the client's and allocates: where there is a client, before the first decision. */
    void prepare(JobCell cell) {
        if (given != null && cell.job().isDestructive()) {
            boolean unused = cell.flagHandle(given).isReady();
        }
    }

    /** Whether a flag lets a job run. Reads memory. */
    boolean allow(JobCell cell, @Nullable String key) {
        try {
            FlagClient client = client();
            // Readiness first: an off that is published in between is then seen, and a default is not taken for an
            // answer.
            boolean ready =
                    !cell.job().isDestructive() || cell.flagHandle(client).isReady();
            return ready && client.isEnabled(key);
        } catch (IllegalArgumentException undeclaredInStrictMode) {
            return !cell.job().isDestructive();
        }
    }

    /** What is known of a flag; null if it is not declared to a strict client. */
    @Nullable FlagEvaluation evaluate(@Nullable String key) {
        try {
            return client().evaluate(key);
        } catch (IllegalArgumentException undeclaredInStrictMode) {
            return null;
        }
    }

    /** The same as {@link io.pratique.flags.FlagHandle#isReady}, from one evaluation. */
    static boolean isReady(@Nullable FlagEvaluation flag) {
        if (flag == null) {
            return false;
        }
        boolean held = flag.reason() == Reason.STATIC || flag.reason() == Reason.STALE;
        boolean allAnswered = flag.unanswered().isEmpty() && flag.errorCode() != ErrorCode.PROVIDER_NOT_READY;
        return held || allAnswered;
    }
}
