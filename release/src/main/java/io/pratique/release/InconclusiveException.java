package io.pratique.release;

/**
 * Thrown by a step that cannot tell whether all is as it should be. Before the first change the release ends, and nothing
 * was changed. After it the release is left as it is, in doubt: resuming it asks again, and it can be rolled back. A check
 * that is broken must not undo what works.
 */
public final class InconclusiveException extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * With a message.
     *
     * @param message why it cannot be told, for people, without secrets
     */
    public InconclusiveException(String message) {
        super(message);
    }

    /**
     * With a message and what was thrown.
     *
     * @param message why it cannot be told, for people, without secrets
     * @param cause what was thrown
     */
    public InconclusiveException(String message, Throwable cause) {
        super(message, cause);
    }
}
