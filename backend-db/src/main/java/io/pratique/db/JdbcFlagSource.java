package io.pratique.db;

import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagSource;
import io.pratique.flags.spi.FlagStoreException;
import io.pratique.flags.spi.LostHistoryException;
import io.pratique.flags.spi.Subscription;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Flags from the tables of a database, read only. PostgreSQL announces changes at once; any other database, and
 * PostgreSQL through a proxy that keeps no connection for a client, is polled.
 *
 * <pre>{@code
 * FlagClient.builder()
 *         .source(JdbcFlagSource.connect("jdbc:postgresql://db:5432/app", "flags", password))
 *         .build();
 * }</pre>
 *
 * <p>A poll is one statement that returns what has changed, and no row if nothing has. A server that no longer knows
 * what was once read from it is told from one that is merely unchanged: its state is refused until it is {@linkplain
 * JdbcFlagStore#accept accepted}.
 *
 * <p>Nothing is connected before the first load, and no single answer of the server is waited for longer than {@link
 * JdbcSettings#timeout}. All methods may be called on any thread.
 */
public final class JdbcFlagSource implements FlagSource {

    private final JdbcSettings settings;
    private final Database database;
    private final FlagReader reader;
    private final Push push;

    /** Whether the push channel was interrupted since the last load. */
    private final AtomicBoolean resync = new AtomicBoolean();

    JdbcFlagSource(Database database, @Nullable ServerUrl pushFrom, JdbcSettings settings) {
        this.settings = settings;
        this.database = database;
        this.reader = new FlagReader(database);
        this.push = new Push(database, pushFrom, settings, () -> resync.set(true));
    }

    /**
     * Flags of a database that this source connects to by itself: with up to two connections for reading, of which one
     * is open most of the time, and one that listens while changes are watched.
     *
     * @param url the JDBC URL, such as {@code jdbc:postgresql://host:5432/database}
     * @param user the user; null if the URL names it
     * @param password the user's password; null if there is none, or the URL has it
     * @return a source that connects with its first load
     * @throws IllegalArgumentException if no driver takes the URL
     */
    public static JdbcFlagSource connect(String url, @Nullable String user, @Nullable String password) {
        return connect(url, user, password, JdbcSettings.defaults());
    }

    /**
     * As {@link #connect(String, String, String)}, otherwise set.
     *
     * @param url the JDBC URL, such as {@code jdbc:postgresql://host:5432/database}
     * @param user the user; null if the URL names it
     * @param password the user's password; null if there is none, or the URL has it
     * @param settings how the flags are kept
     * @return a source that connects with its first load
     * @throws IllegalArgumentException if no driver takes the URL
     */
    public static JdbcFlagSource connect(
            String url, @Nullable String user, @Nullable String password, JdbcSettings settings) {
        ServerUrl server = ServerUrl.parse(url, user, password);
        ServerUrl listened = settings.push() == null ? server : settings.push();
        return new JdbcFlagSource(Database.connect(server, settings), listened, settings);
    }

    /**
     * Flags read over the application's own connections, one at a time, each given back at once. Changes are seen by
     * polling.
     *
     * @param connections where to take them from; not one that ties them to the transaction of a thread
     * @return a source that takes its first connection with its first load
     */
    public static JdbcFlagSource over(DataSource connections) {
        return over(connections, JdbcSettings.defaults());
    }

    /**
     * As {@link #over(DataSource)}, otherwise set. With a {@link JdbcSettings#pushUrl} changes are announced, too.
     *
     * @param connections where to take them from; not one that ties them to the transaction of a thread
     * @param settings how the flags are kept
     * @return a source that takes its first connection with its first load
     */
    public static JdbcFlagSource over(DataSource connections, JdbcSettings settings) {
        return new JdbcFlagSource(Database.over(connections, settings), settings.push(), settings);
    }

    @Override
    public String name() {
        return settings.name();
    }

    /**
     * Reads all flags in one statement.
     *
     * @throws FlagStoreException if the server is out of reach or refuses, or if its tables do not fit together
     * @throws IllegalStateException if this source is closed
     */
    @Override
    public FlagSet load() {
        boolean interrupted = resync.getAndSet(false);
        try {
            FlagSet set = reader.load();
            interrupted = false;
            return set;
        } finally {
            restore(interrupted);
        }
    }

    /**
     * Reads what has changed in one statement; all flags, where the announcements may have been interrupted.
     *
     * @throws LostHistoryException if the server has lost what {@code previous} had from it
     * @throws FlagStoreException if the server is out of reach or refuses, or if its tables do not fit together
     * @throws IllegalStateException if this source is closed
     */
    @Override
    public FlagSet reload(FlagSet previous) throws LostHistoryException {
        boolean interrupted = resync.getAndSet(false);
        try {
            FlagSet set = interrupted ? reader.loadAfter(previous) : reader.changesSince(previous);
            interrupted = false;
            return set;
        } finally {
            restore(interrupted);
        }
    }

    /** A load that failed leaves the next one to read everything. */
    private void restore(boolean interrupted) {
        if (interrupted) {
            resync.set(true);
        }
    }

    /**
     * Listens for announcements of PostgreSQL, on one connection however many watch. It is opened again whenever it is
     * lost, and what was missed is read then.
     *
     * @return the subscription to nothing where there is nowhere to listen
     * @throws FlagStoreException if the server is out of reach or refuses
     * @throws IllegalStateException if this source is closed
     */
    @Override
    public Subscription watch(Runnable changed) {
        return push.watch(changed);
    }

    /** What a store writes to. */
    Database database() {
        return database;
    }

    /** Ends the watches and the connections of its own; a load under way fails, as does one after that. */
    @Override
    public void close() {
        push.close();
        database.close();
    }

    /** The name, server and user. */
    @Override
    public String toString() {
        return "JdbcFlagSource[" + settings.name() + ", " + database.server() + "]";
    }
}
