package io.pratique.probes;

import io.pratique.readiness.Outcome;
import io.pratique.readiness.Probe;
import io.pratique.readiness.ProbeResult;
import io.pratique.readiness.ProbeSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Asks a database over the application's own pool: one connection for each check, and {@link Connection#isValid} on it.
 * Each setter gives a new probe.
 *
 * <pre>{@code
 * JdbcProbe.of(dataSource).direct("jdbc:postgresql://db/orders", "probe", password).writeCheck()
 * }</pre>
 *
 * <p>It waits for the pool no longer than half of its timeout, whatever the pool's own patience is, and half of it for
 * the answer. A connection that comes later is given back at once. A pool that ignores being interrupted keeps one
 * daemon thread, and no second one is started beside it.
 *
 * <p><b>A pool that gives no connection</b> is full, or the database is away and the pool cannot make one; from outside
 * both look alike. A {@linkplain #direct direct connection} tells them apart: if it is made, the answer is saturated.
 * Without one the answer is saturated if the last check succeeded, or if a real call did since then over a {@link
 * ReportingDataSource} that this probe was given; otherwise it is down.
 */
public final class JdbcProbe implements Probe {

    private final DataSource dataSource;
    private final Duration timeout;
    private final @Nullable JdbcUrl directUrl;
    private final ConnectionLine.@Nullable Question writeCheck;

    private final ConnectionLine pool;
    private final @Nullable ConnectionLine direct;

    private final LongAdder calls;
    private volatile long callsSeen;
    private volatile boolean answered;

    private JdbcProbe(
            DataSource dataSource,
            Duration timeout,
            @Nullable JdbcUrl directUrl,
            ConnectionLine.@Nullable Question writeCheck) {
        this.dataSource = dataSource;
        this.timeout = timeout;
        this.directUrl = directUrl;
        this.writeCheck = writeCheck;
        this.pool = ConnectionLine.over(dataSource);
        this.direct = directUrl == null ? null : new ConnectionLine(() -> directUrl.connect(step()));
        this.calls = ReportingDataSource.successesOf(dataSource);
    }

    /**
     * Asks over a pool, and waits 1.5 seconds.
     *
     * @param dataSource the application's own; not closed by this probe
     * @return a probe
     * @throws IllegalArgumentException if it is null
     */
    public static JdbcProbe of(DataSource dataSource) {
        return new JdbcProbe(
                Arguments.required("The data source of a JdbcProbe", dataSource), Timeouts.DEFAULT, null, null);
    }

    /**
     * How long a check may take, half of it for a connection.
     *
     * @param timeout from a millisecond to an hour
     * @return a new probe
     * @throws IllegalArgumentException if it is anything else
     */
    public JdbcProbe timeout(Duration timeout) {
        return new JdbcProbe(dataSource, Timeouts.require("JdbcProbe", timeout), directUrl, writeCheck);
    }

    /**
     * Where to connect beside the pool when that gives no connection. Only then is it done; the connection is closed at
     * once. For other databases than PostgreSQL put the driver's own timeouts into the URL.
     *
     * @param url the JDBC URL of the same database
     * @param user the user; null if the URL names it
     * @param password the user's password; null if there is none
     * @return a new probe
     * @throws IllegalArgumentException if no driver takes the URL
     */
    public JdbcProbe direct(String url, @Nullable String user, @Nullable String password) {
        return new JdbcProbe(dataSource, timeout, JdbcUrl.parse(url, user, password), writeCheck);
    }

    /**
     * Asks PostgreSQL besides whether it takes writes; a replica, or a connection that is set to read only, is down. With
     * any other database the check is broken, and says so.
     *
     * @return a new probe
     */
    public JdbcProbe writeCheck() {
        return new JdbcProbe(dataSource, timeout, directUrl, WriteCheck::askPostgres);
    }

    /**
     * Writes besides, in a transaction that is rolled back. That the database is read-only is down; any other refusal
     * means that the check is broken, unless it is evidence by itself.
     *
     * @param sql one statement that writes, to a table made for this
     * @return a new probe
     * @throws IllegalArgumentException if it is null or blank
     */
    public JdbcProbe writeCheck(String sql) {
        String statement = Arguments.notBlank("The write check of a JdbcProbe", sql);
        return new JdbcProbe(dataSource, timeout, directUrl, connection -> WriteCheck.write(connection, statement));
    }

    @Override
    public ProbeResult check() throws Exception {
        boolean lately = answered || calls.sum() != callsSeen;
        long callsBefore = calls.sum();
        answered = false;
        callsSeen = callsBefore;
        ProbeResult found = pool.ask(this::ask, step());
        if (found == null) {
            return withoutPool(lately || calls.sum() != callsBefore);
        }
        answered = found.outcome() == Outcome.UP;
        return found;
    }

    private ProbeResult ask(Connection connection) throws SQLException {
        if (!connection.isValid(Timeouts.wholeSeconds(step()))) {
            return ProbeResult.down("the connection is not valid");
        }
        return writeCheck == null ? ProbeResult.up() : writeCheck.ask(connection);
    }

    private ProbeResult withoutPool(boolean lately) throws Exception {
        String none = "no connection from the pool within " + Timeouts.shown(step());
        if (direct == null) {
            return lately
                    ? ProbeResult.saturated(none + ", the database answered a moment ago")
                    : ProbeResult.down(none + ", and no answer since the last check");
        }
        ProbeResult made = direct.ask(connection -> ProbeResult.up(), step());
        return made == null || made.outcome() != Outcome.UP
                ? ProbeResult.down(none + ", and none beside it")
                : ProbeResult.saturated(none + ", the database itself answers");
    }

    private Duration step() {
        return timeout.dividedBy(2);
    }

    /** By SQL state along the causes; what is not known here is for the rules of all probes. */
    @Override
    public @Nullable ProbeResult classify(Throwable failure) {
        return SqlFault.classify(failure);
    }

    @Override
    public ProbeSettings settings() {
        return Timeouts.settings(timeout);
    }

    /** Without user and password. */
    @Override
    public String toString() {
        return "JdbcProbe[timeout " + timeout + (directUrl == null ? "" : ", direct " + directUrl)
                + (writeCheck == null ? "]" : ", write check]");
    }
}
