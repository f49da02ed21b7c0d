package io.pratique.testkit;

import io.pratique.flags.spi.FlagSource;
import io.pratique.flags.spi.Subscription;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Timeout;

/**
 * The tests that every {@link FlagSource} passes. The author of a source extends this class and says how to reach the
 * backend; each test then runs by itself:
 *
 * <pre>{@code
 * class RegistryFlagSourceTest extends FlagSourceContract {
 *
 *     private final Registry registry = Registry.startInMemory();
 *
 *     @Override
 *     protected FlagSource openSource() {
 *         return new RegistryFlagSource(registry.address());
 *     }
 *
 *     @Override
 *     protected void write(Map<String, String> values) {
 *         registry.putAll(values);
 *     }
 *
 *     @Override
 *     protected void remove(String key) {
 *         registry.delete(key);
 *     }
 *
 *     @AfterEach
 *     void stop() {
 *         registry.stop();
 *     }
 * }
 * }</pre>
 *
 * <p>Each test needs a backend of its own that holds no flags, but is there: prepare it in a field, as above, or in a
 * {@code @BeforeEach} method. Sources are closed before the {@code @AfterEach} methods of the extending class run.
 * Where a test does not bind every source, the methods with a body say what the backend cannot do; the tests that need
 * it are then reported as skipped.
 *
 * <p>Keys that have to fit every backend are of lower case letters, digits and hyphens, such as {@code
 * outbox-processing}, and their values are words. All other texts are tried as far as {@link #canHoldKey} and {@link
 * #canHoldValue} allow.
 */
@Timeout(120)
public abstract class FlagSourceContract {

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    /** For the extending class. */
    protected FlagSourceContract() {}

    /**
     * Opens a source over this test's backend. Called several times by some tests: each source is another one, over the
     * same backend. It is closed by the suite. Where the backend can be {@linkplain #takeBackendAway taken away}, a
     * source can also be opened while it is.
     *
     * @return a new source
     * @throws Exception if the source cannot be made, which fails the test
     */
    protected abstract FlagSource openSource() throws Exception;

    /**
     * Puts values into the backend, each in place of what its key held; other keys stay. Returns once a load that
     * starts now has to see them.
     *
     * @param values text by flag key; up to 10,000 of them
     * @throws Exception if that fails, which fails the test
     */
    protected abstract void write(Map<String, String> values) throws Exception;

    /**
     * Takes a value out of the backend. Returns once a load that starts now must not see it.
     *
     * @param key a key that was written before
     * @throws Exception if that fails, which fails the test
     */
    protected abstract void remove(String key) throws Exception;

    /**
     * Whether the backend can name a flag like that. The default is yes.
     *
     * @param key an odd key: with upper case, white space, signs, other alphabets, of great length
     * @return false to leave it out
     */
    protected boolean canHoldKey(String key) {
        return true;
    }

    /**
     * Whether the backend can hold a value like that. The default is yes.
     *
     * @param value an odd value: empty, with white space around it, with line breaks or other control characters
     * @return false to leave it out
     */
    protected boolean canHoldValue(String value) {
        return true;
    }

    /**
     * Whether the source announces changes through {@link FlagSource#watch}. The default is yes.
     *
     * @return false if it is polled only; its {@code watch} then has to return {@link Subscription#none()}
     */
    protected boolean announcesChanges() {
        return true;
    }

    /**
     * Puts the backend out of reach, with all it holds: stops the server, cuts the connection, moves the file away. The
     * default skips the tests that need it.
     *
     * @throws Exception if that fails, which fails the test
     */
    protected void takeBackendAway() throws Exception {
        Assumptions.abort("this backend cannot be taken away");
    }

    /**
     * Puts the backend back that was taken away, with all it held. To be overridden with {@link #takeBackendAway}.
     *
     * @throws Exception if that fails, which fails the test
     */
    protected void bringBackendBack() throws Exception {
        throw new IllegalStateException("bringBackendBack() has to be overridden where takeBackendAway() is");
    }

    /**
     * How long a test waits for an announcement before it fails. Only failing tests wait that long.
     *
     * @return ten seconds unless overridden
     */
    protected Duration patience() {
        return Monitor.PATIENCE;
    }

    /** Has something closed at the end of the test. */
    final <T extends AutoCloseable> T closedByTheSuite(T opened) {
        this.opened.push(opened);
        return opened;
    }

    /** The last opened goes first, as a watch does before its source. */
    final void closeAll() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    /** What a load delivers. */
    @Nested
    class Loading extends LoadContract {
        Loading() {
            super(FlagSourceContract.this);
        }
    }

    /** What a load delivers that knows the set before. */
    @Nested
    class Reloading extends ReloadContract {
        Reloading() {
            super(FlagSourceContract.this);
        }
    }

    /** What a closed source does, and its name. */
    @Nested
    class LifeCycle extends LifeCycleContract {
        LifeCycle() {
            super(FlagSourceContract.this);
        }
    }

    /** What a source does whose backend is away. */
    @Nested
    class Outages extends OutageContract {
        Outages() {
            super(FlagSourceContract.this);
        }
    }

    /** What is announced to whom. */
    @Nested
    class Watching extends WatchContract {
        Watching() {
            super(FlagSourceContract.this);
        }
    }
}
