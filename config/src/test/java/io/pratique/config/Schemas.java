package io.pratique.config;

import java.util.LinkedHashMap;
import java.util.Map;

/** Schemas that the tests share. */
final class Schemas {

    private Schemas() {}

    /** What a worker needs: every kind of requirement, most types. {@link #REST} has the others. */
    static final ConfigSchema WORKER = ConfigSchema.named("worker")
            .variable(ConfigVariable.oneOf("NODE_ENV", "development", "staging", "production")
                    .defaultsTo("development")
                    .shown()
                    .describedAs("Where it runs"))
            .variable(
                    ConfigVariable.url("DATABASE_URL", "postgresql").required().describedAs("The database"))
            .variable(ConfigVariable.oneOf("SECRETS_PROVIDER", "env", "db", "aws", "gcp")
                    .required())
            .variable(ConfigVariable.text("SECRETS_MASTER_KEY").requiredWhen(Condition.is("SECRETS_PROVIDER", "db")))
            .variable(ConfigVariable.oneOf("STORAGE_PROVIDER", "s3", "local")
                    .defaultsTo("local")
                    .shown())
            .variable(ConfigVariable.text("STORAGE_S3_BUCKET")
                    .requiredWhen(Condition.is("STORAGE_PROVIDER", "s3"))
                    .shown()
                    .example("artifacts"))
            .variable(ConfigVariable.url("REDIS_URL", "redis", "rediss"))
            .variable(ConfigVariable.hosts("KAFKA_BROKERS"))
            .variable(ConfigVariable.port("PORT").defaultsTo("5000").shown())
            .variable(ConfigVariable.integer("OUTBOX_RETENTION_DAYS_DEAD", 1, 3650)
                    .defaultsTo("30")
                    .shown())
            .variable(ConfigVariable.integer("OUTBOX_RETENTION_DAYS_PUBLISHED", 1, 3650)
                    .defaultsTo("7")
                    .shown())
            .variable(ConfigVariable.duration("POLL_INTERVAL").defaultsTo("30s").shown())
            .variable(ConfigVariable.size("UPLOAD_LIMIT"))
            .variable(ConfigVariable.bool("SUPPORT_EXOTEL"))
            .variable(ConfigVariable.pemKey("JWT_PUBLIC_KEY").requiredUnless(Condition.is("SUPPORT_EXOTEL", "true")))
            .variable(ConfigVariable.flag("CLEANUP_ENABLED").shown())
            .rule(ConfigRule.notLess("OUTBOX_RETENTION_DAYS_DEAD", "OUTBOX_RETENTION_DAYS_PUBLISHED"))
            .warnWhen(
                    Condition.is("NODE_ENV", "production").and(Condition.is("STORAGE_PROVIDER", "local")),
                    "STORAGE_PROVIDER",
                    "STORAGE_PROVIDER=local keeps files on one machine; use s3 in production")
            .build();

    /** The types, rules and conditions that the worker has not. */
    static final ConfigSchema REST = ConfigSchema.named("rest")
            .variable(ConfigVariable.text("NAME").required())
            .variable(ConfigVariable.integer("MOST", -5, 5).required())
            .variable(ConfigVariable.integer("LEAST", -5, 5).defaultsTo("0"))
            .variable(ConfigVariable.oneOf("ADAPTER", "kafka", "redis", "todo")
                    .defaultsTo("kafka")
                    .shown())
            .variable(ConfigVariable.hosts("BROKERS").requiredWhen(Condition.isAnyOf("ADAPTER", "kafka", "todo")))
            .variable(ConfigVariable.flag("VOICE_ENABLED"))
            .variable(ConfigVariable.flag("CLEANUP_ENABLED").defaultsTo("off"))
            .variable(ConfigVariable.text("VOICE").requiredWhen(Condition.is("VOICE_ENABLED", "on")))
            .variable(ConfigVariable.duration("PAUSE").requiredUnless(Condition.is("VOICE_ENABLED", "on")))
            .variable(ConfigVariable.size("SPACE").requiredWhen(Condition.is("CLEANUP_ENABLED", "on")))
            .variable(ConfigVariable.bool("NOT_CLEAN").requiredWhen(Condition.is("CLEANUP_ENABLED", "off")))
            .variable(ConfigVariable.publicKey("KEY"))
            .variable(ConfigVariable.file("SSL_KEY_PATH"))
            .variable(ConfigVariable.file("SSL_CERT_PATH"))
            .rule(ConfigRule.greater("MOST", "LEAST"))
            .rule(ConfigRule.keyPair("SSL_KEY_PATH", "SSL_CERT_PATH"))
            .build();

    /** Values that the schema takes. */
    static Map<String, String> valid() {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("DATABASE_URL", "postgresql://db.internal/worker");
        values.put("SECRETS_PROVIDER", "env");
        values.put("SUPPORT_EXOTEL", "true");
        return values;
    }

    static ConfigReport validate(Map<String, String> values) {
        return WORKER.validate(ConfigValues.of("test", values));
    }

    /** A verdict on otherwise valid values. */
    static ConfigReport with(String... pairs) {
        Map<String, String> values = valid();
        for (int i = 0; i < pairs.length; i += 2) {
            values.put(pairs[i], pairs[i + 1]);
        }
        return validate(values);
    }
}
