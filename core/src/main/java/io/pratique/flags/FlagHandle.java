package io.pratique.flags;

/**
 * One flag, kept by a hot loop. Live: it follows every change of its client. Asking it is one memory read.
 *
 * <p>Safe for use by any number of threads.
 */
public sealed class FlagHandle permits CountedFlagHandle {

    private final String key;
    private final boolean defaultValue;
    private volatile boolean enabled;
    private volatile boolean ready;

    FlagHandle(String key, boolean defaultValue) {
        this.key = key;
        this.defaultValue = defaultValue;
    }

    /** Called by the publishing thread only. */
    void publish(boolean enabled, boolean ready) {
        this.enabled = enabled;
        this.ready = ready;
    }

    /**
     * The flag's key.
     *
     * @return the key
     */
    public String key() {
        return key;
    }

    boolean defaultValue() {
        return defaultValue;
    }

    /**
     * Whether the feature is on. Reads memory; never throws, blocks or allocates.
     *
     * @return the current answer
     */
    public boolean isEnabled() {
        return enabled;
    }

    /**
     * Whether the answer rests on what sources said: one of them holds the flag, or all of them have answered. False
     * means PROVIDER_NOT_READY: the default stands in for an answer that may still come.
     *
     * @return true once the answer is more than a guess
     */
    public boolean isReady() {
        return ready;
    }
}
