package io.pratique.flags;

import io.pratique.flags.spi.FlagSource;
import io.pratique.flags.spi.FlagText;
import io.pratique.flags.spi.Subscription;
import io.pratique.time.Timeline;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Answers whether features are on, from memory, over the flag sources it was built with.
 *
 * <pre>{@code
 * FlagClient flags = FlagClient.builder().source(EnvFlagSource.file(Path.of("flags.env"))).build();
 * if (flags.isEnabled("outbox-processing")) { ... }
 * }</pre>
 *
 * <p>The first source, in the order given, that holds a key decides; if none does, the default, which is on unless the
 * call or a declaration says otherwise. Sources are loaded in the background, each on its own daemon thread, once per
 * TTL and whenever they announce a change. What a source said last stays in force while it is away.
 *
 * <p>Evaluations never throw (but see {@link Builder#strict()}), never block, read no clock and allocate nothing, except
 * that the first sight of an unknown key may allocate and {@code evaluate} makes its answer. All methods may be called by
 * any thread.
 */
public final class FlagClient implements AutoCloseable {

    private final Engine engine;
    private final Answers answers;

    FlagClient(Engine engine) {
        this.engine = engine;
        this.answers = engine.answers();
    }

    /**
     * Starts to configure a client.
     *
     * @return a builder without sources
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Whether a feature is on; by default, as declared, or on.
     *
     * @param key the flag key; null, blank or overlong ones are flags that do not exist
     * @return the current answer
     * @throws IllegalArgumentException in strict mode only, if the key is not declared
     */
    public boolean isEnabled(String key) {
        return answers.isEnabled(key);
    }

    /**
     * Whether a feature is on, with a default that beats the declared one.
     *
     * @param key the flag key; null, blank or overlong ones are flags that do not exist
     * @param defaultValue the answer if no source holds the flag
     * @return the current answer
     * @throws IllegalArgumentException in strict mode only, if the key is not declared
     */
    public boolean isEnabled(String key, boolean defaultValue) {
        return answers.isEnabled(key, defaultValue);
    }

    /**
     * Whether a feature is on; by default, as this flag says.
     *
     * @param flag the flag
     * @return the current answer
     * @throws IllegalArgumentException in strict mode only, if the flag's key is not declared
     */
    public boolean isEnabled(Flag flag) {
        return flag == null ? answers.isEnabled(null) : answers.isEnabled(flag.key(), flag.enabledByDefault());
    }

    /**
     * The answer of {@link #isEnabled(String)} with all that explains it.
     *
     * @param key the flag key
     * @return the current answer
     * @throws IllegalArgumentException in strict mode only, if the key is not declared
     */
    public FlagEvaluation evaluate(String key) {
        return engine.evaluate(key, null);
    }

    /**
     * The answer of {@link #isEnabled(String, boolean)} with all that explains it.
     *
     * @param key the flag key
     * @param defaultValue the answer if no source holds the flag
     * @return the current answer
     * @throws IllegalArgumentException in strict mode only, if the key is not declared
     */
    public FlagEvaluation evaluate(String key, boolean defaultValue) {
        return engine.evaluate(key, defaultValue);
    }

    /**
     * The answer of {@link #isEnabled(Flag)} with all that explains it.
     *
     * @param flag the flag
     * @return the current answer
     * @throws IllegalArgumentException in strict mode only, if the flag's key is not declared
     */
    public FlagEvaluation evaluate(Flag flag) {
        return flag == null ? engine.evaluate(null, null) : engine.evaluate(flag.key(), flag.enabledByDefault());
    }

    /**
     * A live handle for a hot loop: asking it is one memory read. The same key gives the same handle while somebody
     * keeps it.
     *
     * @param key the flag key
     * @return a handle that follows {@link #isEnabled(String)}
     * @throws IllegalArgumentException in strict mode only, if the key is not declared
     */
    public FlagHandle handle(String key) {
        return engine.handle(key, null);
    }

    /**
     * A live handle with a flag's own default.
     *
     * @param flag the flag
     * @return a handle that follows {@link #isEnabled(Flag)}
     * @throws IllegalArgumentException in strict mode only, if the flag's key is not declared
     */
    public FlagHandle handle(Flag flag) {
        return flag == null ? engine.handle(null, null) : engine.handle(flag.key(), flag.enabledByDefault());
    }

    /**
     * Tells a listener of every change of an answer from now on, on a thread of this client.
     *
     * @param listener may be slow and may throw; it harms nobody else
     * @return ends the subscription when closed
     */
    public Subscription onChange(FlagListener listener) {
        return engine.onChange(listener);
    }

    /**
     * Breaks the glass: answers for one flag above all sources, in this process, until a time. A second override of the
     * same key replaces the first. With a snapshot file it outlives a restart.
     *
     * @param key the flag key
     * @param enabled the answer
     * @param lasting how long, from now; it must end
     * @param reason why, for logs and evaluations
     * @return lifts the override when closed; an override that has replaced it stays
     * @throws IllegalArgumentException if the key is not a flag key or, in strict mode, not declared; if the duration is
     *     not positive; if the reason is blank
     * @throws IllegalStateException if this client is closed
     */
    public Subscription override(String key, boolean enabled, Duration lasting, String reason) {
        return engine.override(key, enabled, lasting, reason);
    }

    /**
     * Has every source loaded now. Joins the next load of each to start, never one under way, so what was written before
     * the call is seen.
     *
     * @return completes normally when these loads have ended, failed ones included, and at the latest after twice the
     *     load timeout; {@link #sources()} tells how they went
     */
    public CompletionStage<@Nullable Void> refresh() {
        return engine.refresh();
    }

    /**
     * How each source is doing, in order of precedence.
     *
     * @return one status for each source
     */
    public List<SourceStatus> sources() {
        return engine.sources();
    }

    /**
     * The answers for all flags that are known: declared, delivered by a source, or overridden. Of those that were asked
     * for and that nobody knows, {@link #unknownKeys()} tells.
     *
     * @return sorted by key, each as {@link #evaluate(String)} gives it
     */
    public List<FlagEvaluation> flags() {
        return engine.flags();
    }

    /**
     * How often each flag was asked for, by any method of this client or a handle of it.
     *
     * @return sorted by key; empty unless this client {@linkplain Builder#countEvaluations counts}
     */
    public List<EvaluationCount> evaluationCounts() {
        return engine.evaluationCounts();
    }

    /**
     * The flags that somebody should clear away: those past their expiry, and, where flags are declared at all, those
     * that a source has and nobody declared.
     *
     * @return sorted by key
     */
    public List<StaleFlag> staleFlags() {
        return engine.staleFlags();
    }

    /**
     * The keys that were asked for and that nobody knows.
     *
     * @return those of the first 1,000 that nobody has got to know since, and how many checks asked for others
     */
    public UnknownKeys unknownKeys() {
        return engine.unknownKeys();
    }

    /**
     * Whether {@link #close()} has been called.
     *
     * @return true from then on
     */
    public boolean isClosed() {
        return engine.isClosed();
    }

    /**
     * Stops loading and closes the sources, waiting a few seconds at most for loads under way and for listeners that have
     * yet to be told of a change. Evaluations go on and answer from the last values, for ever: an override or a time-boxed
     * value that is in force by now no longer ends. Idempotent; throws nothing.
     */
    @Override
    public void close() {
        engine.close();
    }

    /** Configures a {@link FlagClient}. Each setter checks what it is given. Not for use by several threads at once. */
    public static final class Builder {

        private final List<FlagSource> sources = new ArrayList<>();
        private final List<String> names = new ArrayList<>();
        private final Map<String, Flag> declared = new LinkedHashMap<>();
        private Duration ttl = Duration.ofSeconds(30);
        private Duration startupTimeout = Duration.ofSeconds(2);
        private Duration loadTimeout = Duration.ofSeconds(10);
        private boolean strict;
        private boolean countsEvaluations;
        private @Nullable Path snapshotFile;
        private @Nullable InstantSource clock;
        private boolean built;

        private Builder() {}

        /**
         * Adds a source below those added before. The client closes it.
         *
         * @param source the source; its name must differ from those of the others
         * @return this builder
         * @throws IllegalArgumentException if the source is null, was added before, or cannot tell its name, or if the
         *     name is taken
         */
        public Builder source(FlagSource source) {
            given("flag source", source);
            for (int i = 0; i < sources.size(); i++) {
                if (sources.get(i) == source) {
                    throw new IllegalArgumentException("flag source \"" + FlagText.printable(names.get(i))
                            + "\" was added before; add each source once");
                }
            }
            String given = nameOf(source);
            String name = given == null || given.isBlank() ? "source-" + (sources.size() + 1) : given;
            if (names.contains(name) || name.equals(FlagEvaluation.OVERRIDE)) {
                throw new IllegalArgumentException("flag source name \"" + FlagText.printable(name)
                        + "\" is taken; give each source a name of its own");
            }
            if (!FlagText.printable(name, Flag.MAX_KEY_LENGTH).equals(name)) {
                throw new IllegalArgumentException("flag source name \"" + FlagText.printable(name)
                        + "\" must be at most " + Flag.MAX_KEY_LENGTH
                        + " printable characters, since it goes to logs and metrics; give it another");
            }
            sources.add(source);
            names.add(name);
            return this;
        }

        /**
         * How long a value may be old while its source works: 30 seconds unless set. Each source is polled about every
         * 0.7 of it.
         *
         * @param ttl positive
         * @return this builder
         * @throws IllegalArgumentException if it is zero or negative
         */
        public Builder ttl(Duration ttl) {
            this.ttl = Timeline.requirePositive("ttl", ttl);
            return this;
        }

        /**
         * How long {@link #build} waits for the sources: 2 seconds unless set.
         *
         * @param startupTimeout positive
         * @return this builder
         * @throws IllegalArgumentException if it is zero or negative
         */
        public Builder startupTimeout(Duration startupTimeout) {
            this.startupTimeout = Timeline.requirePositive("startupTimeout", startupTimeout);
            return this;
        }

        /**
         * How long one load may take before it is interrupted and counts as failed: 10 seconds unless set.
         *
         * @param loadTimeout positive
         * @return this builder
         * @throws IllegalArgumentException if it is zero or negative
         */
        public Builder loadTimeout(Duration loadTimeout) {
            this.loadTimeout = Timeline.requirePositive("loadTimeout", loadTimeout);
            return this;
        }

        /**
         * Declares flags: their defaults, owners and expiry dates.
         *
         * @param flags the flags
         * @return this builder
         * @throws IllegalArgumentException if a flag is null, or a key is declared twice
         */
        public Builder declare(Flag... flags) {
            for (Flag flag : given("declared flags", flags)) {
                if (declared.putIfAbsent(given("declared flag", flag).key(), flag) != null) {
                    throw new IllegalArgumentException(
                            "flag \"" + FlagText.printable(flag.key()) + "\" is declared twice; declare it once");
                }
            }
            return this;
        }

        /**
         * Has evaluations of undeclared keys throw, so that tests and development find misspelt ones.
         *
         * @return this builder
         */
        public Builder strict() {
            this.strict = true;
            return this;
        }

        /**
         * Keeps last-known values and overrides in a file, so that a restart during an outage forgets nothing. One
         * process writes it; others given the same file only read it, and say so once.
         *
         * @param snapshotFile written by replacement; a lock file is kept beside it
         * @return this builder
         * @throws IllegalArgumentException if it is null
         */
        public Builder snapshotFile(Path snapshotFile) {
            this.snapshotFile = given("snapshotFile", snapshotFile);
            return this;
        }

        /**
         * Has evaluations counted by key and answer, for metrics: {@link FlagClient#evaluationCounts()}. Each then costs
         * a counter that several threads can share; without this, none costs anything.
         *
         * @return this builder
         */
        public Builder countEvaluations() {
            this.countsEvaluations = true;
            return this;
        }

        /**
         * Replaces the machine's clocks, for tests. Everything but the wait in {@link #build} goes by this clock; it is
         * read again every few milliseconds.
         *
         * @param clock may be moved at will
         * @return this builder
         * @throws IllegalArgumentException if it is null
         */
        public Builder clock(InstantSource clock) {
            this.clock = given("clock", clock);
            return this;
        }

        /**
         * Builds the client and starts its sources. Waits until each has answered or failed once, at most the startup
         * timeout; a source that is away then serves what the snapshot file holds of it, if anything, and heals by
         * itself.
         *
         * @return a client that the caller closes
         * @throws IllegalStateException if this builder has built one: sources belong to one client
         */
        public FlagClient build() {
            if (built) {
                throw new IllegalStateException(
                        "this builder has built a client, which owns its sources; start another with FlagClient.builder()");
            }
            built = true;
            Engine engine = new Engine(new Engine.Settings(
                    List.copyOf(sources),
                    List.copyOf(names),
                    new Snapshot.Declarations(Map.copyOf(declared), strict),
                    new SourceLoop.Settings(new Cadence(Timeline.nanos(ttl)), loadTimeout),
                    snapshotFile,
                    countsEvaluations,
                    new Timeline("pratique-flags-timer", clock)));
            engine.start(startupTimeout);
            return new FlagClient(engine);
        }

        private static <T> T given(String subject, @Nullable T value) {
            if (value == null) {
                throw new IllegalArgumentException(subject + " must not be null; give one, or leave the call out");
            }
            return value;
        }

        private static @Nullable String nameOf(FlagSource source) {
            try {
                return source.name();
            } catch (RuntimeException thrown) {
                throw new IllegalArgumentException(
                        "flag source of " + source.getClass() + " cannot tell its name, name() threw \"" + thrown
                                + "\"; return a name, or an empty one",
                        thrown);
            }
        }
    }
}
