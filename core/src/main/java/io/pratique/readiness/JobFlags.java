package io.pratique.readiness;

import io.pratique.flags.ErrorCode;
import io.pratique.flags.FlagClient;
import io.pratique.flags.FlagEvaluation;
import io.pratique.flags.FlagHandle;
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
        if (given != null) {
            try {
                boolean unused = cell.flagHandle(given).isReady();
            } catch (IllegalArgumentException undeclaredInStrictMode) {
                // Each decision finds that out, too.
            }
        }
    }

    /**
     * Whether the flag of a declared job lets it run. Reads memory: of a client that was given the job's handle, which is
     * no second look-up; of one that may be replaced the flag, unless the job is destructive.
     */
    boolean allow(JobCell cell) {
        boolean destructive = cell.job().isDestructive();
        try {
            FlagClient client = client();
            if (given == null && !destructive) {
                return client.isEnabled(cell.job().flag());
            }
            FlagHandle handle = cell.flagHandle(client);
            // Readiness first: an off that is published in between is then seen, and a default is not taken for an
            // answer.
            return (!destructive || handle.isReady()) && handle.isEnabled();
        } catch (IllegalArgumentException undeclaredInStrictMode) {
            return !destructive;
        }
    }

    /** The same for a job that is not declared, whose flag has its name. */
    boolean allow(@Nullable String job) {
        try {
            return client().isEnabled(job);
        } catch (IllegalArgumentException undeclaredInStrictMode) {
            return true;
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
