package io.pratique.redis;

import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where in Redis the flags are, and how long to wait for it. Immutable; each setter gives a new value.
 *
 * <pre>{@code
 * RedisFlagSource.connect("rediss://app:secret@redis.internal", RedisSettings.defaults().namespace("shop"))
 * }</pre>
 */
public final class RedisSettings {

    private static final RedisSettings DEFAULTS = new RedisSettings("redis", "pratique", Duration.ofSeconds(2), null);

    private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
    private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(10);

    private final String name;
    private final String namespace;
    private final Duration timeout;
    private final @Nullable Path trustedCertificates;

    private RedisSettings(String name, String namespace, Duration timeout, @Nullable Path trustedCertificates) {
        this.name = name;
        this.namespace = namespace;
        this.timeout = timeout;
        this.trustedCertificates = trustedCertificates;
    }

    /**
     * A source named {@code redis}, the namespace {@code pratique}, 2 seconds for each answer.
     *
     * @return always the same instance
     */
    public static RedisSettings defaults() {
        return DEFAULTS;
    }

    /**
     * The name under which evaluations, logs and metrics show the source.
     *
     * @param name not blank
     * @return new settings
     * @throws IllegalArgumentException if it is null or blank
     */
    public RedisSettings name(String name) {
        if (name == null || name.isBlank()) {
            throw new IllegalArgumentException("name of a Redis flag source must not be blank, but is \"" + name
                    + "\"; leave it out for \"redis\"");
        }
        return new RedisSettings(name, namespace, timeout, trustedCertificates);
    }

    /**
     * What all keys begin with, in braces, so that a cluster keeps them in one slot. Stores of several namespaces on one
     * server know nothing of each other.
     *
     * @param namespace 1 to 64 of the characters a to z, 0 to 9, dot, underscore and hyphen, of which the first is a
     *     letter or a digit
     * @return new settings
     * @throws IllegalArgumentException if it is anything else
     */
    public RedisSettings namespace(String namespace) {
        if (namespace == null || !NAMESPACE.matcher(namespace).matches()) {
            throw new IllegalArgumentException("namespace of flags in Redis must match " + NAMESPACE + ", but is \""
                    + namespace + "\"; give it a short name such as \"pratique\"");
        }
        return new RedisSettings(name, namespace, timeout, trustedCertificates);
    }

    /**
     * How long to wait for a connection, and how long for an answer.
     *
     * @param timeout positive, at most 10 minutes
     * @return new settings
     * @throws IllegalArgumentException if it is null, zero, negative or longer
     */
    public RedisSettings timeout(Duration timeout) {
        if (timeout == null || timeout.isZero() || timeout.isNegative() || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
            throw new IllegalArgumentException("timeout of Redis must be longer than zero and at most "
                    + LONGEST_TIMEOUT + ", but is \"" + timeout + "\"; give a few seconds");
        }
        return new RedisSettings(name, namespace, timeout, trustedCertificates);
    }

    /**
     * The authorities to be trusted with TLS in place of those that the JVM trusts. Of no effect on an application's own
     * client, which has its own.
     *
     * @param certificates a file of X.509 certificates in PEM format, read with each connection
     * @return new settings
     * @throws IllegalArgumentException if it is null
     */
    public RedisSettings trusting(Path certificates) {
        if (certificates == null) {
            throw new IllegalArgumentException(
                    "file of trusted certificates must be given, but is \"null\"; leave it out to trust whom the JVM trusts");
        }
        return new RedisSettings(name, namespace, timeout, certificates);
    }

    /**
     * The name of the source.
     *
     * @return {@code redis} unless set
     */
    public String name() {
        return name;
    }

    /**
     * What all keys begin with, without the braces.
     *
     * @return {@code pratique} unless set
     */
    public String namespace() {
        return namespace;
    }

    /**
     * The time to wait for a connection or an answer.
     *
     * @return 2 seconds unless set
     */
    public Duration timeout() {
        return timeout;
    }

    @Nullable Path trustedCertificates() {
        return trustedCertificates;
    }

    @Override
    public String toString() {
        return "RedisSettings[" + name + ", namespace " + namespace + ", timeout " + timeout + "]";
    }
}
