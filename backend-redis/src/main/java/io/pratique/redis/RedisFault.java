package io.pratique.redis;

import io.lettuce.core.RedisCommandTimeoutException;
import io.pratique.flags.spi.FlagStoreException;
import io.pratique.flags.spi.FlagText;
import java.util.Arrays;
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
    SILENT(null, "does not answer in time", "see whether it hangs, or give it a longer timeout"),
    UNREACHABLE(null, "cannot be reached", "check that it runs, and its address");

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
        return message == null ? root.getClass().getSimpleName() : FlagText.printable(message, 200);
    }
}
