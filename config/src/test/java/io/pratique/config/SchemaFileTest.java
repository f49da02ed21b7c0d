package io.pratique.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("C-5")
class SchemaFileTest {

    @TempDir
    Path directory;

    private ConfigSchema read(String json) throws Exception {
        return ConfigSchema.read(Files.writeString(directory.resolve("schema.json"), json));
    }

    /** The schema of the other tests, as a file. */
    @Test
    void saysTheSameAsCode() throws Exception {
        ConfigSchema schema = read("""
                {"schema": "worker",
                 "variables": [
                  {"name": "NODE_ENV", "type": "one-of", "values": ["development", "staging", "production"],
                   "default": "development", "shown": true, "description": "Where it runs"},
                  {"name": "DATABASE_URL", "type": "url", "schemes": "postgresql", "required": true,
                   "description": "The database"},
                  {"name": "SECRETS_PROVIDER", "type": "one-of", "values": ["env", "db", "aws", "gcp"], "required": true},
                  {"name": "SECRETS_MASTER_KEY", "type": "text", "requiredWhen": {"SECRETS_PROVIDER": "db"}},
                  {"name": "STORAGE_PROVIDER", "type": "one-of", "values": ["s3", "local"], "default": "local", "shown": true},
                  {"name": "STORAGE_S3_BUCKET", "type": "text", "requiredWhen": {"STORAGE_PROVIDER": ["s3"]}, "shown": true,
                   "example": "artifacts"},
                  {"name": "REDIS_URL", "type": "url", "schemes": ["redis", "rediss"]},
                  {"name": "KAFKA_BROKERS", "type": "hosts"},
                  {"name": "PORT", "type": "port", "default": "5000", "shown": true},
                  {"name": "OUTBOX_RETENTION_DAYS_DEAD", "type": "integer", "min": 1, "max": 3650, "default": "30", "shown": true},
                  {"name": "OUTBOX_RETENTION_DAYS_PUBLISHED", "type": "integer", "min": 1, "max": 3650, "default": "7", "shown": true},
                  {"name": "POLL_INTERVAL", "type": "duration", "default": "30s", "shown": true},
                  {"name": "UPLOAD_LIMIT", "type": "size"},
                  {"name": "SUPPORT_EXOTEL", "type": "boolean"},
                  {"name": "JWT_PUBLIC_KEY", "type": "pem-key", "requiredUnless": {"SUPPORT_EXOTEL": "true"}},
                  {"name": "CLEANUP_ENABLED", "type": "flag", "shown": true}],
                 "rules": [{"notLess": ["OUTBOX_RETENTION_DAYS_DEAD", "OUTBOX_RETENTION_DAYS_PUBLISHED"]}],
                 "warnings": [{"when": {"NODE_ENV": "production", "STORAGE_PROVIDER": "local"}, "name": "STORAGE_PROVIDER",
                               "message": "STORAGE_PROVIDER=local keeps files on one machine; use s3 in production"}]}
                """);

        assertThat(schema.jsonSchema()).isEqualTo(Schemas.WORKER.jsonSchema());
        assertThat(schema.markdown()).isEqualTo(Schemas.WORKER.markdown());
        assertThat(schema.envExample()).isEqualTo(Schemas.WORKER.envExample());
        var values = Map.of("NODE_ENV", "production", "STORAGE_PROVIDER", "local");
        assertThat(schema.validate(ConfigValues.of("test", values)).toJson())
                .isEqualTo(Schemas.validate(values).toJson());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{                                                                           | no schema",
                "[]                                                                          | must be an object",
                "{\"schema\": \"x\", \"varables\": []}                                       | \"varables\"",
                "{\"variables\": []}                                                         | \"schema\"",
                "{\"schema\": \"x\"} {}                                                      | no schema",
                "{\"schema\": \"x\", \"schema\": \"y\"}                                      | names a field twice",
                "{\"schema\": \"x\", \"variables\": [{\"name\": \"A\"}]}                     | \"type\"",
                "{\"schema\": \"x\", \"variables\": [{\"name\": \"A\", \"type\": \"int\"}]}  | \"int\"",
                "{\"schema\": \"x\", \"variables\": [{\"name\": \"A\", \"type\": \"integer\", \"min\": \"1\", \"max\": 2}]} | \"min\"",
                "{\"schema\": \"x\", \"variables\": [{\"name\": \"A\", \"type\": \"text\", \"requiredWhen\": {}}]}          | condition",
                "{\"schema\": \"x\", \"variables\": [{\"name\": \"A\", \"type\": \"one-of\", \"values\": [1]}]}             | a text, but is \"1\"",
                "{\"schema\": \"x\", \"variables\": [], \"rules\": [{\"notLess\": [\"A\"]}]}        | two names",
                "{\"schema\": \"x\", \"variables\": [], \"rules\": [{\"notLess\": [\"A\", \"B\"]}]} | not declared",
                "{\"schema\": \"x\"}                                                         | \"variables\" must be an array, but is missing",
                "{\"schema\": \"x\", \"variables\": \"oops\"}                                | \"variables\" must be an array",
                "{\"schema\": \"x\", \"variables\": {\"name\": \"A\"}}                       | \"variables\" must be an array",
                "{\"schema\": \"x\", \"variables\": [], \"rules\": {}}                      | \"rules\" must be an array",
                "{\"schema\": \"x\", \"variables\": [], \"warnings\": \"none\"}               | \"warnings\" must be an array",
                "{\"schema\": \"x\", \"variables\": [\"A\"]}                                 | must be an object",
                "{\"schema\": \"x\", \"variables\": [{\"name\": \"A\", \"type\": \"text\", \"required\": \"yes\"}]} | \"required\" must be true or false",
                "{\"schema\": \"x\", \"variables\": [{\"name\": \"A\", \"type\": \"text\", \"shown\": 1}]}          | \"shown\" must be true or false",
                "{\"schema\": \"x\", \"variables\": [{\"name\": \"A\", \"type\": \"text\", \"values\": [\"a\"]}]}   | \"values\"",
                "{\"schema\": \"x\", \"variables\": [{\"name\": \"A\", \"type\": \"port\", \"min\": 1}]}            | \"min\""
            })
    void thatIsNoneIsRefused(String json, String fault) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(json))
                .withMessageContainingAll("schema.json", fault);
    }

    @Test
    void thatIsMissingIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConfigSchema.read(directory.resolve("none.json")))
                .withMessageContainingAll("none.json", "is missing");
    }

    /** Another file, given by mistake. */
    @Test
    void thatIsNoJsonIsRefusedWithoutItsContent() throws Exception {
        Path file = Files.writeString(directory.resolve("token"), "\n hunter2secret");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConfigSchema.read(file))
                .withMessageContaining("line 2 is not JSON")
                .satisfies(refused -> assertThat(refused.getMessage()).doesNotContain("hunter2"));
    }
}
