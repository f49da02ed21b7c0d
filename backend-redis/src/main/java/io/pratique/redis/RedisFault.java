package io.pratique.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.cluster.PartitionException;
import io.pratique.flags.spi.FlagStoreException;
import io.pratique.flags.spi.FlagText;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What may be wrong with a server, told by words of its error, and what to do about it. Within a script, Redis 6 puts
 * words of its own before the error.
 */
enum RedisFault {
    PASSWORD("WRONGPASS|NOAUTH|ERR invalid password|ERR Client sent AUTH", "refuses user or password", "check both"),
    RIGHTS(
            "NOPERM|The user executing the script can't|ACL failure in script",
            "refuses the user a right",
            "grant what docs/guide/redis.md lists for readers or for writers of this namespace"),
    MEMORY("OOM", "is out of memory", "raise its maxmemory or make room"),
    CLIENTS("ERR max number of clients", "takes no more clients", "raise its maxclients or find who holds them"),
    REPLICA("READONLY", "is a replica", "connect to the master, or through Sentinel"),
    BUSY("LOADING|BUSY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|NOREPLICAS|MISCONF", "is not ready", "see its log"),
    TORN(
            "TORN",
            "has lost a part of the flags",
            "stop what deletes keys, then write each flag again or accept the loss"),
    UNTRUSTED(
            "SSL|TLS|PKIX|certificate",
            "cannot be trusted",
            "check that it speaks TLS, its certificate, and the authorities trusted in RedisSettings"),
    FOREIGN(
            "WRONGTYPE|user_script:.*(attempt to|bad argument)",
            "holds something else under these keys",
            "choose another namespace"),
    REFUSED(
            "ERR|MOVED",
            "refuses a command",
            "check whether it is a cluster, which databases it has, and which commands it disables"),
    /** Nobody is there; or the server refuses the first commands, of which Lettuce tells at times no more than this. */
    TURNED_AWAY(
            "Connection closed prematurely",
            "cannot be reached",
            "check that it runs, its address, whether it wants TLS, and the user's rights"),
    SILENT(null, "does not answer in time", "see whether it hangs, or give it a longer timeout"),
    UNREACHABLE(null, "cannot be reached", "check that it runs, and its address");

    /** Said of a write that has no answer. */
    static final String MAY_BE_MADE = " and may have made the changes; look into history or list before repeating them";

    /** Where Lettuce has no type of its own for it. */
    private static final Set<String> NEVER_SENT =
            Set.of("Connection is closed", "Currently not connected. Commands are rejected.");

    /** Lettuce shows a star for each letter of a password. */
    private static final Pattern STARS = Pattern.compile("\\*+@");

    @SuppressWarnings("ImmutableEnumChecker") // a pattern is
    private final @Nullable Pattern error;

    private final String fault;
    private final String remedy;

    RedisFault(@Nullable String error, String fault, String remedy) {
        this.error = error == null ? null : Pattern.compile("\\b(" + error + ")\\b");
        this.fault = fault;
        this.remedy = remedy;
    }

    /** Says in one line which server, what is wrong and what to do. */
    static FlagStoreException describe(String subject, Throwable thrown) {
        RedisFault fault = of(thrown);
        return new FlagStoreException(
                subject + " " + fault.fault + "; " + fault.remedy + " (" + detail(thrown) + ")", thrown);
    }

    /** As {@link #describe}, of a write: one that has no answer may have been made, and made again if it is repeated. */
    static FlagStoreException describeWrite(String subject, Throwable thrown) {
        if (wasNotMade(thrown)) {
            return describe(subject, thrown);
        }
        RedisFault fault = of(thrown);
        return new FlagStoreException(
                subject + " " + fault.fault + MAY_BE_MADE + "; then " + fault.remedy + " (" + detail(thrown) + ")",
                thrown);
    }

    /** Whether the server has refused, or was never asked. */
    private static boolean wasNotMade(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof RedisCommandExecutionException
                    || cause instanceof RedisConnectionException
                    || cause instanceof PartitionException
                    || NEVER_SENT.contains(String.valueOf(cause.getMessage()))) {
                return true;
            }
        }
        return false;
    }

    /** Which of these it is. */
    static RedisFault of(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            RedisFault named = Arrays.stream(values())
                    .filter(fault ->
                            fault.error != null && fault.error.matcher(message).find())
                    .findFirst()
                    .orElse(null);
            if (named != null) {
                return named;
            }
            if (cause instanceof TimeoutException || cause instanceof RedisCommandTimeoutException) {
                return SILENT;
            }
        }
        return UNREACHABLE;
    }

    /** What was thrown first, for what was thrown on top of it tells of Lettuce. */
    private static String detail(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        @Nullable String message = root.getMessage();
        return message == null
                ? root.getClass().getSimpleName()
                : FlagText.printable(STARS.matcher(message).replaceAll("***@"), 200);
    }
}
