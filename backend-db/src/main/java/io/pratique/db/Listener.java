package io.pratique.db;

import io.pratique.flags.spi.FlagText;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One connection of PostgreSQL on which changes are announced, and the daemon thread that reads it. A connection that is
 * lost is made again, for ever, with longer and longer pauses until one lives; each new one is proved before it counts.
 */
final class Listener implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(JdbcFlagSource.class);

    /** Where a role's idle sessions are ended: this one is idle by its nature. Servers before 14 do not know the setting. */
    private static final String STAY =
            "SELECT set_config(name, '0', false) FROM pg_settings WHERE name = 'idle_session_timeout'";

    private static final int PROOF_MILLIS = 3_000;

    /** Others announce, too, while the proof is on its way. */
    private static final int ANNOUNCEMENTS_BEFORE_PROOF = 1_000;

    /** Where announcements leave no silence, this many times tells that a connection lives. */
    private static final int ENOUGH_HEARD = 100;

    private static final long SHORTEST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 5_000;

    private final ServerUrl server;
    private final Database database;
    private final JdbcSettings settings;
    private final Runnable reconnected;
    private final Runnable announced;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable Connection connection;

    /** Since a connection lived; of the thread alone that listens. */
    private int failures;

    /**
     * Not yet connected.
     *
     * @param database where to announce the proof, over a connection other than the one that listens
     * @param reconnected run after each connection but the first
     * @param announced run after each announcement
     */
    Listener(ServerUrl server, Database database, JdbcSettings settings, Runnable reconnected, Runnable announced) {
        this.server = server;
        this.database = database;
        this.settings = settings;
        this.reconnected = reconnected;
        this.announced = announced;
    }

    /**
     * Connects for the first time.
     *
     * @return false if what is announced is not heard there, as through a proxy that keeps no connection for a client
     */
    boolean open() throws SQLException {
        Connection opened =
                DriverManager.getConnection(server.url(), server.properties(settings.timeout(), "pratique-listen"));
        connection = opened;
        if (closed.getCount() == 0) {
            abort(opened);
        }
        listenOn(opened, FlagWriter.CHANNEL);
        boolean heard = hears(opened);
        if (heard) {
            execute(opened, STAY);
        }
        return heard;
    }

    void start() {
        Thread thread = new Thread(this::run, "pratique-listen-" + settings.name());
        thread.setDaemon(true);
        thread.start();
    }

    private static void listenOn(Connection connection, String channel) throws SQLException {
        execute(connection, "LISTEN " + channel);
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Proves the channel by an announcement that another connection makes to this one alone. */
    private boolean hears(Connection connection) throws SQLException {
        String channel = "pratique_proof_" + UUID.randomUUID().toString().replace("-", "");
        listenOn(connection, channel);
        String unused = database.read(other -> {
            Database.announce(other, channel);
            return channel;
        });
        for (int i = 0; i < ANNOUNCEMENTS_BEFORE_PROOF; i++) {
            PGNotification[] heard = connection.unwrap(PGConnection.class).getNotifications(PROOF_MILLIS);
            if (heard == null || heard.length == 0) {
                return false;
            }
            for (PGNotification each : heard) {
                if (each.getName().equals(channel)) {
                    execute(connection, "UNLISTEN " + channel);
                    return true;
                }
            }
        }
        return false;
    }

    private void run() {
        while (closed.getCount() > 0) {
            try {
                listen();
            } catch (Throwable lost) {
                abort(connection);
                failures++;
                report(lost);
                pause();
            }
        }
    }

    private void listen() throws SQLException {
        if (failures > 0) {
            reconnect();
        }
        Connection listening = connection;
        if (listening == null) {
            throw new SQLException("not connected");
        }
        int heard = 0;
        while (closed.getCount() > 0) {
            PGNotification[] some = listening.unwrap(PGConnection.class).getNotifications(silence());
            if (some == null || some.length == 0) {
                // A connection that a network has dropped without a word looks like one that is silent.
                execute(listening, "SELECT 1");
                lived();
                continue;
            }
            announced.run();
            heard++;
            if (heard == ENOUGH_HEARD) {
                lived();
            }
        }
    }

    private void reconnect() throws SQLException {
        if (!open()) {
            throw new SQLException("what is announced is not heard");
        }
        reconnected.run();
    }

    private int silence() {
        long keepAlive = settings.keepAlive().toMillis();
        return Math.toIntExact(failures == 0 ? keepAlive : Math.min(keepAlive, LONGEST_PAUSE_MILLIS));
    }

    /** Only now is it over: a proxy may let each connection in and drop it soon after. */
    private void lived() {
        if (failures > 0) {
            failures = 0;
            LOG.atInfo()
                    .addKeyValue("source", settings.name())
                    .log("Flag source {} announces changes again", settings.name());
        }
    }

    private void report(Throwable lost) {
        if (closed.getCount() == 0) {
            return;
        }
        LOG.atLevel(failures == 1 ? Level.WARN : Level.DEBUG)
                .addKeyValue("source", settings.name())
                .log(
                        "Flag source {} announces no changes until {} is back, polling goes on: {}",
                        settings.name(),
                        server,
                        FlagText.printable(lost));
    }

    private void pause() {
        long doubled = SHORTEST_PAUSE_MILLIS << Math.min(failures, 10);
        long millis = Math.min(LONGEST_PAUSE_MILLIS, doubled);
        try {
            boolean unused =
                    closed.await(ThreadLocalRandom.current().nextLong(millis / 2, millis), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            // Only close() ends this thread; whoever interrupted it has no say in that.
        }
    }

    /** Ends what waits for the server, which an orderly end would wait for, too. */
    private static void abort(@Nullable Connection connection) {
        if (connection != null) {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException broken) {
                LOG.debug("A listening connection was broken already", broken);
            }
        }
    }

    @Override
    public void close() {
        closed.countDown();
        abort(connection);
    }
}
