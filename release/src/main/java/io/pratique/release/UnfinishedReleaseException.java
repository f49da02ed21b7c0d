package io.pratique.release;

import java.nio.file.Path;

/** A release was begun and is neither done nor undone. */
public final class UnfinishedReleaseException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    /** Of the release that was begun. */
    private final String version;

    /**
     * Tells which.
     *
     * @param version of the release that was begun
     * @param journal where it is written down
     */
    UnfinishedReleaseException(String version, Path journal) {
        super("Release " + version + " was begun and is neither done nor undone, as \"" + journal
                + "\" tells; resume it or roll it back first");
        this.version = version;
    }

    /**
     * The release that was begun.
     *
     * @return its version
     */
    public String version() {
        return version;
    }
}
