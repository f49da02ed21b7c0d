package io.pratique.release;

/** A part of a step did not do what it was to do. */
final class StepFailure extends Exception {

    private static final long serialVersionUID = 1L;

    StepFailure(String message) {
        super(message);
    }

    StepFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
