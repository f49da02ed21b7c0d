package io.pratique.examples.killswitch;

import io.pratique.db.JdbcFlagSource;
import io.pratique.db.JdbcFlagStore;
import io.pratique.flags.spi.FlagSource;
import io.pratique.flags.spi.FlagStore;
import io.pratique.redis.RedisFlagSource;
import io.pratique.redis.RedisFlagStore;

/** The flags that several processes share, by the URL of their server. */
final class SharedFlags {

    private static final String USER = "postgres";

    private SharedFlags() {}

    static FlagSource source(String url) {
        return isJdbc(url) ? JdbcFlagSource.connect(url, USER, "") : RedisFlagSource.connect(url);
    }

    static FlagStore store(String url) {
        return isJdbc(url) ? JdbcFlagStore.connect(url, USER, "") : RedisFlagStore.connect(url);
    }

    private static boolean isJdbc(String url) {
        return url.startsWith("jdbc:");
    }
}
