package io.pratique.flags.spi;

import org.jspecify.annotations.Nullable;

/** A store could not do what was asked: its server is out of reach, or refuses. */
public final class FlagStoreException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Says what went wrong.
     *
     * @param message the store, the fault and the remedy, without any secret
     * @param cause what the client library threw; null if nothing was thrown
     */
    public FlagStoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
