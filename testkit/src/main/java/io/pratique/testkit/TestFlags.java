package io.pratique.testkit;

import io.pratique.flags.Flag;
import io.pratique.flags.FlagClient;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * Flags that a test switches at will, and a {@link FlagClient} that answers from them. A switch has taken effect for
 * every thread when its method returns. A flag that was not switched has its default.
 *
 * <p>In a JUnit test, {@link PratiqueTest} injects one; elsewhere, a test makes and closes its own:
 *
 * <pre>{@code
 * try (TestFlags flags = new TestFlags()) {
 *     Worker worker = new Worker(flags.client());
 *     flags.off("outbox-processing");
 *     assertFalse(worker.tick());
 * }
 * }</pre>
 *
 * <p>Safe for use by any number of threads, but not by a {@link io.pratique.flags.FlagListener} of its own client, on
 * whose thread a switch would wait for itself.
 */
public final class TestFlags implements AutoCloseable {

    private final ScriptedSource source = new ScriptedSource("test-flags");
    private final FlagClient client;
    private final Duration patience;

    /** Flags that are all absent, and a client that has no other source. */
    public TestFlags() {
        this(FlagClient.builder(), Monitor.PATIENCE);
    }

    TestFlags(FlagClient.Builder builder, Duration patience) {
        this.client = builder.source(source).build();
        this.patience = patience;
    }

    /**
     * Flags with a client of the caller's making: strict, with declared flags, on a {@link ManualClock}, or with further
     * sources, which then take precedence.
     *
     * @param builder to be built here and nowhere else
     * @return the flags, all absent
     */
    public static TestFlags with(FlagClient.Builder builder) {
        return new TestFlags(builder, Monitor.PATIENCE);
    }

    /**
     * The client that answers from these flags.
     *
     * @return always the same one; it is closed with these flags
     */
    public FlagClient client() {
        return client;
    }

    /**
     * Switches a flag on.
     *
     * @param key the flag key
     * @throws IllegalArgumentException if it is null, blank or too long
     * @throws IllegalStateException if these flags are closed
     */
    public void on(String key) {
        set(Flag.of(key), "on");
    }

    /**
     * Switches a flag on.
     *
     * @param flag the flag
     * @throws IllegalStateException if these flags are closed
     */
    public void on(Flag flag) {
        set(flag, "on");
    }

    /**
     * Switches a flag off.
     *
     * @param key the flag key
     * @throws IllegalArgumentException if it is null, blank or too long
     * @throws IllegalStateException if these flags are closed
     */
    public void off(String key) {
        set(Flag.of(key), "off");
    }

    /**
     * Switches a flag off.
     *
     * @param flag the flag
     * @throws IllegalStateException if these flags are closed
     */
    public void off(Flag flag) {
        set(flag, "off");
    }

    /**
     * Takes a flag out, so that it has its default again.
     *
     * @param key the flag key
     * @throws IllegalArgumentException if it is null, blank or too long
     * @throws IllegalStateException if these flags are closed
     */
    public void clear(String key) {
        clear(Flag.of(key));
    }

    /**
     * Takes a flag out, so that it has its default again.
     *
     * @param flag the flag
     * @throws IllegalStateException if these flags are closed
     */
    public void clear(Flag flag) {
        requireOpen();
        source.remove(flag.key());
        awaitEffect();
    }

    /**
     * Takes all flags out, so that each has its default again.
     *
     * @throws IllegalStateException if these flags are closed
     */
    public void clearAll() {
        requireOpen();
        source.clear();
        awaitEffect();
    }

    /** Closes the client, which goes on answering from the flags as they are. Idempotent. */
    @Override
    public void close() {
        client.close();
    }

    private void set(Flag flag, String text) {
        requireOpen();
        source.put(flag.key(), text);
        awaitEffect();
    }

    private void requireOpen() {
        if (client.isClosed()) {
            throw new IllegalStateException(
                    "these flags are closed, so a switch would have no effect; switch them before" + " the test ends");
        }
    }

    /** An interrupt ends no wait here: it is meant for the test, and is left to it. */
    private void awaitEffect() {
        try {
            client.refresh()
                    .toCompletableFuture()
                    .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
        } catch (CompletionException tooLate) {
            throw new IllegalStateException(
                    "the switch has not taken effect within " + patience
                            + "; is this a listener's thread, or does another source hang?",
                    tooLate.getCause());
        }
    }
}
