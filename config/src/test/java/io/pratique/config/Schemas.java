package io.pratique.config;

import java.util.LinkedHashMap;
import java.util.Map;

/** Schemas that the tests share. */
final class Schemas {

    private Schemas() {}

    /** Every type, every kind of requirement, every rule but that of files. */
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
