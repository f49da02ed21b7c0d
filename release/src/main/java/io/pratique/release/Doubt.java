package io.pratique.release;

/** Nothing more may be done by this process: the release stays as it is, neither done nor undone. */
final class Doubt extends Exception {

    private static final long serialVersionUID = 1L;

    Doubt(String message) {
        super(message);
    }

    Doubt(String message, Throwable cause) {
        super(message, cause);
    }
}
