package io.pratique.probes;

import static io.pratique.readiness.Outcome.DOWN;
import static io.pratique.readiness.Outcome.SATURATED;
import static io.pratique.readiness.Outcome.UP;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.cluster.PartitionSelectorException;
import io.pratique.readiness.Outcome;
import io.pratique.readiness.ProbeResult;
import java.io.IOException;
import java.util.Map;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What errors of Redis and of Lettuce say. */
final class RedisAnswers {

    /** By the first word of an error. One that only a server gives that works is UP. */
    private static final Map<String, Outcome> WORDS = Map.ofEntries(
            Map.entry("LOADING", DOWN),
            Map.entry("MASTERDOWN", DOWN),
            Map.entry("CLUSTERDOWN", DOWN),
            Map.entry("READONLY", DOWN),
            Map.entry("MISCONF", DOWN),
            Map.entry("NOREPLICAS", DOWN),
            Map.entry("NOAUTH", DOWN),
            Map.entry("WRONGPASS", DOWN),
            Map.entry("BUSY", SATURATED),
            Map.entry("OOM", SATURATED),
            Map.entry("WRONGTYPE", UP),
            Map.entry("NOSCRIPT", UP),
            Map.entry("BUSYKEY", UP),
            Map.entry("BUSYGROUP", UP));

    /** Lettuce has no class of its own for a client that revives no connections. */
    private static final Pattern LOST =
            Pattern.compile("not connected|connection (is |already )?(closed|disconnected)", Pattern.CASE_INSENSITIVE);

    private static final String CLIENTS = "ERR max number of clients";

    private RedisAnswers() {}

    /** What Redis itself says comes first; that there was no connection is often only what came of it. */
    static @Nullable ProbeResult classify(Throwable failure) {
        RedisCommandExecutionException answer = Causes.first(failure, RedisCommandExecutionException.class);
        if (answer != null) {
            return answered(String.valueOf(answer.getMessage()));
        }
        if (Causes.first(failure, RedisCommandTimeoutException.class) != null) {
            return ProbeResult.down("no answer from Redis in time");
        }
        if (Causes.first(failure, SSLException.class) != null
                || Causes.of(failure).stream().anyMatch(Causes::isOurs)) {
            return null;
        }
        if (Causes.first(failure, PartitionSelectorException.class) != null) {
            return ProbeResult.down("no node of the cluster is there for a part of the keys");
        }
        RedisException thrown = Causes.first(failure, RedisException.class);
        boolean lost = thrown != null
                && LOST.matcher(String.valueOf(thrown.getMessage())).find();
        return lost
                        || Causes.first(failure, IOException.class) != null
                        || Causes.first(failure, RedisConnectionException.class) != null
                ? ProbeResult.down("no connection to Redis")
                : null;
    }

    private static @Nullable ProbeResult answered(String error) {
        String word = error.split(" ", 2)[0];
        Outcome outcome = error.startsWith(CLIENTS) ? SATURATED : WORDS.get(word);
        if (outcome == null) {
            return null;
        }
        return switch (outcome) {
            case UP -> ProbeResult.up();
            case SATURATED -> ProbeResult.saturated("Redis says " + error);
            default -> ProbeResult.down("Redis says " + error);
        };
    }
}
