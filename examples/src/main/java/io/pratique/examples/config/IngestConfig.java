package io.pratique.examples.config;

import static io.pratique.config.Condition.is;
import static io.pratique.config.ConfigRule.keyPair;
import static io.pratique.config.ConfigVariable.bool;
import static io.pratique.config.ConfigVariable.file;
import static io.pratique.config.ConfigVariable.hosts;
import static io.pratique.config.ConfigVariable.integer;
import static io.pratique.config.ConfigVariable.oneOf;
import static io.pratique.config.ConfigVariable.port;
import static io.pratique.config.ConfigVariable.publicKey;
import static io.pratique.config.ConfigVariable.url;

import io.pratique.config.ConfigSchema;

/** A service that takes in audio over web sockets and hands it on. */
public final class IngestConfig {

    /** All it is configured with. */
    public static final ConfigSchema SCHEMA = ConfigSchema.named("ingest")
            .variable(oneOf("NODE_ENV", "development", "staging", "production")
                    .defaultsTo("development")
                    .shown()
                    .describedAs("Where it runs"))
            .variable(port("PORT").defaultsTo("5000").shown().describedAs("Where it listens"))
            .variable(integer("BUFFER_DURATION_MS", 100, 30_000)
                    .defaultsTo("3000")
                    .shown()
                    .describedAs("How long audio is gathered before it is handed on"))
            .variable(integer("ACK_INTERVAL", 1, 1_000)
                    .defaultsTo("10")
                    .shown()
                    .describedAs("Every how many packets one is acknowledged"))
            .variable(oneOf("PUBSUB_ADAPTER", "redis_streams", "kafka", "in_memory")
                    .defaultsTo("redis_streams")
                    .shown()
                    .describedAs("What audio is handed on by"))
            .variable(url("REDIS_URL", "redis", "rediss")
                    .requiredWhen(is("PUBSUB_ADAPTER", "redis_streams"))
                    .describedAs("The streams"))
            .variable(hosts("KAFKA_BROKERS")
                    .requiredWhen(is("PUBSUB_ADAPTER", "kafka"))
                    .shown()
                    .example("kafka-1:9092,kafka-2:9092")
                    .describedAs("The brokers"))
            .variable(bool("SUPPORT_EXOTEL")
                    .defaultsTo("false")
                    .shown()
                    .describedAs("Takes calls of Exotel, which bring no token"))
            .variable(publicKey("JWT_PUBLIC_KEY")
                    .requiredUnless(is("SUPPORT_EXOTEL", "true"))
                    .describedAs("Proves the tokens of callers"))
            .variable(
                    file("SSL_KEY_PATH").shown().example("/etc/ingest/tls.key").describedAs("The private key for TLS"))
            .variable(
                    file("SSL_CERT_PATH").shown().example("/etc/ingest/tls.crt").describedAs("Its certificate"))
            .rule(keyPair("SSL_KEY_PATH", "SSL_CERT_PATH"))
            .warnWhen(
                    is("NODE_ENV", "production").and(is("PUBSUB_ADAPTER", "in_memory")),
                    "PUBSUB_ADAPTER",
                    "PUBSUB_ADAPTER=in_memory loses what it holds with each restart; use redis_streams or kafka in production")
            .build();

    private IngestConfig() {}
}
