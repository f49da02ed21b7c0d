package io.pratique.flags;

/**
 * Feature flags for any JVM application, without a line of set-up:
 *
 * <pre>{@code
 * if (Flags.isEnabled("outbox-processing")) { ... }
 * }</pre>
 *
 * <p>Answers come from the client that was {@linkplain #install installed}, or else, from the first call on, from one
 * over the sources that {@link java.util.ServiceLoader} finds on the class or module path.
 */
public final class Flags {

    private Flags() {}

    /**
     * Whether a feature is on; by default, as declared, or on.
     *
     * @param key the flag key
     * @return the current answer, as {@link FlagClient#isEnabled(String)}
     */
    public static boolean isEnabled(String key) {
        return client().isEnabled(key);
    }

    /**
     * Whether a feature is on, with a default that beats the declared one.
     *
     * @param key the flag key
     * @param defaultValue the answer if no source holds the flag
     * @return the current answer, as {@link FlagClient#isEnabled(String, boolean)}
     */
    public static boolean isEnabled(String key, boolean defaultValue) {
        return client().isEnabled(key, defaultValue);
    }

    /**
     * Whether a feature is on; by default, as the flag says.
     *
     * @param flag the flag
     * @return the current answer, as {@link FlagClient#isEnabled(Flag)}
     */
    public static boolean isEnabled(Flag flag) {
        return client().isEnabled(flag);
    }

    /**
     * The client that answers here. The first call without an installed one discovers the sources, and may wait for
     * them as long as {@link FlagClient.Builder#build()} does; it never throws.
     *
     * @return the installed client, else the discovered one
     */
    public static FlagClient client() {
        return InstalledClient.get();
    }

    /**
     * Makes a client the one that answers here. It takes the place of a closed one, and of a discovered one, which is
     * closed.
     *
     * @param client stays the caller's, who closes it
     * @throws IllegalStateException if another installed client is alive
     */
    public static void install(FlagClient client) {
        InstalledClient.install(client);
    }
}
