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
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

class RandomEnvironmentsProperties {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<ConfigSchema, Schema> JSON_SCHEMAS =
            Map.of(Schemas.WORKER, jsonSchema(Schemas.WORKER), Schemas.REST, jsonSchema(Schemas.REST));

    private static Schema jsonSchema(ConfigSchema schema) {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schema.jsonSchema());
    }

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
            "offf",
            "changeme",
            " <your-key> ",
            "${VALUE}",
            "XXXX",
            "todo",
            "your-name here",
            "redis://@",
            "redis://:6379",
            "redis://u:p@a:1,[::1]",
            "redis://a:99999999",
            "999999999999999TiB",
            "kafka",
            "redis",
            "-1",
            "pom.xml",
            "-----BEGIN PUBLIC KEY-----\\nMAUCAQAC\\n-----END PUBLIC KEY-----",
            "-----BEGIN PRIVATE KEY-----\\nMAUCAQAC\\n-----END PRIVATE KEY-----");

    /** Values that are mostly right, and some that are anything. */
    private static Arbitrary<Map<String, String>> values(ConfigSchema schema, Map<String, String> valid) {
        List<String> names =
                schema.variables().stream().map(ConfigVariable::name).collect(Collectors.toList());
        return Arbitraries.maps(Arbitraries.of(names), Arbitraries.of(TEXTS))
                .ofMaxSize(names.size())
                .map(random -> {
                    Map<String, String> values = new HashMap<>(valid);
                    values.putAll(random);
                    return values;
                });
    }

    @Provide
    Arbitrary<Map<String, String>> environments() {
        return values(Schemas.WORKER, Schemas.valid());
    }

    /** Values that the rest takes whatever its flags say. */
    @Provide
    Arbitrary<Map<String, String>> otherEnvironments() {
        return values(
                Schemas.REST,
                Map.of(
                        "NAME",
                        "n",
                        "MOST",
                        "5",
                        "BROKERS",
                        "a:1",
                        "VOICE",
                        "v",
                        "PAUSE",
                        "1s",
                        "SPACE",
                        "1",
                        "NOT_CLEAN",
                        "on"));
    }

    /** What JSON Schema cannot say: which of two numbers is greater, and what a file holds. */
    private static boolean isBeyondJsonSchema(ConfigProblem problem) {
        return problem.names().size() > 1 || problem.message().contains(" must be the path of ");
    }

    @Property(tries = 500)
    @Tag("C-5")
    void jsonSchemaGivesTheSameVerdict(@ForAll("environments") Map<String, String> values) {
        assertSameVerdict(Schemas.WORKER, values);
    }

    @Property(tries = 1000)
    @Tag("C-5")
    void jsonSchemaGivesTheSameVerdictOnTheRest(@ForAll("otherEnvironments") Map<String, String> values) {
        assertSameVerdict(Schemas.REST, values);
    }

    private static void assertSameVerdict(ConfigSchema schema, Map<String, String> values) {
        ConfigReport report = schema.validate(ConfigValues.of("test", values));
        boolean valid = report.problems().stream().allMatch(RandomEnvironmentsProperties::isBeyondJsonSchema);

        assertThat(Objects.requireNonNull(JSON_SCHEMAS.get(schema))
                        .validate(JSON.valueToTree(values))
                        .isEmpty())
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

    /** Names of the schema, some a letter off, and any texts. */
    @Provide
    Arbitrary<Map<String, String>> anyTexts() {
        List<String> names = Schemas.WORKER.variables().stream()
                .map(ConfigVariable::name)
                .flatMap(name -> Stream.of(name, name + "S"))
                .toList();
        return Arbitraries.maps(Arbitraries.of(names), Arbitraries.strings());
    }

    @Property(tries = 300)
    @Tag("C-3")
    void everyEnvironmentComesToAReport(@ForAll("anyTexts") Map<String, String> values) {
        ConfigReport report = Schemas.validate(values);

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
