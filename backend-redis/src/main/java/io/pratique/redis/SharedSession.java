package io.pratique.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The one connection that all callers of a source share. It is opened when it is first needed, on a thread of its own:
 * a caller who is interrupted or runs out of time leaves nothing behind, and the next one finds the connection there. A
 * connection that was lost is never used again.
 */
final class SharedSession implements AutoCloseable {

    private final String name;
    private final Access access;
    private final Duration timeout;

    private @Nullable CompletableFuture<Session> current;
    private boolean closed;

    SharedSession(String name, Access access, Duration timeout) {
        this.name = name;
        this.access = access;
        this.timeout = timeout;
    }

    /**
     * The session, opened if need be.
     *
     * @throws ExecutionException if it cannot be opened
     * @throws TimeoutException if that takes too long; it goes on
     * @throws IllegalStateException if this is closed
     */
    Session get() throws InterruptedException, ExecutionException, TimeoutException {
        // Connecting and the greeting that follows have the same time each.
        return usable().get(2 * timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    private synchronized CompletableFuture<Session> usable() {
        if (closed) {
            throw new IllegalStateException("flag source \"" + name + "\" is closed; make a new one");
        }
        CompletableFuture<Session> session = current;
        if (session == null || hasFailed(session)) {
            release(session);
            session = open();
            current = session;
        }
        return session;
    }

    private static boolean hasFailed(CompletableFuture<Session> session) {
        return session.isCompletedExceptionally()
                || (session.isDone() && !session.join().isOpen());
    }

    private CompletableFuture<Session> open() {
        CompletableFuture<Session> opening = new CompletableFuture<>();
        Thread thread = new Thread(() -> complete(opening), "pratique-connect-" + name);
        thread.setDaemon(true);
        thread.start();
        return opening;
    }

    private void complete(CompletableFuture<Session> opening) {
        try {
            Session session = access.connect();
            session.connection().setTimeout(timeout);
            session.connection().addListener(new ClosedWhenLost(session));
            opening.complete(session);
        } catch (Throwable thrown) {
            opening.completeExceptionally(thrown);
        }
    }

    /** Has the next caller get another session. */
    synchronized void discard(Session session) {
        if (current != null
                && current.isDone()
                && !hasFailed(current)
                && current.join().equals(session)) {
            current = null;
        }
        Session.close(session.connection());
    }

    @Override
    public void close() {
        CompletableFuture<Session> closing;
        synchronized (this) {
            closed = true;
            closing = current;
            current = null;
        }
        release(closing);
    }

    /** One that is still being opened is closed by the thread that opens it. */
    private static void release(@Nullable CompletableFuture<Session> session) {
        if (session != null) {
            CompletableFuture<Void> unused = session.thenAccept(opened -> Session.close(opened.connection()));
        }
    }

    /** An application's client may revive connections, and then sends again what was not answered. */
    private record ClosedWhenLost(Session session) implements RedisConnectionStateListener {

        @Override
        public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
            Session.close(session.connection());
        }
    }
}
