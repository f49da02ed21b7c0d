package io.pratique.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.pratique.flags.spi.FlagStoreException;
import io.pratique.flags.spi.Subscription;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One connection that hears of changes, and the daemon thread that keeps it: it connects again for ever, asks a silent
 * connection whether it still lives, and ends with {@link #close}.
 */
final class Push implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RedisFlagSource.class);

    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 2_000;
    private static final long KEEP_ALIVE_MILLIS = 10_000;

    private final Access access;
    private final RedisSettings settings;
    private final Runnable resync;
    private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final CountDownLatch firstHeard = new CountDownLatch(1);

    private @Nullable Thread thread;
    private int failures;
    private volatile @Nullable Throwable lastFailure;
    private volatile @Nullable StatefulRedisPubSubConnection<String, String> current;

    /**
     * Opens nothing yet.
     *
     * @param resync run after each reconnect, before the watches are told
     */
    Push(Access access, RedisSettings settings, Runnable resync) {
        this.access = access;
        this.settings = settings;
        this.resync = resync;
    }

    /**
     * Has a callback run after each change from now on.
     *
     * @throws FlagStoreException if the server cannot be heard in time; the thread goes on trying
     * @throws IllegalStateException if this is closed
     */
    Subscription watch(Runnable changed) throws InterruptedException {
        requireOpen();
        start();
        if (!firstHeard.await(2 * settings.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
            throw RedisFault.describe(access.subject(), failure());
        }
        Watch watch = new Watch(changed);
        watches.add(watch);
        return () -> watches.remove(watch);
    }

    private Throwable failure() {
        Throwable known = lastFailure;
        return known == null ? new TimeoutException("no connection") : known;
    }

    private void requireOpen() {
        if (closed.getCount() == 0) {
            throw new IllegalStateException("flag source \"" + settings.name() + "\" is closed; make a new one");
        }
    }

    private synchronized void start() {
        if (thread == null) {
            Thread starting = new Thread(this::run, "pratique-push-" + settings.name());
            starting.setDaemon(true);
            starting.start();
            thread = starting;
        }
    }

    private void run() {
        while (closed.getCount() > 0) {
            try {
                connectAndHear();
            } catch (Throwable thrown) {
                report(thrown);
            }
            pause();
        }
    }

    private void connectAndHear() throws InterruptedException {
        StatefulRedisPubSubConnection<String, String> connection = access.listen();
        try {
            current = connection;
            if (closed.getCount() > 0) {
                hear(connection);
            }
        } finally {
            Session.close(connection);
        }
    }

    /** Listens until the connection is lost. */
    private void hear(StatefulRedisPubSubConnection<String, String> connection) throws InterruptedException {
        CountDownLatch lost = new CountDownLatch(1);
        String channel = Keys.channel(settings.namespace());
        connection.setTimeout(settings.timeout());
        connection.addListener(new LossListener(lost));
        connection.addListener(new RedisPubSubAdapter<String, String>() {
            @Override
            public void message(String heard, String message) {
                if (heard.equals(channel)) {
                    announce();
                }
            }
        });
        connection.sync().subscribe(channel);
        connected();
        long wait = LONGEST_PAUSE_MILLIS;
        while (connection.isOpen() && !lost.await(wait, TimeUnit.MILLISECONDS)) {
            // The same again changes nothing, and only a connection that lives confirms it.
            connection.sync().subscribe(channel);
            proved();
            wait = KEEP_ALIVE_MILLIS;
        }
        if (closed.getCount() > 0) {
            throw new IllegalStateException("the connection was lost");
        }
    }

    private void connected() {
        if (firstHeard.getCount() == 0 || failures > 0) {
            resync.run();
        }
        lastFailure = null;
        announce();
        // Last, so that a watch that has waited for this connection is told of the next thing that happens, not of
        // this.
        firstHeard.countDown();
    }

    /** What subscribes and is lost at once, again and again, has not recovered: neither the log nor the pauses say so. */
    private void proved() {
        if (failures > 0) {
            LOG.atInfo()
                    .addKeyValue("source", settings.name())
                    .log("Flag source {} is told of changes again by {}", settings.name(), access.subject());
        }
        failures = 0;
    }

    private void announce() {
        watches.forEach(Watch::tell);
    }

    private void report(Throwable thrown) {
        lastFailure = thrown;
        if (closed.getCount() == 0) {
            return;
        }
        try {
            LOG.atLevel(failures == 0 ? Level.WARN : Level.DEBUG)
                    .addKeyValue("source", settings.name())
                    .log(
                            "Flag source {} is not told of changes, polling goes on: {}",
                            settings.name(),
                            RedisFault.describe(access.subject(), thrown).getMessage());
        } catch (Throwable loggingFailed) {
            // There is nowhere left to say so, and the next attempt may succeed.
        }
        failures = Math.min(failures + 1, 30);
    }

    private void pause() {
        long most = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(failures, 10));
        try {
            boolean unused =
                    closed.await(ThreadLocalRandom.current().nextLong(most / 2, most + 1), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            // Only close() ends this thread; the loop looks whether it has.
        }
    }

    /** Tells nobody any more, and replaces no connection that is lost from now on. */
    void stop() {
        closed.countDown();
        watches.clear();
    }

    @Override
    public void close() {
        stop();
        // That wakes the thread. It is not interrupted: Lettuce would leave behind a connection that is being made.
        StatefulRedisPubSubConnection<String, String> connection = current;
        if (connection != null) {
            Session.close(connection);
        }
    }

    /** One callback; the same one given twice is two watches. */
    private final class Watch {

        private final Runnable changed;

        private Watch(Runnable changed) {
            this.changed = changed;
        }

        private void tell() {
            try {
                changed.run();
            } catch (Throwable thrown) {
                LOG.atWarn()
                        .addKeyValue("source", settings.name())
                        .setCause(thrown)
                        .log("A callback of flag source {} failed", settings.name());
            }
        }
    }

    private record LossListener(CountDownLatch lost) implements RedisConnectionStateListener {

        @Override
        public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
            lost.countDown();
        }
    }
}
