package io.pratique.flags;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How one source of a client is doing, as of the moment it was asked for.
 *
 * @param name the source's name
 * @param state what its values are worth
 * @param flags how many flags it holds
 * @param lastSuccess when it last answered, by the wall clock; with values from a snapshot file, when they were read
 *     from the source; null if it never did
 * @param age the time since then; null if it never answered
 * @param consecutiveFailures how many loads in a row have failed
 * @param error what the last load failed of; null if it succeeded
 * @param loadingFor how long a load has been under way; null if none is
 * @param pushed whether a watch was set up that announces changes; also while its connection is away and is made anew
 * @param loads how many loads have ended, failed ones among them
 * @param failedLoads how many of them failed
 * @param invalidValues how many values were refused because they are none of the accepted words, each counted once
 */
public record SourceStatus(
        String name,
        State state,
        int flags,
        @Nullable Instant lastSuccess,
        @Nullable Duration age,
        int consecutiveFailures,
        @Nullable String error,
        @Nullable Duration loadingFor,
        boolean pushed,
        long loads,
        long failedLoads,
        long invalidValues) {

    /** What the values of a source are worth. */
    public enum State {
        /** It has not answered since the client was built; it holds what the snapshot file held, if anything. */
        NOT_READY,
        /** Its last load succeeded, and not too long ago. */
        READY,
        /** It answered once; its last load failed, or none has ended for twice the TTL. */
        STALE
    }
}
