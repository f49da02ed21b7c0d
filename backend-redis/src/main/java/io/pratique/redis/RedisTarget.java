package io.pratique.redis;

import io.lettuce.core.RedisCredentialsProvider.ImmediateRedisCredentialsProvider;
import io.lettuce.core.RedisURI;
import io.pratique.flags.spi.FlagText;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The addresses that a user gave, as they were parsed. */
final class RedisTarget {

    private static final int SHOWN = 200;

    private final List<RedisURI> uris;
    private final boolean cluster;

    private RedisTarget(List<RedisURI> uris, boolean cluster) {
        this.uris = uris;
        this.cluster = cluster;
    }

    static RedisTarget of(String uri) {
        return new RedisTarget(List.of(parse(uri)), false);
    }

    static RedisTarget ofCluster(List<String> uris) {
        if (uris == null || uris.isEmpty()) {
            throw new IllegalArgumentException("URIs of Redis Cluster must be given, but are \"" + uris
                    + "\"; name one node or more, such as \"redis://node-1:6379\"");
        }
        List<RedisURI> parsed = uris.stream().map(RedisTarget::parse).toList();
        parsed.stream().filter(uri -> uri.getHost() == null).findFirst().ifPresent(uri -> {
            throw new IllegalArgumentException("URI of a node of Redis Cluster must name a host, but is \""
                    + masked(uris.get(parsed.indexOf(uri))) + "\"; use one such as \"redis://node-1:6379\"");
        });
        return new RedisTarget(parsed, true);
    }

    private static RedisURI parse(String uri) {
        if (uri == null) {
            throw new IllegalArgumentException(
                    "URI of Redis must be given, but is \"null\"; use one such as \"redis://localhost:6379\"");
        }
        try {
            RedisURI parsed = RedisURI.create(uri);
            if (parsed.getHost() != null
                    || parsed.getSocket() != null
                    || !parsed.getSentinels().isEmpty()) {
                return parsed;
            }
        } catch (RuntimeException malformed) {
            // What it says may hold the password, so it is not passed on.
        }
        throw new IllegalArgumentException("URI of Redis must be like redis://user:password@host:port/database,"
                + " rediss://.. for TLS, or redis-sentinel://host1,host2#master, but is \"" + masked(uri)
                + "\"; signs such as @ : / # % within the password have to be percent-encoded");
    }

    /** Without what stands where a password may stand. */
    private static String masked(String uri) {
        int scheme = uri.indexOf("://");
        int at = uri.lastIndexOf('@');
        if (scheme < 0) {
            return at < 0 ? FlagText.printable(uri, SHOWN) : "***" + FlagText.printable(uri.substring(at), SHOWN);
        }
        String rest = at < 0 ? uri.substring(scheme + 3) : "***" + uri.substring(at);
        return FlagText.printable(uri.substring(0, scheme + 3) + rest, SHOWN);
    }

    boolean isCluster() {
        return cluster;
    }

    /** Each a copy, for Lettuce's are mutable. */
    List<RedisURI> uris(Duration timeout) {
        return uris.stream().map(uri -> withTimeout(uri, timeout)).toList();
    }

    private static RedisURI withTimeout(RedisURI uri, Duration timeout) {
        RedisURI copy = RedisURI.builder(uri).build();
        copy.setTimeout(timeout);
        copy.getSentinels().forEach(sentinel -> sentinel.setTimeout(timeout));
        return copy;
    }

    String subject() {
        String addresses = uris.stream().map(RedisTarget::address).collect(Collectors.joining(", "));
        return (cluster ? "Redis Cluster at " : "Redis at ") + FlagText.printable(addresses, SHOWN);
    }

    private static String address(RedisURI uri) {
        String user = user(uri);
        String database = uri.getDatabase() == 0 ? "" : ", database " + uri.getDatabase();
        return place(uri) + database + (user == null ? "" : ", user \"" + user + "\"");
    }

    private static @Nullable String user(RedisURI uri) {
        return uri.getCredentialsProvider() instanceof ImmediateRedisCredentialsProvider known
                ? known.resolveCredentialsNow().getUsername()
                : null;
    }

    private static String place(RedisURI uri) {
        if (!uri.getSentinels().isEmpty()) {
            return uri.getSentinels().stream().map(RedisTarget::place).collect(Collectors.joining(", "))
                    + " (Sentinel), master \"" + uri.getSentinelMasterId() + "\"";
        }
        return uri.getSocket() != null ? uri.getSocket() : uri.getHost() + ":" + uri.getPort();
    }
}
