/** The {@code pratique} command. */
module io.pratique.cli {
    requires com.fasterxml.jackson.databind;
    requires info.picocli;
    requires io.pratique.config;
    requires io.pratique.core;
    requires io.pratique.db;
    requires io.pratique.env;
    requires io.pratique.redis;
    requires io.pratique.release;
    requires java.logging;
    requires java.net.http;
    requires java.naming;
    requires java.sql;
    requires org.postgresql.jdbc;
    requires static org.checkerframework.checker.qual; // in the driver's class files
    requires static org.jspecify;

    opens io.pratique.cli to
            info.picocli;
}
