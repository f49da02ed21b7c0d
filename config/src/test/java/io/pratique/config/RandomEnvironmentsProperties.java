package io.pratique.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

class RandomEnvironmentsProperties {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Schema JSON_SCHEMA = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(Schemas.WORKER.jsonSchema());

    /** Values that some variable takes, and that some refuse. */
    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "production",
            "development",
            "prod",
            "postgresql://db/x",
            "mysql://db/x",
            "redis://r:6379",
            "rediss://r",
            "env",
            "db",
            "aws",
            "s3",
            "local",
            " s3 ",
            "1",
            "0",
            "7",
            "30",
            "3650",
            "3651",
            "5000",
            "65536",
            "true",
            "FALSE",
            "yes",
            "maybe",
            "30s",
            "PT30S",
            "30",
            "10MB",
            "1.5MB",
            "a:1",
            "a:1, b:65535",
            "a:0",
            "off",
            "offf");

    @Provide
    Arbitrary<Map<String, String>> environments() {
        List<String> names =
                Schemas.WORKER.variables().stream().map(ConfigVariable::name).collect(Collectors.toList());
        return Arbitraries.maps(Arbitraries.of(names), Arbitraries.of(TEXTS))
                .ofMaxSize(names.size())
                .map(random -> {
                    Map<String, String> values = new HashMap<>(Schemas.valid());
                    values.putAll(random);
                    return values;
                });
    }

    /** What JSON Schema cannot say: which of two numbers is greater. */
    private static boolean isBeyondJsonSchema(ConfigProblem problem) {
        return problem.names().size() > 1;
    }

    @Property(tries = 500)
    @Tag("C-5")
    void jsonSchemaGivesTheSameVerdict(@ForAll("environments") Map<String, String> values)
            throws JsonProcessingException {
        ConfigReport report = Schemas.validate(values);
        boolean valid = report.problems().stream().allMatch(RandomEnvironmentsProperties::isBeyondJsonSchema);

        assertThat(JSON_SCHEMA.validate(JSON.valueToTree(values)).isEmpty())
                .as("%s%n%s", values, report.toText())
                .isEqualTo(valid);
    }

    /** A secret that no other text contains, with what might be shown of it. */
    private static final String SECRET = "Q7z9-canary-K3v8";

    @Property(tries = 300)
    @Tag("C-4")
    void noSecretIsInAnyOutput(@ForAll String before, @ForAll String after) throws JsonProcessingException {
        Map<String, String> values = new HashMap<>();
        Schemas.WORKER.variables().stream()
                .filter(variable -> !variable.isShown())
                .forEach(variable -> values.put(variable.name(), before + SECRET + after));
        values.put("DATABASE_URLL", SECRET);
        ConfigReport report = Schemas.validate(values);

        String said = report.toText()
                + report.toJson()
                + report
                + report.problems()
                + report.warnings()
                + new ConfigException(report).getMessage();
        assertThat(said)
                .doesNotContain(SECRET)
                .doesNotContain(SECRET.substring(0, 8))
                .doesNotContain("canary");
        assertThat(JSON.readTree(report.toJson()).path("valid").booleanValue()).isFalse();
    }

    @Property(tries = 300)
    @Tag("C-3")
    void everyEnvironmentComesToAReport(@ForAll Map<String, String> values) {
        ConfigReport report = Schemas.validate(values);

        assertThat(report.problems()).isNotEmpty();
        assertThat(report.toText()
                        .lines()
                        .filter(line -> line.startsWith("   - "))
                        .count())
                .isEqualTo(report.problems().size() + report.warnings().size());
    }

    @Property(tries = 300)
    @Tag("C-3")
    void everyTextComesToAReport(@ForAll String text) {
        Map<String, String> values = new HashMap<>();
        Schemas.WORKER.variables().forEach(variable -> values.put(variable.name(), text));

        ConfigReport report = Schemas.validate(values);
        assertThat(report.toText()
                        .lines()
                        .filter(line -> line.startsWith("   - "))
                        .count())
                .isEqualTo(report.problems().size() + report.warnings().size());
    }
}
