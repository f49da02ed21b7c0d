/** The {@code pratique} command. */
module io.pratique.cli {
    requires com.fasterxml.jackson.databind;
    requires info.picocli;
    requires io.pratique.config;
    requires io.pratique.core;
    requires io.pratique.db;
    requires io.pratique.env;
    requires io.pratique.redis;
    requires java.logging;
    requires java.net.http;
    requires static org.jspecify;

    opens io.pratique.cli to
            info.picocli;
}
