package io.pratique.probes;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import io.pratique.readiness.Probe;
import io.pratique.readiness.ProbeResult;
import io.pratique.readiness.ProbeSettings;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends {@code PING} to Redis, through an application's client of Lettuce:
 *
 * <pre>{@code
 * RedisProbe.of(client)                  // the server; behind Sentinel, the master
 * RedisProbe.of(clusterClient)           // every master of a cluster
 * }</pre>
 *
 * <p>The probe has one connection of its own (in a cluster, one to each master), opened by the first check, kept, and
 * opened anew after a check that got no {@code PONG}, so that the next one asks Sentinel or the cluster who leads now. It is
 * closed by {@link #close}, which leaves the client open. A gate does not close its probes.
 *
 * <p>A server that cannot be reached, is silent, refuses the login, loads its data or has lost its master, and a cluster with
 * a master that is any of these, are DOWN; one that is busy with a script, out of memory or out of connections is
 * SATURATED. A user who may not send {@code PING} is no evidence: he may be allowed all that he needs. For any thread.
 */
public final class RedisProbe implements Probe, AutoCloseable {

    private final Supplier<RedisLine> opening;
    private final Duration timeout;
    private final RedisLines lines;

    private RedisProbe(Supplier<RedisLine> opening, Duration timeout) {
        this.opening = opening;
        this.timeout = timeout;
        this.lines = new RedisLines(opening);
    }

    /**
     * Asks where the client was made for.
     *
     * @param client made with an address; stays open, and the caller's
     * @return the probe
     * @throws IllegalStateException if Lettuce is not there
     */
    public static RedisProbe of(RedisClient client) {
        Library.LETTUCE.requireFor("RedisProbe");
        Arguments.required("The client of a RedisProbe", client);
        return new RedisProbe(() -> RedisLine.to(client.connect()), Timeouts.DEFAULT);
    }

    /**
     * Asks at an address.
     *
     * @param client stays open, and the caller's
     * @param uri a server, or Sentinels and the name of a master
     * @return the probe
     * @throws IllegalStateException if Lettuce is not there
     */
    public static RedisProbe of(RedisClient client, RedisURI uri) {
        Library.LETTUCE.requireFor("RedisProbe");
        Arguments.required("The client of a RedisProbe", client);
        Arguments.required("The address of a RedisProbe", uri);
        return new RedisProbe(() -> RedisLine.to(client.connect(uri)), Timeouts.DEFAULT);
    }

    /**
     * Asks every master of a cluster.
     *
     * @param client stays open, and the caller's; told to look for the nodes anew when one did not answer
     * @return the probe
     * @throws IllegalStateException if Lettuce is not there
     */
    public static RedisProbe of(RedisClusterClient client) {
        Library.LETTUCE.requireFor("RedisProbe");
        Arguments.required("The client of a RedisProbe", client);
        return new RedisProbe(() -> RedisLine.toCluster(client), Timeouts.DEFAULT);
    }

    /**
     * How long a check may take: one half for connecting, the other for an answer.
     *
     * @param timeout at least a millisecond, at most an hour; 1.5 seconds unless set
     * @return a new probe, with a connection of its own
     * @throws IllegalArgumentException if it is out of range
     */
    public RedisProbe timeout(Duration timeout) {
        return new RedisProbe(opening, Timeouts.require("RedisProbe", timeout));
    }

    @Override
    public ProbeResult check() throws Exception {
        Duration half = timeout.dividedBy(2);
        RedisLine line = null;
        boolean answered = false;
        try {
            line = lines.current().get(half.toNanos(), TimeUnit.NANOSECONDS);
            line.ping().get(half.toNanos(), TimeUnit.NANOSECONDS);
            answered = true;
            return ProbeResult.up();
        } catch (TimeoutException late) {
            return ProbeResult.down(
                    (line == null ? "no connection to Redis within " : "no PONG within ") + Timeouts.shown(half));
        } finally {
            if (line != null && !answered) {
                lines.discard(line);
            }
        }
    }

    @Override
    public @Nullable ProbeResult classify(Throwable failure) {
        return RedisAnswers.classify(failure);
    }

    @Override
    public ProbeSettings settings() {
        return Timeouts.settings(timeout);
    }

    /** Closes the connection; the client stays open. A check afterwards is broken. */
    @Override
    public void close() {
        lines.close();
    }

    @Override
    public String toString() {
        return "RedisProbe";
    }
}
