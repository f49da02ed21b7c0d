package io.pratique.probes;

import io.pratique.readiness.ProbeResult;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Where a secret is kept. Its name is for logs and reports; its value is neither returned, nor thrown, nor kept. */
interface SecretPlace {

    /** Looks once. */
    ProbeResult look(Duration timeout) throws Exception;

    /** What an exception of its client says; null if it is no evidence. */
    default @Nullable ProbeResult classify(Throwable failure) {
        return null;
    }

    /** Whether each look is paid for. */
    default boolean isPaid() {
        return false;
    }
}
