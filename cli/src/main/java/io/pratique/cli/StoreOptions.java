package io.pratique.cli;

import io.pratique.db.JdbcFlagStore;
import io.pratique.db.JdbcSettings;
import io.pratique.flags.spi.FlagStore;
import io.pratique.flags.spi.FlagText;
import io.pratique.redis.RedisFlagStore;
import io.pratique.redis.RedisSettings;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which store is read and written. */
final class StoreOptions {

    private static final String CLUSTER = "redis-cluster://";

    @Option(
            names = "--store",
            paramLabel = "URL",
            defaultValue = "${env:PRATIQUE_STORE}",
            description = {
                "postgresql://user@host/database, redis://host, rediss://host, redis-sentinel://host1,host2#master or"
                        + " redis-cluster://host1:7000,host2:7000. Unless given, the environment's PRATIQUE_STORE.",
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
        String given = url;
        if (given == null || given.isBlank()) {
            throw new IllegalArgumentException(
                    "there is no store to go to; give --store postgresql://.. or redis://.., or set PRATIQUE_STORE");
        }
        return open(given);
    }

    /** A store by its URL, with these options' names and password. */
    FlagStore open(String given) {
        if (given.startsWith(CLUSTER)) {
            return RedisFlagStore.connectCluster(nodes(given), redis());
        }
        if (given.startsWith("redis")) {
            return RedisFlagStore.connect(withPassword(given), redis());
        }
        if (given.startsWith("jdbc:")) {
            return JdbcFlagStore.connect(given, null, password(), database());
        }
        if (given.startsWith("postgresql://") || given.startsWith("postgres://")) {
            return postgres(given);
        }
        throw new IllegalArgumentException("the store's URL must begin with postgresql://, redis://, rediss://,"
                + " redis-sentinel://, redis-cluster:// or jdbc:, but is of scheme \""
                + FlagText.printable(given.replaceFirst(":.*", "")) + "\"");
    }

    private JdbcSettings database() {
        JdbcSettings settings = JdbcSettings.defaults().timeout(timeout);
        return schema == null ? settings : settings.schema(schema);
    }

    private RedisSettings redis() {
        RedisSettings settings = RedisSettings.defaults().timeout(timeout);
        return namespace == null ? settings : settings.namespace(namespace);
    }

    private static @Nullable String password() {
        return System.getenv("PRATIQUE_PASSWORD");
    }

    private JdbcFlagStore postgres(String given) {
        String rest = given.substring(given.indexOf("//") + 2);
        int at = rest.lastIndexOf('@', rest.indexOf('/') < 0 ? rest.length() : rest.indexOf('/'));
        String[] who = at < 0 ? new String[0] : rest.substring(0, at).split(":", 2);
        String user = who.length > 0 ? decoded(who[0]) : null;
        String password = who.length > 1 ? decoded(who[1]) : password();
        return JdbcFlagStore.connect("jdbc:postgresql://" + rest.substring(at + 1), user, password, database());
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static String withPassword(String given) {
        String password = password();
        URI uri = URI.create(given.replaceFirst("#.*", "").replaceFirst(",[^/#?]*", ""));
        if (password == null
                || (uri.getRawUserInfo() != null && uri.getRawUserInfo().contains(":"))) {
            return given;
        }
        String user = uri.getRawUserInfo() == null ? "" : uri.getRawUserInfo();
        String rest = given.substring(given.indexOf("//") + 2).replaceFirst("^[^@/]*@", "");
        return uri.getScheme() + "://" + user + ":"
                + URLEncoder.encode(password, StandardCharsets.UTF_8).replace("+", "%20") + "@" + rest;
    }

    private static List<String> nodes(String given) {
        return Arrays.stream(given.substring(CLUSTER.length()).split(","))
                .map(node -> withPassword("redis://" + node.strip()))
                .toList();
    }
}
