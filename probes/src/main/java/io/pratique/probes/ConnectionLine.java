package io.pratique.probes;

import io.pratique.readiness.ProbeResult;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A way to a database on which one question is asked at a time, each on a connection and a thread of its own: a pool may
 * take half a minute to say that it has nothing, a driver may never come back, and neither need heed an interrupt. Of
 * such threads there is one at most; while it is stuck, no other is started.
 */
final class ConnectionLine {

    /** Where connections come from. */
    @FunctionalInterface
    interface Opener {

        /** A connection; null if there is none to be had now. */
        @Nullable Connection open() throws SQLException;
    }

    /** What is asked. */
    @FunctionalInterface
    interface Question {

        ProbeResult ask(Connection connection) throws SQLException;
    }

    private final Opener opener;
    private final AtomicReference<@Nullable Attempt> underWay = new AtomicReference<>();

    ConnectionLine(Opener opener) {
        this.opener = opener;
    }

    /** A line to a pool, whose own word that it has no connection left counts as none that came in time. */
    static ConnectionLine over(DataSource given) {
        DataSource dataSource = ReportingDataSource.behind(given);
        return new ConnectionLine(() -> {
            try {
                Connection connection = dataSource.getConnection();
                if (connection == null) {
                    throw new IllegalStateException("the data source gave null instead of a connection");
                }
                return connection;
            } catch (SQLException refused) {
                if (isPoolEmpty(refused)) {
                    return null;
                }
                throw refused;
            }
        });
    }

    /** HikariCP and most drivers have classes for it, Commons DBCP a cause; none of them with an SQL state that says more. */
    private static boolean isPoolEmpty(SQLException refused) {
        return SqlFault.classify(refused) == null
                && (refused instanceof SQLTransientConnectionException
                        || refused instanceof SQLTimeoutException
                        || refused.getCause() instanceof NoSuchElementException);
    }

    /**
     * Asks once.
     *
     * @param step how long to wait for a connection, and then as long for the answer
     * @return the answer, or that there was none in time; null if there was no connection in time
     * @throws Exception what opening or asking threw
     */
    @Nullable ProbeResult ask(Question question, Duration step) throws Exception {
        Attempt attempt = new Attempt(question, step);
        Attempt stuck = underWay.compareAndExchange(null, attempt);
        if (stuck != null) {
            return stuck.isConnected() ? unanswered(step) : null;
        }
        Thread thread = new Thread(attempt, "pratique-probe-connection");
        thread.setDaemon(true);
        try {
            thread.start();
        } catch (Throwable noThread) {
            underWay.set(null);
            throw noThread;
        }
        try {
            return attempt.await();
        } finally {
            attempt.abandon();
            if (underWay.get() == attempt) {
                thread.interrupt();
            }
        }
    }

    private static ProbeResult unanswered(Duration step) {
        return ProbeResult.down("connected, but no answer within " + Timeouts.shown(step));
    }

    /** One question, from the wish for a connection until that is given back. */
    private final class Attempt implements Runnable {

        private final Question question;
        private final Duration step;

        /** Cancelled by whoever waits no longer: a connection that comes after that is given back at once. */
        private final CompletableFuture<@Nullable Void> connected = new CompletableFuture<>();

        private final CompletableFuture<@Nullable ProbeResult> answer = new CompletableFuture<>();

        Attempt(Question question, Duration step) {
            this.question = question;
            this.step = step;
        }

        @Override
        public void run() {
            ProbeResult found = null;
            Throwable thrown = null;
            try (Connection connection = opener.open()) {
                if (connection != null && connected.complete(null)) {
                    found = asked(connection);
                }
            } catch (Throwable failed) {
                thrown = failed;
            }
            underWay.set(null);
            // A connection that cannot be closed takes nothing from what it has answered.
            if (thrown == null || found != null) {
                answer.complete(found);
                connected.complete(null);
            } else {
                answer.completeExceptionally(thrown);
                connected.completeExceptionally(thrown);
            }
        }

        @Nullable ProbeResult await() throws Exception {
            try {
                connected.get(step.toNanos(), TimeUnit.NANOSECONDS);
                return answer.get(step.toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException late) {
                return connected.cancel(false) ? null : unanswered(step);
            } catch (ExecutionException failed) {
                Throwable cause = Objects.requireNonNull(failed.getCause());
                if (cause instanceof Error error) {
                    throw error;
                }
                throw (Exception) cause;
            }
        }

        void abandon() {
            boolean unused = connected.cancel(false);
        }

        boolean isConnected() {
            return connected.isDone() && !connected.isCancelled();
        }

        /** Bounded by the driver too, where it can do that, and without a trace on the connection. */
        private ProbeResult asked(Connection connection) throws SQLException {
            Integer before = bound(connection);
            try {
                return question.ask(connection);
            } finally {
                restore(connection, before);
            }
        }

        private @Nullable Integer bound(Connection connection) throws SQLException {
            try {
                int before = connection.getNetworkTimeout();
                connection.setNetworkTimeout(Runnable::run, Math.toIntExact(Math.max(1, step.toMillis())));
                return before;
            } catch (SQLFeatureNotSupportedException | AbstractMethodError old) {
                return null;
            }
        }

        private static void restore(Connection connection, @Nullable Integer before) {
            try {
                if (!connection.isClosed() && !connection.getAutoCommit()) {
                    connection.rollback();
                }
                if (before != null && !connection.isClosed()) {
                    connection.setNetworkTimeout(Runnable::run, before);
                }
            } catch (SQLException broken) {
                // The question was answered or has failed already; the pool finds out what it gets back.
            }
        }
    }
}
