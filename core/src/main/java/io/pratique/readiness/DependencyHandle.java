package io.pratique.readiness;

/**
 * Where an application reports how its real calls to a dependency went, so that probing can be rare. Safe for any
 * thread, and cheap enough for every call: while all is well a success is one write to memory.
 */
public final class DependencyHandle {

    private final Dependency dependency;

    DependencyHandle(Dependency dependency) {
        this.dependency = dependency;
    }

    /**
     * The dependency.
     *
     * @return its name
     */
    public String name() {
        return dependency.name();
    }

    /**
     * A real call succeeded: a vote for up. While the dependency works, the votes of one interval count as one, and its
     * next check is left out; every fifth is made all the same.
     */
    public void success() {
        dependency.passiveSuccess();
    }

    /**
     * A real call failed. It counts as the dependency's probe {@linkplain Probe#classify classifies} it, else as a vote for
     * down if it is evidence by the rules of {@link Probe}; any other failure says nothing of the dependency and is passed
     * over. Each is a vote of its own, however many there are in an interval.
     *
     * @param failure what the call threw
     */
    public void failure(Throwable failure) {
        dependency.passiveFailure(failure);
    }
}
