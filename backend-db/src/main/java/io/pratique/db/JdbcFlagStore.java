package io.pratique.db;

import io.pratique.flags.spi.Attribution;
import io.pratique.flags.spi.FlagRevision;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagStore;
import io.pratique.flags.spi.FlagWrite;
import io.pratique.flags.spi.HistoryMark;
import io.pratique.flags.spi.LostHistoryException;
import io.pratique.flags.spi.Subscription;
import java.util.Comparator;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Flags in the tables of a database, read and written.
 *
 * <pre>{@code
 * try (JdbcFlagStore store = JdbcFlagStore.connect("jdbc:postgresql://db:5432/app", "ops", password)) {
 *     store.set("outbox-processing", "off", Attribution.of("ada", "INC-4711: duplicates"));
 * }
 * }</pre>
 *
 * <p>Writers wait for each other, however many processes they are in: changes are numbered in the order of their
 * commits. On PostgreSQL each commit announces itself to whoever watches.
 *
 * <p>As a source it is a {@link JdbcFlagSource}. All methods may be called on any thread.
 */
public final class JdbcFlagStore implements FlagStore {

    private final JdbcFlagSource source;
    private final Database database;
    private final FlagWriter writer;
    private final Statements statements;

    private JdbcFlagStore(JdbcFlagSource source) {
        this.source = source;
        this.database = source.database();
        this.writer = new FlagWriter(database);
        this.statements = database.statements();
    }

    /**
     * Flags of a database that this store connects to by itself, as {@link JdbcFlagSource#connect(String, String,
     * String)} does.
     *
     * @param url the JDBC URL, such as {@code jdbc:postgresql://host:5432/database}
     * @param user the user; null if the URL names it
     * @param password the user's password; null if there is none, or the URL has it
     * @return a store that connects with its first use
     * @throws IllegalArgumentException if no driver takes the URL
     */
    public static JdbcFlagStore connect(String url, @Nullable String user, @Nullable String password) {
        return connect(url, user, password, JdbcSettings.defaults());
    }

    /**
     * As {@link #connect(String, String, String)}, otherwise set.
     *
     * @param url the JDBC URL, such as {@code jdbc:postgresql://host:5432/database}
     * @param user the user; null if the URL names it
     * @param password the user's password; null if there is none, or the URL has it
     * @param settings how the flags are kept
     * @return a store that connects with its first use
     * @throws IllegalArgumentException if no driver takes the URL
     */
    public static JdbcFlagStore connect(
            String url, @Nullable String user, @Nullable String password, JdbcSettings settings) {
        return new JdbcFlagStore(JdbcFlagSource.connect(url, user, password, settings));
    }

    /**
     * Flags read and written over the application's own connections, one at a time, each given back at once. Changes are
     * seen by polling.
     *
     * @param connections where to take them from; not one that ties them to the transaction of a thread
     * @return a store that takes its first connection with its first use
     */
    public static JdbcFlagStore over(DataSource connections) {
        return over(connections, JdbcSettings.defaults());
    }

    /**
     * As {@link #over(DataSource)}, otherwise set. With a {@link JdbcSettings#pushUrl} changes are announced, too.
     *
     * @param connections where to take them from; not one that ties them to the transaction of a thread
     * @param settings how the flags are kept
     * @return a store that takes its first connection with its first use
     */
    public static JdbcFlagStore over(DataSource connections, JdbcSettings settings) {
        return new JdbcFlagStore(JdbcFlagSource.over(connections, settings));
    }

    @Override
    public List<FlagRevision> write(List<FlagWrite> writes) {
        if (writes.isEmpty()) {
            throw new IllegalArgumentException("A write must make at least one change, but is \"[]\"");
        }
        return writer.write(List.copyOf(writes));
    }

    @Override
    public List<FlagRevision> list() {
        return database.read(connection -> Revisions.query(connection, statements.list, Revisions.ALL)).stream()
                .sorted(Comparator.comparing(FlagRevision::key))
                .toList();
    }

    @Override
    public List<FlagRevision> history(String key, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException(
                    "The limit of a flag's history must be 1 or more, but is \"" + limit + "\"");
        }
        return List.copyOf(database.read(connection -> Revisions.query(connection, statements.history, limit, key)));
    }

    @Override
    public void accept(String lostEpoch, Attribution by) {
        writer.accept(HistoryMark.requireEpoch(lostEpoch), by);
    }

    @Override
    public String name() {
        return source.name();
    }

    @Override
    public FlagSet load() {
        return source.load();
    }

    @Override
    public FlagSet reload(FlagSet previous) throws LostHistoryException {
        return source.reload(previous);
    }

    @Override
    public Subscription watch(Runnable changed) {
        return source.watch(changed);
    }

    @Override
    public void close() {
        source.close();
    }

    /** The name, server and user. */
    @Override
    public String toString() {
        return "JdbcFlagStore[" + source.name() + ", " + database.server() + "]";
    }
}
