package io.pratique.release;

import io.pratique.release.io.Trouble;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A lease, and the daemon thread that gives a sign of life several times in each lease's time until it is closed. */
final class KeptLease implements Lease {

    private static final Logger LOG = LoggerFactory.getLogger(ReleaseLock.class);

    private static final int SIGNS_A_LEASE = 5;
    private static final int QUESTIONS_A_LEASE = 100;

    private final long token;
    private final long leaseNanos;
    private final Signs signs;
    private final LongSupplier nanos;
    private final Thread keeping;
    private long lastSign;
    private boolean faltering;
    private boolean lost;

    /** What a lock makes of signs of life. */
    interface Signs {

        /** Gives a sign of life, unless the lease is somebody else's by now: then gives false. */
        boolean give() throws IOException;

        /** Gives the lease back. */
        void end() throws IOException;
    }

    /** A lease that was got at some moment. */
    KeptLease(long token, long leaseNanos, long got, LongSupplier nanos, Signs signs) {
        this.token = token;
        this.leaseNanos = leaseNanos;
        this.signs = signs;
        this.nanos = nanos;
        this.lastSign = got;
        this.keeping = new Thread(this::keep, "pratique-release-lease-" + token);
        keeping.setDaemon(true);
    }

    KeptLease start() {
        keeping.start();
        return this;
    }

    private void keep() {
        try {
            while (!isLost()) {
                TimeUnit.NANOSECONDS.sleep(leaseNanos / SIGNS_A_LEASE);
                Boolean unused = sign();
            }
        } catch (InterruptedException closed) {
            // The lease was given back.
        }
    }

    private synchronized boolean isLost() {
        return lost;
    }

    @Override
    public long token() {
        return token;
    }

    /** A server that is away for a moment, such as one that the release itself starts again, takes nothing from anybody. */
    @Override
    public boolean isHeld() {
        while (true) {
            Boolean held = sign();
            if (held != null) {
                return held;
            }
            try {
                TimeUnit.NANOSECONDS.sleep(leaseNanos / QUESTIONS_A_LEASE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }

    /** Whether it is held; null if nobody can tell now, which does no harm as long as a later sign comes in time. */
    private synchronized @Nullable Boolean sign() {
        if (lost) {
            return false;
        }
        long now = nanos.getAsLong();
        try {
            if (now - lastSign >= leaseNanos || !signs.give()) {
                lost = true;
                return false;
            }
            lastSign = now;
            faltering = false;
            return true;
        } catch (IOException | RuntimeException e) {
            if (!faltering) {
                Trouble.warn(LOG, e).addKeyValue("token", token).log("The holder of a lock gives no sign of life");
            }
            faltering = true;
            return null;
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            lost = true;
        }
        keeping.interrupt();
        try {
            signs.end();
        } catch (IOException e) {
            Trouble.warn(LOG, e).addKeyValue("token", token).log("A lock cannot be given back");
        }
    }
}
