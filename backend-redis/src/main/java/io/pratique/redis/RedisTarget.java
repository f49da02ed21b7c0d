package io.pratique.redis;

import io.lettuce.core.RedisURI;
import io.pratique.flags.spi.FlagText;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The addresses that a user gave, as they were parsed. */
final class RedisTarget {

    private static final int SHOWN = 200;

    /** After that, the fault and its remedy have to fit into one line of a log. */
    private static final int SHOWN_OF_SUBJECT = 100;

    /** Whatever it cannot make sense of, Lettuce takes for the name of a host, with user and password. */
    private static final Pattern HOST = Pattern.compile("[^:@]+|\\[.+]");

    /** Of a password with a sign that ought to be encoded, a part would be taken for a port, and be shown. */
    private static final Pattern WITHOUT_AT_IN_ITS_PATH = Pattern.compile("[^/?#]+://[^/?#]*([/?#][^@]*)?");

    private final List<Address> addresses;
    private final boolean cluster;

    private RedisTarget(List<Address> addresses, boolean cluster) {
        this.addresses = addresses;
        this.cluster = cluster;
    }

    static RedisTarget of(String uri) {
        return new RedisTarget(List.of(Address.parse(uri)), false);
    }

    static RedisTarget ofCluster(List<String> uris) {
        if (uris == null || uris.isEmpty()) {
            throw new IllegalArgumentException("URIs of Redis Cluster must be given, but are \"" + uris
                    + "\"; name one node or more, such as \"redis://node-1:6379\"");
        }
        return new RedisTarget(uris.stream().map(Address::parseNode).toList(), true);
    }

    boolean isCluster() {
        return cluster;
    }

    /** New ones each time, for Lettuce's are mutable. */
    List<RedisURI> uris(Duration timeout) {
        return addresses.stream().map(address -> address.uri(timeout)).toList();
    }

    String subject() {
        String shown = addresses.stream().map(Address::toString).collect(Collectors.joining(", "));
        return FlagText.printable((cluster ? "Redis Cluster at " : "Redis at ") + shown, SHOWN_OF_SUBJECT);
    }

    private record Address(
            String text, RedisURI uri, @Nullable String user) {

        static Address parse(String uri) {
            if (uri == null) {
                throw new IllegalArgumentException(
                        "URI of Redis must be given, but is \"null\"; use one such as \"redis://localhost:6379\"");
            }
            try {
                RedisURI parsed = RedisURI.create(uri);
                boolean hasHost = parsed.getHost() != null
                        && HOST.matcher(parsed.getHost()).matches();
                boolean leads = hasHost
                        || parsed.getSocket() != null
                        || !parsed.getSentinels().isEmpty();
                if (leads && WITHOUT_AT_IN_ITS_PATH.matcher(uri).matches()) {
                    return new Address(uri, parsed, user(URI.create(uri).getUserInfo()));
                }
            } catch (RuntimeException malformed) {
                // What it says may hold the password, so it is not passed on.
            }
            throw new IllegalArgumentException("URI of Redis must be like redis://user:password@host:port/database,"
                    + " rediss://.. for TLS, or redis-sentinel://host1,host2#master, but is \"" + masked(uri)
                    + "\"; signs such as @ : / ? # % within the password have to be percent-encoded, and the name of a"
                    + " host before a port has no underscore");
        }

        static Address parseNode(String uri) {
            Address node = parse(uri);
            if (node.uri.getHost() == null) {
                throw new IllegalArgumentException("URI of a node of Redis Cluster must name a host, but is \""
                        + masked(uri) + "\"; use one such as \"redis://node-1:6379\"");
            }
            return node;
        }

        /** What stands there without a colon is a password. */
        private static @Nullable String user(@Nullable String userInfo) {
            int colon = userInfo == null ? -1 : userInfo.indexOf(':');
            return userInfo == null || colon < 1 ? null : userInfo.substring(0, colon);
        }

        /** Without what stands where a password may stand. */
        private static String masked(String uri) {
            int rest = uri.indexOf("://") < 0 ? 0 : uri.indexOf("://") + 3;
            int at = uri.lastIndexOf('@');
            int colon = uri.indexOf(':', rest);
            String shown = at >= rest
                    ? uri.substring(0, rest) + "***" + uri.substring(at)
                    : colon < 0 ? uri : uri.substring(0, colon) + ":***";
            return FlagText.printable(shown, SHOWN);
        }

        RedisURI uri(Duration timeout) {
            RedisURI made = RedisURI.create(text);
            made.setTimeout(timeout);
            made.getSentinels().forEach(sentinel -> sentinel.setTimeout(timeout));
            return made;
        }

        @Override
        public String toString() {
            return place(uri)
                    + (uri.getDatabase() == 0 ? "" : ", database " + uri.getDatabase())
                    + (user == null ? "" : ", user \"" + user + "\"");
        }

        private static String place(RedisURI uri) {
            if (!uri.getSentinels().isEmpty()) {
                return uri.getSentinels().stream().map(Address::place).collect(Collectors.joining(", "))
                        + " (Sentinel), master \"" + uri.getSentinelMasterId() + "\"";
            }
            return uri.getSocket() != null ? uri.getSocket() : uri.getHost() + ":" + uri.getPort();
        }
    }
}
