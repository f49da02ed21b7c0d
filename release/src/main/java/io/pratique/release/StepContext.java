package io.pratique.release;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a step may know of the release that it is part of. */
public interface StepContext {

    /**
     * Which release it is.
     *
     * @return the same for all steps of this release, also when it is resumed, and no other release of its directory has
     *     it, such as {@code 7-v1.2.4}
     */
    String id();

    /**
     * The version that is being released.
     *
     * @return such as {@code v1.2.4}
     */
    String version();

    /**
     * The version that was there before.
     *
     * @return null if none is known
     */
    @Nullable String previousVersion();

    /**
     * Where this release may keep files, such as a backup; they stay after its end.
     *
     * @return a directory that is there
     */
    Path directory();

    /**
     * The fencing token of the lock that the release holds: larger than that of each holder before. A change that can,
     * has what it changes refuse a smaller one.
     *
     * @return the token, from 1
     */
    long token();

    /**
     * This release as far as it has come, and those before it.
     *
     * @return the newest first; without this one if it is only rehearsed
     * @throws java.io.UncheckedIOException if the journals cannot be read
     * @throws IllegalArgumentException if one of them was changed, or is of a newer format
     */
    List<ReleaseRecord> releases();

    /**
     * Why the release is being undone, or was.
     *
     * @return null if it is not
     */
    @Nullable String reason();

    /**
     * What became of the release.
     *
     * @return null until that is known, so for all but the steps that run last
     */
    @Nullable ReleaseOutcome outcome();

    /**
     * Adds to what the journal and the log say of this step.
     *
     * @param text one line for people, without secrets
     */
    void tell(String text);
}
