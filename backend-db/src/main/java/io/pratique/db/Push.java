package io.pratique.db;

import io.pratique.flags.spi.FlagText;
import io.pratique.flags.spi.Subscription;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The watches of one source, which share one listener. It listens while there is a watch. */
final class Push implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(JdbcFlagSource.class);

    private final Database database;
    private final @Nullable ServerUrl from;
    private final JdbcSettings settings;
    private final Runnable interrupted;
    private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean saidUseless = new AtomicBoolean();

    /** One connection is opened at a time, whoever waits for it. */
    private final Object opening = new Object();

    private @Nullable Listener listener;
    private volatile boolean closed;

    /**
     * Listens to nobody yet.
     *
     * @param from where to listen; null or another database than PostgreSQL if nowhere
     * @param interrupted run before the watches are told that announcements may have been missed
     */
    Push(Database database, @Nullable ServerUrl from, JdbcSettings settings, Runnable interrupted) {
        this.database = database;
        this.from = from != null && from.isPostgres() ? from : null;
        this.settings = settings;
        this.interrupted = interrupted;
    }

    /** Compared by identity: two watches may have the same callback. */
    private final class Watch implements Subscription {
        private final Runnable changed;

        private Watch(Runnable changed) {
            this.changed = changed;
        }

        @Override
        public void close() {
            if (watches.remove(this) && watches.isEmpty()) {
                stopListening();
            }
        }
    }

    Subscription watch(Runnable changed) {
        database.requireOpen();
        if (from == null) {
            sayUseless("it is read without a connection of PostgreSQL to listen on", null);
            return Subscription.none();
        }
        Watch watch = new Watch(changed);
        watches.add(watch);
        try {
            if (!listening(from)) {
                watches.remove(watch);
                return Subscription.none();
            }
        } catch (RuntimeException thrown) {
            watches.remove(watch);
            throw thrown;
        }
        return watch;
    }

    private boolean listening(ServerUrl server) {
        synchronized (opening) {
            if (isListening()) {
                return true;
            }
            Listener opened = new Listener(server, database, settings, this::reconnected, this::tellAll);
            boolean useful;
            try {
                useful = opened.open();
            } catch (Exception thrown) {
                opened.close();
                if (!Fault.isReadOnly(thrown)) {
                    throw Fault.of(server.toString(), thrown);
                }
                sayUseless("this server only reads", thrown);
                return false;
            }
            if (!useful) {
                opened.close();
                sayUseless("what is announced there is not heard; connect past the proxy by pushUrl", null);
                return false;
            }
            startListening(opened);
            return true;
        }
    }

    /** Whoever watched may have gone while the connection was made. */
    private synchronized void startListening(Listener opened) {
        if (closed || watches.isEmpty()) {
            opened.close();
        } else {
            listener = opened;
            opened.start();
        }
    }

    private synchronized void stopListening() {
        if (listener != null && watches.isEmpty()) {
            listener.close();
            listener = null;
        }
    }

    private synchronized boolean isListening() {
        return listener != null;
    }

    private void reconnected() {
        interrupted.run();
        tellAll();
    }

    private void tellAll() {
        for (Watch watch : watches) {
            try {
                watch.changed.run();
            } catch (Throwable thrown) {
                LOG.atWarn()
                        .addKeyValue("source", settings.name())
                        .log("A watch of flag source {} failed", settings.name(), thrown);
            }
        }
    }

    /** Once is enough: polling goes on, and a client asks again. */
    private void sayUseless(String why, @Nullable Throwable thrown) {
        if (saidUseless.compareAndSet(false, true)) {
            LOG.atInfo()
                    .addKeyValue("source", settings.name())
                    .log(
                            "Flag source {} announces no changes and is polled: {}{}",
                            settings.name(),
                            why,
                            thrown == null ? "" : " (" + FlagText.printable(thrown) + ")");
        }
    }

    @Override
    public void close() {
        closed = true;
        watches.clear();
        stopListening();
    }
}
