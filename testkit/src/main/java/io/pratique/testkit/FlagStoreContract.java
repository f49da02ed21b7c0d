package io.pratique.testkit;

import io.pratique.flags.spi.Attribution;
import io.pratique.flags.spi.FlagSource;
import io.pratique.flags.spi.FlagStore;
import io.pratique.flags.spi.FlagText;
import io.pratique.flags.spi.FlagWrite;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Nested;

/**
 * The tests that every {@link FlagStore} passes, those of {@link FlagSourceContract} among them. The author of a store
 * extends this class and says how to reach the server; each test then runs by itself:
 *
 * <pre>{@code
 * class RegistryFlagStoreTest extends FlagStoreContract {
 *
 *     private final Registry registry = Registry.startInMemory();
 *
 *     @Override
 *     protected FlagStore openStore() {
 *         return new RegistryFlagStore(registry.address());
 *     }
 *
 *     @AfterEach
 *     void stop() {
 *         registry.stop();
 *     }
 * }
 * }</pre>
 *
 * <p>Each test needs a server of its own that nothing was ever written to: prepare it in a field, as above, or in a
 * {@code @BeforeEach} method. Stores are closed before the {@code @AfterEach} methods of the extending class run. What
 * can befall a server is tested as far as the methods with a body are overridden; the other tests are then reported as
 * skipped.
 *
 * <p>Values are words that {@link FlagText#parse} knows, in all their spellings.
 */
public abstract class FlagStoreContract extends FlagSourceContract {

    private @Nullable FlagStore writer;

    /** For the extending class. */
    protected FlagStoreContract() {}

    /**
     * Opens a store over this test's server. Called several times by most tests: each store is another one, over the same
     * server, as another process would open it. It is closed by the suite. Where the server can be {@linkplain
     * #takeBackendAway taken away}, a store can also be opened while it is.
     *
     * @return a new store
     * @throws Exception if the store cannot be made, which fails the test
     */
    protected abstract FlagStore openStore() throws Exception;

    /**
     * Opens a reader over this test's server. The default is a store; to be overridden where readers have a source of
     * their own.
     *
     * @return a new source
     */
    @Override
    protected FlagSource openSource() throws Exception {
        return openStore();
    }

    /** The store that the suite itself writes through, one for each test. */
    final FlagStore writer() throws Exception {
        FlagStore open = writer;
        if (open == null) {
            open = closedByTheSuite(openStore());
            writer = open;
        }
        return open;
    }

    @Override
    protected void write(Map<String, String> values) throws Exception {
        writer().write(values.entrySet().stream()
                .map(flag -> FlagWrite.set(flag.getKey(), flag.getValue(), StoreGroup.BY))
                .toList());
    }

    @Override
    protected void remove(String key) throws Exception {
        writer().clear(key, StoreGroup.BY);
    }

    /**
     * Whether the server can name a flag like that. The default is what a {@link FlagWrite} accepts.
     *
     * @param key an odd key
     * @return false to leave it out
     */
    @Override
    protected boolean canHoldKey(String key) {
        return FlagText.isKey(key);
    }

    /**
     * Whether the server can hold a value like that. The default is what a {@link FlagWrite} accepts.
     *
     * @param value an odd value
     * @return false to leave it out
     */
    @Override
    protected boolean canHoldValue(String value) {
        return FlagText.parse(value) != null;
    }

    /**
     * Whether the server can hold the words of an {@link Attribution}. The default is yes.
     *
     * @param text an odd actor or reason: of great length, of other alphabets, with line breaks
     * @return false to leave it out
     */
    protected boolean canHoldAttribution(String text) {
        return true;
    }

    /**
     * Cuts the connections on which changes are announced, those of all open sources, and no others. They may come back
     * by themselves at once. The default skips the tests that need it.
     *
     * @throws Exception if that fails, which fails the test
     */
    protected void cutPush() throws Exception {
        Assumptions.abort("the push of this store cannot be cut");
    }

    /**
     * Lets the connections come back that were cut, where they could not by themselves. The default does nothing.
     *
     * @throws Exception if that fails, which fails the test
     */
    protected void mendPush() throws Exception {}

    /**
     * Has the server forget all that was ever written: flags, history, epoch. Stores that are open go on with it. The
     * default skips the tests that need it.
     *
     * @throws Exception if that fails, which fails the test
     */
    protected void wipe() throws Exception {
        Assumptions.abort("this server cannot be wiped");
    }

    /**
     * Copies all that the server holds. The default skips the tests that need it.
     *
     * @return what puts the server back to that state
     * @throws Exception if that fails, which fails the test
     */
    protected Backup backUp() throws Exception {
        return Assumptions.abort("this server cannot be backed up");
    }

    /** A copy of all that a server held at one time. */
    @FunctionalInterface
    protected interface Backup {

        /**
         * Has the server forget everything but this. Stores that are open go on with it. May be called several times.
         *
         * @throws Exception if that fails, which fails the test
         */
        void restore() throws Exception;
    }

    /** What a change does. */
    @Nested
    class Writing extends WriteContract {
        Writing() {
            super(FlagStoreContract.this);
        }
    }

    /** What a change does that expects something. */
    @Nested
    class Comparing extends CompareContract {
        Comparing() {
            super(FlagStoreContract.this);
        }
    }

    /** What is told of the flags and their changes. */
    @Nested
    class Telling extends HistoryContract {
        Telling() {
            super(FlagStoreContract.this);
        }
    }

    /** What several do at once. */
    @Nested
    class Racing extends RaceContract {
        Racing() {
            super(FlagStoreContract.this);
        }
    }

    /** What ends by itself. */
    @Nested
    class TimeBoxes extends TimeBoxContract {
        TimeBoxes() {
            super(FlagStoreContract.this);
        }
    }

    /** What a poll delivers. */
    @Nested
    class Polling extends PollContract {
        Polling() {
            super(FlagStoreContract.this);
        }
    }

    /** What reaches a reader by push. */
    @Nested
    class Pushing extends PushContract {
        Pushing() {
            super(FlagStoreContract.this);
        }
    }

    /** What a store does whose server is out of reach, and one that is closed. */
    @Nested
    class Refusing extends RefusalContract {
        Refusing() {
            super(FlagStoreContract.this);
        }
    }

    /** What becomes of readers whose server has forgotten what they saw. */
    @Nested
    class LosingHistory extends LostHistoryContract {
        LosingHistory() {
            super(FlagStoreContract.this);
        }
    }
}
