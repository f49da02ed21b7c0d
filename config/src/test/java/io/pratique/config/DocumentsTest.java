package io.pratique.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is made of a schema besides its verdict. */
@Tag("C-5")
class DocumentsTest {

    @TempDir
    Path directory;

    @Test
    void exampleFileHasEachVariableAndWhatItIs() {
        assertThat(Schemas.WORKER.envExample())
                .startsWith("""
                        # Configuration of worker

                        # Where it runs
                        # Must be one of: development, staging, production.
                        #NODE_ENV=development

                        # The database
                        # Must be a URL that begins with postgresql:// and names a host.
                        # It is required.
                        # Secret.
                        DATABASE_URL=
                        """)
                .contains("# It is required when STORAGE_PROVIDER=s3.\n#STORAGE_S3_BUCKET=artifacts\n");
    }

    /** The one problem that is left is what has to be filled in. */
    @Test
    void exampleFileIsRead() throws Exception {
        Path file = Files.writeString(directory.resolve(".env"), Schemas.WORKER.envExample());

        ConfigReport report = Schemas.WORKER.validate(ConfigValues.file(file));

        assertThat(report.warnings()).isEmpty();
        assertThat(report.problems())
                .extracting(ConfigProblem::message)
                .containsExactly(
                        "DATABASE_URL is required, but is empty",
                        "SECRETS_PROVIDER is required, but is empty",
                        "JWT_PUBLIC_KEY is required unless SUPPORT_EXOTEL=true");
    }

    @Test
    void exampleFileReadsBackOddValues() throws Exception {
        String odd = "a \"b\" $c \\ # 'd'";
        ConfigSchema schema = ConfigSchema.named("odd")
                .variable(ConfigVariable.text("ODD").shown().example(odd).required())
                .build();
        Path file = Files.writeString(directory.resolve(".env"), schema.envExample());

        assertThat(schema.validate(ConfigValues.file(file)).text("ODD")).isEqualTo(odd);
    }

    @Test
    void referenceIsATable() {
        assertThat(Schemas.WORKER.markdown().lines())
                .startsWith(
                        "# Configuration of worker",
                        "",
                        "| variable | must be | required | default | secret | what it is for | example |",
                        "|---|---|---|---|---|---|---|",
                        "| `NODE_ENV` | one of: development, staging, production | no | `development` | no | Where it runs |  |",
                        "| `DATABASE_URL` | a URL that begins with postgresql:// and names a host | yes |  | yes | The database |  |")
                .contains("| `SECRETS_MASTER_KEY` | a text | when `SECRETS_PROVIDER=db` |  | yes |  |  |")
                .endsWith(
                        "- OUTBOX_RETENTION_DAYS_DEAD should not be less than OUTBOX_RETENTION_DAYS_PUBLISHED",
                        "- a warning when `NODE_ENV=production and STORAGE_PROVIDER=local`: STORAGE_PROVIDER=local keeps files"
                                + " on one machine; use s3 in production");
    }

    @Test
    void referenceStaysATableWhateverIsSaid() {
        String table = ConfigSchema.named("a|b")
                .variable(ConfigVariable.oneOf("A", "x|y")
                        .describedAs("one\ntwo | <three>")
                        .shown()
                        .defaultsTo("x|y"))
                .build()
                .markdown();

        assertThat(table.lines()).hasSize(5);
        assertThat(table).contains("one two \\| &lt;three>", "`x\\|y`");
    }

    @Test
    void jsonSchemaIsOne() throws Exception {
        SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
        Schema meta = registry.getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));

        assertThat(meta.validate(new ObjectMapper().readTree(Schemas.WORKER.jsonSchema())))
                .isEmpty();
    }

    @Test
    void secretsAreInNoDocument() {
        String secret = "hunter2-canary";
        ConfigSchema schema = ConfigSchema.named("worker")
                .variable(ConfigVariable.text("A").defaultsTo(secret))
                .variable(ConfigVariable.text("B").example(secret))
                .build();

        assertThat(schema.envExample() + schema.markdown() + schema.jsonSchema() + schema)
                .doesNotContain(secret);
    }
}
