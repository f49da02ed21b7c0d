package io.pratique.release.incidents;

import java.io.IOException;

/** A receiver has refused an incident, and would again: its settings have to be mended first. */
public final class RefusedException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * A refusal.
     *
     * @param message what was refused and why, for people, without secrets
     */
    public RefusedException(String message) {
        super(message);
    }
}
