package io.pratique.cli;

import org.jspecify.annotations.Nullable;

/** A server does not answer. */
final class UnreachableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnreachableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
