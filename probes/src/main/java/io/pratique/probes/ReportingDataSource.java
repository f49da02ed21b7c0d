package io.pratique.probes;

import io.pratique.readiness.DependencyHandle;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A data source that reports how the real calls of an application went, so that the database need hardly be probed. The
 * application works with it in the place of its pool; the gate, which needs the probe first, is told to it afterwards:
 *
 * <pre>{@code
 * ReportingDataSource dataSource = ReportingDataSource.over(pool);
 * ReadinessGate gate = ReadinessGate.builder().probe("database", JdbcProbe.of(dataSource)).build();
 * dataSource.reportTo(gate.dependency("database"));
 * }</pre>
 *
 * <p>A success is a statement that was executed, or a commit; that a pool gave a connection proves nothing. A failure is
 * what these throw, or what is thrown instead of a connection, and counts as the probe classifies it. All results and
 * exceptions pass through unchanged. Connections and statements are wrapped and {@code unwrap} to what is below; result
 * sets and metadata are those of the driver, so a failure while rows are fetched is not seen. Probes that are given this
 * data source ask the pool below it, and report nothing twice.
 *
 * <p>Safe for any thread. It closes nothing: the pool remains its creator's to close.
 */
public final class ReportingDataSource implements DataSource {

    private final DataSource target;
    private final LongAdder successes = new LongAdder();
    private final AtomicReference<@Nullable DependencyHandle> dependency = new AtomicReference<>();

    private ReportingDataSource(DataSource target) {
        this.target = target;
    }

    /**
     * Watches the calls over a data source.
     *
     * @param dataSource usually a pool
     * @return a data source that reports nothing until it is told {@linkplain #reportTo to whom}
     * @throws IllegalArgumentException if it is null
     */
    public static ReportingDataSource over(DataSource dataSource) {
        return new ReportingDataSource(Arguments.required("The data source of a ReportingDataSource", dataSource));
    }

    /**
     * To whom to report from now on. To be called once.
     *
     * @param dependency the handle of the database
     * @throws IllegalArgumentException if it is null
     * @throws IllegalStateException if there is one already
     */
    public void reportTo(DependencyHandle dependency) {
        DependencyHandle given = Arguments.required("The dependency of a ReportingDataSource", dependency);
        DependencyHandle present = this.dependency.compareAndExchange(null, given);
        if (present != null) {
            throw new IllegalStateException("A ReportingDataSource reports to one dependency, but \"" + given.name()
                    + "\" comes after \"" + present.name() + "\"; put another one over the same pool");
        }
    }

    /** What there is to ask without reporting it. */
    static DataSource behind(DataSource given) {
        return given instanceof ReportingDataSource reporting ? behind(reporting.target) : given;
    }

    /** Counts up with each real call that succeeded; stands still for a data source that does not report. */
    static LongAdder successesOf(DataSource given) {
        return given instanceof ReportingDataSource reporting ? reporting.successes : new LongAdder();
    }

    void succeeded() {
        successes.increment();
        DependencyHandle present = dependency.get();
        if (present != null) {
            present.success();
        }
    }

    void failed(Throwable thrown) {
        DependencyHandle present = dependency.get();
        if (present != null) {
            present.failure(thrown);
        }
    }

    @Override
    public Connection getConnection() throws SQLException {
        try {
            return ReportedCalls.of(target.getConnection(), this);
        } catch (Throwable thrown) {
            failed(thrown);
            throw thrown;
        }
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        try {
            return ReportedCalls.of(target.getConnection(username, password), this);
        } catch (Throwable thrown) {
            failed(thrown);
            throw thrown;
        }
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return type.isInstance(target) ? type.cast(target) : target.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return type.isInstance(target) || target.isWrapperFor(type);
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        return target.getLogWriter();
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
        target.setLogWriter(out);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return target.getLoginTimeout();
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        target.setLoginTimeout(seconds);
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        return target.getParentLogger();
    }

    /** What kind of data source it is over; some show their URL, which may hold a password. */
    @Override
    public String toString() {
        return "ReportingDataSource over " + target.getClass().getName();
    }
}
