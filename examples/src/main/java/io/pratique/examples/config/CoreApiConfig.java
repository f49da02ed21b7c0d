package io.pratique.examples.config;

import static io.pratique.config.Condition.is;
import static io.pratique.config.ConfigRule.greater;
import static io.pratique.config.ConfigRule.notLess;
import static io.pratique.config.ConfigVariable.flag;
import static io.pratique.config.ConfigVariable.integer;
import static io.pratique.config.ConfigVariable.oneOf;
import static io.pratique.config.ConfigVariable.text;
import static io.pratique.config.ConfigVariable.url;

import io.pratique.config.ConfigSchema;

/** An API with an outbox, uploads and secrets of its customers. */
public final class CoreApiConfig {

    private static final int YEARS = 3650;

    /** All it is configured with. */
    public static final ConfigSchema SCHEMA = ConfigSchema.named("core-api")
            .variable(oneOf("NODE_ENV", "development", "staging", "production")
                    .defaultsTo("development")
                    .shown()
                    .describedAs("Where it runs"))
            .variable(url("DATABASE_URL", "postgresql").required().describedAs("The database, with user and password"))
            .variable(oneOf("SECRETS_PROVIDER", "env", "db", "aws", "gcp")
                    .required()
                    .describedAs("Where customers' secrets are kept"))
            .variable(text("SECRETS_MASTER_KEY")
                    .requiredWhen(is("SECRETS_PROVIDER", "db"))
                    .describedAs("Encrypts secrets in the database"))
            .variable(oneOf("STORAGE_PROVIDER", "s3", "local")
                    .defaultsTo("local")
                    .shown()
                    .describedAs("Where uploads are kept"))
            .variable(text("STORAGE_S3_BUCKET")
                    .requiredWhen(is("STORAGE_PROVIDER", "s3"))
                    .shown()
                    .example("uploads")
                    .describedAs("The bucket"))
            .variable(
                    text("STORAGE_S3_REGION").defaultsTo("eu-central-1").shown().describedAs("The bucket's region"))
            .variable(url("REDIS_URL", "redis", "rediss").describedAs("The cache; without it there is none"))
            .variable(integer("OUTBOX_RETENTION_DAYS_PUBLISHED", 1, YEARS)
                    .defaultsTo("7")
                    .shown()
                    .describedAs("How long published messages are kept"))
            .variable(integer("OUTBOX_RETENTION_DAYS_DEAD", 1, YEARS)
                    .defaultsTo("30")
                    .shown()
                    .describedAs("How long messages are kept that could not be published"))
            .variable(integer("USAGE_RAW_EVENT_RETENTION_DAYS", 1, YEARS)
                    .defaultsTo("90")
                    .shown()
                    .describedAs("How long single events of use are kept"))
            .variable(integer("USAGE_AGGREGATE_RETENTION_DAYS", 1, YEARS)
                    .defaultsTo("730")
                    .shown()
                    .describedAs("How long their sums are kept"))
            .variable(flag("OUTBOX_PROCESSING_ENABLED").shown().describedAs("Publishes messages"))
            .variable(flag("WEBHOOK_PROCESSING_ENABLED").shown().describedAs("Delivers webhooks"))
            .variable(flag("CLEANUP_ENABLED").shown().describedAs("Deletes what is past its time"))
            .variable(flag("VOICE_RETRY_ENABLED").shown().describedAs("Repeats calls that failed"))
            .variable(flag("METRICS_ENABLED").shown().describedAs("Serves /metrics"))
            .rule(notLess("OUTBOX_RETENTION_DAYS_DEAD", "OUTBOX_RETENTION_DAYS_PUBLISHED"))
            .rule(greater("USAGE_AGGREGATE_RETENTION_DAYS", "USAGE_RAW_EVENT_RETENTION_DAYS"))
            .warnWhen(
                    is("NODE_ENV", "production").and(is("STORAGE_PROVIDER", "local")),
                    "STORAGE_PROVIDER",
                    "STORAGE_PROVIDER=local keeps uploads on one machine; use s3 in production")
            .build();

    private CoreApiConfig() {}
}
