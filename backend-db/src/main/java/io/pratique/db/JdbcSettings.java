package io.pratique.db;

import java.time.Duration;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * How flags are kept in a database. Immutable; each setter gives a new value.
 *
 * <pre>{@code
 * JdbcSettings.defaults().schema("ops").verifySchema()
 * }</pre>
 */
public final class JdbcSettings {

    private static final JdbcSettings DEFAULTS =
            new JdbcSettings("db", null, true, Duration.ofSeconds(5), Duration.ofSeconds(30), null);

    /** What every database takes without quotes, so that it means the same there as in a migration. */
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");

    private static final Duration LONGEST = Duration.ofDays(1);

    private final String name;
    private final @Nullable String schema;
    private final boolean applies;
    private final Duration timeout;
    private final Duration keepAlive;
    private final @Nullable ServerUrl push;

    private JdbcSettings(
            String name,
            @Nullable String schema,
            boolean applies,
            Duration timeout,
            Duration keepAlive,
            @Nullable ServerUrl push) {
        this.name = name;
        this.schema = schema;
        this.applies = applies;
        this.timeout = timeout;
        this.keepAlive = keepAlive;
        this.push = push;
    }

    /**
     * A source named {@code db}; tables in the connection's own schema, created where they are missing; 5 seconds for
     * an answer of the server; a look at the push channel after 30 seconds of silence.
     *
     * @return always the same instance
     */
    public static JdbcSettings defaults() {
        return DEFAULTS;
    }

    /**
     * The name of the source.
     *
     * @param name not blank
     * @return new settings
     * @throws IllegalArgumentException if the name is null or blank
     */
    public JdbcSettings name(String name) {
        if (name == null || name.isBlank()) {
            throw new IllegalArgumentException(
                    "The name of a flag source must not be blank, but is \"" + name + "\"; leave it out for \"db\"");
        }
        return new JdbcSettings(name, schema, applies, timeout, keepAlive, push);
    }

    /**
     * The schema of the tables, which has to exist. Unless set, it is the one that the connection finds without a name.
     *
     * @param schema an identifier that needs no quotes: letters, digits and underscores, and no word that the database
     *     reserves, such as {@code user}
     * @return new settings
     * @throws IllegalArgumentException if it is anything else
     */
    public JdbcSettings schema(String schema) {
        if (schema == null || !IDENTIFIER.matcher(schema).matches()) {
            throw new IllegalArgumentException(
                    "The schema of the flag tables must be an identifier of at most 63 letters,"
                            + " digits and underscores, but is \"" + ServerUrl.shown(schema)
                            + "\"; name it so, or set the search path of the connection");
        }
        return new JdbcSettings(name, schema, applies, timeout, keepAlive, push);
    }

    /**
     * Has tables that are missing reported instead of created, for databases whose schema is the business of a migration
     * tool. The files in the jar, {@code db/pratique/V*.sql}, are what it has to run.
     *
     * @return new settings
     */
    public JdbcSettings verifySchema() {
        return new JdbcSettings(name, schema, false, timeout, keepAlive, push);
    }

    /**
     * How long the server may take for an answer, after which the connection is given up. A server that hangs is noticed
     * by this alone.
     *
     * @param timeout positive, at most a day; connecting counts in whole seconds
     * @return new settings
     * @throws IllegalArgumentException if it is anything else
     */
    public JdbcSettings timeout(Duration timeout) {
        return new JdbcSettings(name, schema, applies, requireLength("timeout", timeout), keepAlive, push);
    }

    /**
     * After how much silence the server is asked whether the push channel still lives. A network that drops idle
     * connections without a word is noticed by this alone; until then changes are seen by polling.
     *
     * @param keepAlive positive, at most a day
     * @return new settings
     * @throws IllegalArgumentException if it is anything else
     */
    public JdbcSettings keepAlive(Duration keepAlive) {
        return new JdbcSettings(name, schema, applies, timeout, requireLength("keep-alive time", keepAlive), push);
    }

    /**
     * Where to listen for changes if the flags themselves are read over a {@link DataSource}, from whose pool no
     * connection is kept; or if they are read through a proxy that does not pass on what is announced.
     *
     * @param url the JDBC URL of the same PostgreSQL database, {@code jdbc:postgresql:...}
     * @param user the user; null if the URL names it
     * @param password the user's password; null if there is none, or the URL has it
     * @return new settings
     * @throws IllegalArgumentException if the URL is none of PostgreSQL's
     */
    public JdbcSettings pushUrl(String url, @Nullable String user, @Nullable String password) {
        ServerUrl server = ServerUrl.parse(url, user, password);
        if (!server.isPostgres()) {
            throw new IllegalArgumentException("The push URL must be one of PostgreSQL, but is \"" + server
                    + "\"; other databases announce nothing, leave it out for them");
        }
        return new JdbcSettings(name, schema, applies, timeout, keepAlive, server);
    }

    private static Duration requireLength(String subject, @Nullable Duration length) {
        if (length == null || length.toMillis() < 1 || length.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("The " + subject
                    + " of a flag database must be between a millisecond and a day, but is \"" + length
                    + "\"; leave it out for a default");
        }
        return length;
    }

    String name() {
        return name;
    }

    @Nullable String schema() {
        return schema;
    }

    boolean applies() {
        return applies;
    }

    Duration timeout() {
        return timeout;
    }

    Duration keepAlive() {
        return keepAlive;
    }

    @Nullable ServerUrl push() {
        return push;
    }

    /** Without any password. */
    @Override
    public String toString() {
        return "JdbcSettings[" + name + (schema == null ? "" : ", schema " + schema)
                + (applies ? ", applies its tables" : ", verifies its tables") + ", timeout " + timeout
                + ", keep-alive "
                + keepAlive + (push == null ? "]" : ", push from " + push + "]");
    }
}
