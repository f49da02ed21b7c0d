package io.pratique.config;

import static io.pratique.config.Schemas.validate;
import static io.pratique.config.Schemas.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValidationTest {

    private static List<String> lines(List<ConfigProblem> problems) {
        return problems.stream().map(ConfigProblem::toString).toList();
    }

    private static List<String> problems(String... pairs) {
        return lines(with(pairs).problems());
    }

    private static List<String> warnings(String... pairs) {
        return lines(with(pairs).warnings());
    }

    @Nested
    @Tag("C-3")
    class AllThatIsWrong {

        @Test
        void isToldAtOnceInTheOrderOfTheSchema() {
            assertThat(validate(Map.of("STORAGE_PROVIDER", "s3", "PORT", "99999", "SECRETS_PROVIDER", "nowhere"))
                            .toText()
                            .lines())
                    .containsExactly(
                            "Configuration validation failed:",
                            "   - DATABASE_URL: DATABASE_URL is required",
                            "   - SECRETS_PROVIDER: SECRETS_PROVIDER must be one of: env, db, aws, gcp",
                            "   - STORAGE_S3_BUCKET: STORAGE_S3_BUCKET is required when STORAGE_PROVIDER=s3",
                            "   - PORT: PORT must be a port from 1 to 65535, but is \"99999\"",
                            "   - JWT_PUBLIC_KEY: JWT_PUBLIC_KEY is required unless SUPPORT_EXOTEL=true",
                            "",
                            "Fix the configuration issues above and restart the application.");
        }

        @Test
        void isNothingOfValidValues() {
            ConfigReport report = with();

            assertThat(report.isValid()).isTrue();
            assertThat(report.warnings()).isEmpty();
            assertThat(report.toText()).isEqualTo("Configuration of worker is valid: 3 of 16 variables are set.");
            assertThat(report.orThrow()).isSameAs(report);
        }

        @Test
        void isWhatAFrameworkIsThrown() {
            ConfigReport report = validate(Map.of());

            assertThatThrownBy(report::orThrow)
                    .isInstanceOfSatisfying(
                            ConfigException.class,
                            thrown -> assertThat(thrown.report()).isSameAs(report))
                    .hasMessage(report.toText());
        }

        @Test
        void staysBehindWhereItsExceptionTravels() throws Exception {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            new ObjectOutputStream(bytes).writeObject(new ConfigException(validate(Map.of())));
            Object arrived = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();

            assertThat(arrived)
                    .isInstanceOfSatisfying(
                            ConfigException.class,
                            thrown -> assertThatIllegalStateException()
                                    .isThrownBy(thrown::report)
                                    .withMessageContaining("message"))
                    .hasFieldOrPropertyWithValue("message", validate(Map.of()).toText());
        }

        @Test
        void isTheSameForPrograms() throws Exception {
            JsonNode report = new ObjectMapper()
                    .readTree(with("PORT", "0", "CLEANUP_ENABLED", "offf").toJson());

            assertThat(report.path("valid").booleanValue()).isFalse();
            assertThat(report.at("/problems/0/names/0").textValue()).isEqualTo("PORT");
            assertThat(report.at("/warnings/0/names/0").textValue()).isEqualTo("CLEANUP_ENABLED");
            assertThat(report.path("variables")).hasSize(16);
            assertThat(report.at("/variables/8").toString())
                    .isEqualTo("{\"name\":\"PORT\",\"state\":\"invalid\",\"source\":\"test\",\"value\":\"0\"}");
            assertThat(report.at("/variables/1").toString())
                    .isEqualTo("{\"name\":\"DATABASE_URL\",\"state\":\"valid\",\"source\":\"test\"}");
        }
    }

    @Nested
    @Tag("C-3")
    class WhatFollowsFromAnotherProblem {

        @Test
        void isNotToldWhileTheProviderIsUnknown() {
            assertThat(problems("SECRETS_PROVIDER", "dbb")).hasSize(1);
            assertThat(problems("SECRETS_PROVIDER", "")).hasSize(1);
            assertThat(problems("SECRETS_PROVIDER", "changeme")).hasSize(1);
        }

        @Test
        void isNotToldWhileOneSideOfARuleIsInvalid() {
            assertThat(problems("OUTBOX_RETENTION_DAYS_DEAD", "one", "OUTBOX_RETENTION_DAYS_PUBLISHED", "90"))
                    .hasSize(1);
        }

        @Test
        void isNotToldUnlessAConditionIsKnownNotToHold() {
            assertThat(problems("SUPPORT_EXOTEL", "maybe"))
                    .containsExactly("SUPPORT_EXOTEL: SUPPORT_EXOTEL must be true or false");
        }
    }

    @Nested
    @Tag("C-2")
    class Conditions {

        @Test
        void askForWhatIsNeededThen() {
            assertThat(problems("SECRETS_PROVIDER", "db"))
                    .containsExactly("SECRETS_MASTER_KEY: SECRETS_MASTER_KEY is required when SECRETS_PROVIDER=db");
            assertThat(problems("SECRETS_PROVIDER", "db", "SECRETS_MASTER_KEY", "k"))
                    .isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"true", "TRUE", "1", "yes", " on "})
        void compareWhatAValueMeans(String yes) {
            assertThat(problems("SUPPORT_EXOTEL", yes)).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"false", "0", "", " "})
        void knowTheDefaultAndTheOpposite(String no) {
            assertThat(problems("SUPPORT_EXOTEL", no))
                    .containsExactly("JWT_PUBLIC_KEY: JWT_PUBLIC_KEY is required unless SUPPORT_EXOTEL=true");
        }

        @Test
        void betweenFieldsStandAlone() {
            assertThat(problems("OUTBOX_RETENTION_DAYS_DEAD", "3", "OUTBOX_RETENTION_DAYS_PUBLISHED", "4"))
                    .containsExactly(
                            "OUTBOX_RETENTION_DAYS_DEAD should not be less than OUTBOX_RETENTION_DAYS_PUBLISHED");
            assertThat(problems("OUTBOX_RETENTION_DAYS_DEAD", "4", "OUTBOX_RETENTION_DAYS_PUBLISHED", "4"))
                    .isEmpty();
            assertThat(problems("OUTBOX_RETENTION_DAYS_PUBLISHED", "31"))
                    .as("against the default")
                    .hasSize(1);
        }

        @Test
        void canAskForMore() {
            ConfigSchema schema = ConfigSchema.named("usage")
                    .variable(ConfigVariable.integer("USAGE_AGGREGATE_RETENTION_DAYS", 1, 999))
                    .variable(ConfigVariable.integer("USAGE_RAW_EVENT_RETENTION_DAYS", 1, 999))
                    .rule(ConfigRule.greater("USAGE_AGGREGATE_RETENTION_DAYS", "USAGE_RAW_EVENT_RETENTION_DAYS"))
                    .build();

            assertThat(lines(schema.validate(ConfigValues.of(
                                    "test",
                                    Map.of(
                                            "USAGE_AGGREGATE_RETENTION_DAYS",
                                            "9",
                                            "USAGE_RAW_EVENT_RETENTION_DAYS",
                                            "9")))
                            .problems()))
                    .containsExactly(
                            "USAGE_AGGREGATE_RETENTION_DAYS should be greater than USAGE_RAW_EVENT_RETENTION_DAYS");
        }

        @Test
        void warnInAnEnvironment() {
            assertThat(warnings("NODE_ENV", "production"))
                    .containsExactly(
                            "STORAGE_PROVIDER: STORAGE_PROVIDER=local keeps files on one machine; use s3 in production");
            assertThat(warnings("NODE_ENV", "staging")).isEmpty();
        }
    }

    @Nested
    @Tag("C-4")
    class WhatIsNotThere {

        @Test
        void isToldApart() {
            assertThat(problems("DATABASE_URL", ""))
                    .containsExactly("DATABASE_URL: DATABASE_URL is required, but is empty");
            assertThat(problems("DATABASE_URL", " \t"))
                    .containsExactly("DATABASE_URL: DATABASE_URL is required, but is blank");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "changeme",
                    "CHANGE_ME",
                    "change-this",
                    "<your-key>",
                    "${DATABASE_URL}",
                    "your-database-here",
                    "xxxx",
                    "TODO"
                })
        void placeholderIsNoValue(String text) {
            assertThat(problems("DATABASE_URL", text))
                    .containsExactly("DATABASE_URL: DATABASE_URL still holds a placeholder");
        }

        @Test
        void wordThatLooksLikeAPlaceholderIsOneOfSeveralAllTheSame() {
            ConfigSchema schema = ConfigSchema.named("list")
                    .variable(ConfigVariable.oneOf("COLUMN", "todo", "done"))
                    .build();

            assertThat(schema.validate(ConfigValues.of("test", Map.of("COLUMN", "todo")))
                            .isValid())
                    .isTrue();
        }

        @Test
        void optionalVariableMayBeEmpty() {
            assertThat(with("REDIS_URL", "", "PORT", " ").isValid()).isTrue();
            assertThat(with("PORT", "").integer("PORT")).isEqualTo(5000);
        }
    }

    @Nested
    @Tag("C-4")
    class MisspeltNames {

        @Test
        void areSuggestedWhereTheRightOneIsMissed() {
            Map<String, String> values = Schemas.valid();
            values.put("DATABSE_URL", values.remove("DATABASE_URL"));

            assertThat(lines(validate(values).problems()))
                    .containsExactly("DATABASE_URL: DATABASE_URL is required; \"DATABSE_URL\" is set, is it meant?");
        }

        @Test
        void ofOptionalVariablesAreAWarning() {
            assertThat(warnings("REDIS_URI", "redis://localhost"))
                    .containsExactly("REDIS_URL: REDIS_URL is not set; \"REDIS_URI\" is set, is it meant?");
        }

        @Test
        void ofVariablesWithADefaultAreAWarning() {
            assertThat(warnings("STORAGE_PROVIDR", "s3"))
                    .containsExactly("STORAGE_PROVIDER: STORAGE_PROVIDER has its default; \"STORAGE_PROVIDR\" is set,"
                            + " is it meant?");
            assertThat(warnings("STORAGE_PROVIDR", "s3", "STORAGE_PROVIDER", "local"))
                    .isEmpty();
        }

        @Test
        void areNoPropertiesOfTheJvm() {
            ConfigSchema schema = ConfigSchema.named("home")
                    .variable(ConfigVariable.text("JAVA_HOME"))
                    .build();

            assertThat(schema.validate(ConfigValues.systemProperties()).warnings())
                    .isEmpty();
            assertThat(schema.validate(ConfigValues.of("test", Map.of("java.home", "/")))
                            .warnings())
                    .hasSize(1);
        }

        @Test
        void areNotGuessedAmongSeveral() {
            assertThat(warnings("REDIS_URI", "redis://localhost", "REDIS_URK", "redis://localhost"))
                    .isEmpty();
        }

        @Test
        void areNoneOfTheSchemasOwn() {
            assertThat(warnings("OUTBOX_RETENTION_DAYS_DEAD", "40")).isEmpty();
        }

        @Test
        void ofAnotherWorldAreLeftAlone() {
            assertThat(warnings("PATH", "/bin", "HOME", "/root", "POST", "x", "KAFKA_HOME", "/opt/kafka"))
                    .isEmpty();
        }
    }

    @Nested
    @Tag("C-3")
    class FeatureFlags {

        @Test
        void thatCannotBeReadAreAWarning() {
            ConfigReport report = with("CLEANUP_ENABLED", "offf");

            assertThat(report.isValid()).isTrue();
            assertThat(lines(report.warnings()))
                    .containsExactly("CLEANUP_ENABLED: CLEANUP_ENABLED must be true/false, on/off, yes/no, 1/0 or"
                            + " enabled/disabled, but is \"offf\"; the flag fails open");
            assertThat(report.has("CLEANUP_ENABLED")).isFalse();
        }

        private List<String> problemsOf(ConfigVariable flag, String text) {
            return lines(ConfigSchema.named("flags")
                    .variable(flag)
                    .variable(ConfigVariable.text("MODEL").requiredWhen(Condition.is("VOICE_ENABLED", "true")))
                    .variable(ConfigVariable.text("REASON").requiredWhen(Condition.is("VOICE_ENABLED", "off")))
                    .build()
                    .validate(ConfigValues.of("test", Map.of("VOICE_ENABLED", text)))
                    .problems());
        }

        @ParameterizedTest
        @ValueSource(strings = {"", " ", "offf", "changeme", "on"})
        void areOnToConditionsUnlessTheySayOff(String text) {
            assertThat(problemsOf(ConfigVariable.flag("VOICE_ENABLED"), text))
                    .containsExactly("MODEL: MODEL is required when VOICE_ENABLED=true");
            assertThat(problemsOf(ConfigVariable.flag("VOICE_ENABLED"), "0"))
                    .containsExactly("REASON: REASON is required when VOICE_ENABLED=off");
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "offf"})
        void areToConditionsWhatTheirDefaultSays(String text) {
            assertThat(problemsOf(ConfigVariable.flag("VOICE_ENABLED").defaultsTo("off"), text))
                    .containsExactly("REASON: REASON is required when VOICE_ENABLED=off");
        }
    }

    @Nested
    @Tag("C-1")
    class Values {

        @Test
        void areGivenByTheirTypes() {
            ConfigReport report = with(
                    "PORT",
                    " 8080 ",
                    "POLL_INTERVAL",
                    "5m",
                    "UPLOAD_LIMIT",
                    "10MB",
                    "KAFKA_BROKERS",
                    "a:1 , b:2",
                    "CLEANUP_ENABLED",
                    "off");

            assertThat(report.integer("PORT")).isEqualTo(8080);
            assertThat(report.duration("POLL_INTERVAL")).isEqualTo(Duration.ofMinutes(5));
            assertThat(report.size("UPLOAD_LIMIT")).isEqualTo(10_000_000);
            assertThat(report.hosts("KAFKA_BROKERS")).containsExactly("a:1", "b:2");
            assertThat(report.bool("CLEANUP_ENABLED")).isFalse();
            assertThat(report.text("PORT")).isEqualTo("8080");
            assertThat(report.source("PORT")).contains("test");
            assertThat(report.source("NODE_ENV")).isEmpty();
            assertThat(report.text("NODE_ENV")).isEqualTo("development");
        }

        @Test
        void thatAreEmptyAreFoundAndYetNotSet() {
            ConfigReport report = with("REDIS_URL", "");

            assertThat(report.source("REDIS_URL")).contains("test");
            assertThat(report.toText()).endsWith(" 3 of 16 variables are set.");
        }

        @Test
        void areAskedForByTheRightNameAndType() {
            ConfigReport report = with();

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> report.text("PROT"))
                    .withMessageContaining("PROT");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> report.duration("PORT"))
                    .withMessageContainingAll("PORT", "port", "duration");
            assertThatIllegalArgumentException()
                    .as("though both are numbers")
                    .isThrownBy(() -> report.size("PORT"))
                    .withMessageContainingAll("\"port\"", "\"size\"");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> report.integer("UPLOAD_LIMIT"))
                    .as("though it is not set")
                    .withMessageContainingAll("\"size\"", "\"integer\" or \"port\"");
            assertThatThrownBy(() -> report.text("REDIS_URL"))
                    .isInstanceOf(NoSuchElementException.class)
                    .hasMessageContaining("REDIS_URL");
        }
    }

    /** Each asks for two that each ask for two: what is known of one is not found out again. */
    @Test
    @Timeout(60)
    void conditionsOnConditionsAreNotWalkedEachTime() {
        ConfigSchema.Builder deep = ConfigSchema.named("deep").variable(ConfigVariable.bool("V0"));
        deep.variable(ConfigVariable.bool("V1"));
        for (int i = 2; i < 60; i++) {
            deep.variable(ConfigVariable.bool("V" + i)
                    .requiredUnless(Condition.is("V" + (i - 1), "true").and(Condition.is("V" + (i - 2), "true"))));
        }
        assertThat(deep.build().validate(ConfigValues.of("test", Map.of())).isValid())
                .isFalse();
    }
}
