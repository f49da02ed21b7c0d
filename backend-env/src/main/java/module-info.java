/** Reads flags from environment variables, system properties, files and mounted directories. */
module io.pratique.env {
    requires transitive io.pratique.core;
    requires static transitive org.jspecify;
    requires org.slf4j;

    exports io.pratique.env;

    provides io.pratique.flags.spi.FlagSource with
            io.pratique.env.EnvFlagSource;
}
