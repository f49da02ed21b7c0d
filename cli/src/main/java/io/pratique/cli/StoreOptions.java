package io.pratique.cli;

import io.pratique.db.JdbcFlagStore;
import io.pratique.db.JdbcSettings;
import io.pratique.flags.spi.FlagStore;
import io.pratique.flags.spi.FlagText;
import io.pratique.redis.RedisFlagStore;
import io.pratique.redis.RedisSettings;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which store is read and written. */
final class StoreOptions {

    private static final Logger DRIVER = Logger.getLogger("org.postgresql");

    @Option(
            names = "--store",
            paramLabel = "URL",
            description = {
                "postgresql://user@host/database, redis://host, rediss://host, redis-sentinel://host1,host2#master or"
                        + " redis-cluster://host1:7000,host2:7000 (rediss-cluster:// for TLS). Unless given, the environment's PRATIQUE_STORE.",
                "A password belongs into PRATIQUE_PASSWORD, or into the URL in PRATIQUE_STORE: others see the arguments of a"
                        + " command."
            })
    private @Nullable String url;

    @Option(
            names = "--db-schema",
            paramLabel = "NAME",
            description = "The schema of the tables in PostgreSQL, if it is not the default one.")
    private @Nullable String schema;

    @Option(
            names = "--namespace",
            paramLabel = "NAME",
            description = "The namespace of the keys in Redis, if it is not \"pratique\".")
    private @Nullable String namespace;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            converter = LastingConverter.class,
            defaultValue = "10s",
            description = "How long to wait for an answer of the store. Unless given, ${DEFAULT-VALUE}.")
    private Duration timeout;

    /** Not for use: made by the parser of the command line. */
    @SuppressWarnings("NullAway.Init") // the parser of the command line sets what it is annotated with
    StoreOptions() {}

    FlagStore open() {
        // Not as a default of the option: the parser would read $$ and ${..} in a password.
        String given = url == null ? System.getenv("PRATIQUE_STORE") : url;
        if (given == null || given.isBlank()) {
            throw new IllegalArgumentException(
                    "there is no store to go to; give --store postgresql://.. or redis://.., or set PRATIQUE_STORE");
        }
        return open(given, System.getenv("PRATIQUE_PASSWORD"));
    }

    /** A store by its URL, with these options' names. A password in the URL comes before the one given beside it. */
    FlagStore open(String given, @Nullable String password) {
        // It logs URLs, with what somebody took for a place of the password.
        DRIVER.setLevel(Level.OFF);
        if (given.startsWith("jdbc:")) {
            return JdbcFlagStore.connect(given, null, password, database());
        }
        StoreUrl parsed = StoreUrl.parse(given).orPassword(password);
        return switch (parsed.scheme()) {
            case "redis", "rediss", "redis-socket", "redis-sentinel", "rediss-sentinel" ->
                RedisFlagStore.connect(parsed.text(parsed.scheme(), parsed.hosts()), redis());
            case "redis-cluster" -> RedisFlagStore.connectCluster(nodes(parsed, "redis"), redis());
            case "rediss-cluster" -> RedisFlagStore.connectCluster(nodes(parsed, "rediss"), redis());
            case "postgresql", "postgres" ->
                JdbcFlagStore.connect(
                        "jdbc:postgresql://" + parsed.hosts() + parsed.path(),
                        parsed.user(),
                        parsed.password(),
                        database());
            default ->
                throw new IllegalArgumentException("the store's URL must begin with postgresql://, redis://, rediss://,"
                        + " redis-sentinel://, redis-cluster://, rediss-cluster:// or jdbc:, but is of scheme \""
                        + FlagText.printable(parsed.scheme()) + "\"");
        };
    }

    private static List<String> nodes(StoreUrl cluster, String scheme) {
        return Arrays.stream(cluster.hosts().split(","))
                .map(node -> cluster.text(scheme, node.strip()))
                .toList();
    }

    private JdbcSettings database() {
        JdbcSettings settings = JdbcSettings.defaults().timeout(timeout);
        return schema == null ? settings : settings.schema(schema);
    }

    private RedisSettings redis() {
        RedisSettings settings = RedisSettings.defaults().timeout(timeout);
        return namespace == null ? settings : settings.namespace(namespace);
    }
}
