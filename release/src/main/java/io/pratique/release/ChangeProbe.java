package io.pratique.release;

/** Tells how much of a change has been made, by looking at what is changed. */
@FunctionalInterface
public interface ChangeProbe {

    /**
     * Looks, and changes nothing. It is asked when a release was killed within a change, or the change has failed.
     *
     * @param context what the probe may know of the release
     * @return how much of the change has been made
     * @throws Exception if it cannot be told, which counts as {@link ChangeState#UNKNOWN}
     */
    ChangeState probe(StepContext context) throws Exception;
}
