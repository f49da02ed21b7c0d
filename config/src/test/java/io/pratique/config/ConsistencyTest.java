package io.pratique.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A schema that contradicts itself is refused when it is built. */
@Tag("C-2")
class ConsistencyTest {

    private final ConfigSchema.Builder schema = ConfigSchema.named("worker");

    private void assertRefused(String... fragments) {
        assertThatIllegalArgumentException()
                .isThrownBy(schema::build)
                .withMessageStartingWith("schema \"worker\" contradicts itself: ")
                .withMessageContainingAll(fragments);
    }

    @Test
    void defaultOutsideItsOwnRange() {
        schema.variable(
                ConfigVariable.integer("ACK_INTERVAL", 1, 1000).defaultsTo("0").shown());

        assertRefused("default", "\"ACK_INTERVAL\"", "an integer from 1 to 1000", "\"0\"");
    }

    @Test
    void defaultThatIsASecretIsNotShown() {
        schema.variable(ConfigVariable.integer("PIN", 1, 1000).defaultsTo("471199"));

        assertThatIllegalArgumentException()
                .isThrownBy(schema::build)
                .satisfies(refused -> assertThat(refused.getMessage()).doesNotContain("471199"));
    }

    @Test
    void textsThatAreCommandsToATerminal() {
        schema.variable(ConfigVariable.port("PORT").describedAs("where\u001b]0;evil\u0007"));
        assertThatIllegalArgumentException()
                .isThrownBy(schema::build)
                .withMessageContainingAll("\"PORT\"", "control characters");

        ConfigSchema.Builder condition = ConfigSchema.named("worker")
                .variable(ConfigVariable.text("M").shown())
                .variable(ConfigVariable.text("N").requiredWhen(Condition.is("M", "\u001b[2J")));
        assertThatIllegalArgumentException().isThrownBy(condition::build).withMessageContaining("control characters");

        ConfigSchema.Builder words = ConfigSchema.named("worker").variable(ConfigVariable.oneOf("MODE", "\u001b[2J"));
        assertThatIllegalArgumentException().isThrownBy(words::build).withMessageContaining("\"MODE\"");
    }

    @Test
    void exampleThatIsNone() {
        schema.variable(ConfigVariable.port("PORT").example("http").shown());

        assertRefused("example", "\"PORT\"", "\"http\"");
    }

    @Test
    void defaultOfWhatHasToBeSet() {
        schema.variable(ConfigVariable.port("PORT").defaultsTo("80").required());

        assertRefused("\"PORT\"", "default");
    }

    @Test
    void conditionOnAnUnknownVariable() {
        schema.variable(ConfigVariable.oneOf("STORAGE_PROVIDER", "s3", "local"))
                .variable(ConfigVariable.text("BUCKET").requiredWhen(Condition.is("STORAGE_PROVIDR", "s3")));

        assertRefused("\"BUCKET\"", "\"STORAGE_PROVIDR\"", "is \"STORAGE_PROVIDER\" meant?");
    }

    @Test
    void conditionOnAValueThatCannotBe() {
        schema.variable(ConfigVariable.oneOf("STORAGE_PROVIDER", "s3", "local"))
                .variable(ConfigVariable.text("BUCKET").requiredWhen(Condition.is("STORAGE_PROVIDER", "S3")));

        assertRefused("\"BUCKET\"", "\"S3\"", "one of: s3, local");
    }

    /** What it is compared with would stand in errors and documents. */
    @Test
    @Tag("C-4")
    void conditionOnASecret() {
        schema.variable(ConfigVariable.text("TOKEN"))
                .variable(ConfigVariable.text("PEER").requiredWhen(Condition.is("TOKEN", "hunter2")));

        assertRefused("\"PEER\"", "\"TOKEN\"", "secret");
        assertThatIllegalArgumentException()
                .isThrownBy(schema::build)
                .satisfies(refused -> assertThat(refused.getMessage()).doesNotContain("hunter2"));
    }

    @Test
    @Tag("C-4")
    void warningOnASecret() {
        schema.variable(ConfigVariable.integer("PIN", 1, 9999)).warnWhen(Condition.is("PIN", "4711"), "PIN", "beware");

        assertRefused("\"PIN\"", "secret");
    }

    @Test
    void requirementGivenTwice() {
        ConfigVariable variable = ConfigVariable.text("A").required();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> variable.requiredWhen(Condition.is("B", "x")))
                .withMessageContaining("\"A\"");
        assertThatIllegalArgumentException().isThrownBy(variable::required);
    }

    @Test
    void requirementOnNoCondition() {
        ConfigVariable variable = ConfigVariable.text("A");

        assertThatNullPointerException().isThrownBy(() -> variable.requiredWhen(null));
        assertThatNullPointerException().isThrownBy(() -> variable.requiredUnless(null));
    }

    @Test
    void conditionThatCanNeverHold() {
        Condition one = Condition.is("A", "x");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> one.and(Condition.is("A", "y")))
                .withMessageContainingAll("\"A\"", "isAnyOf");
    }

    @Test
    void circleOfConditions() {
        schema.variable(ConfigVariable.text("A")
                        .requiredWhen(Condition.is("B", "x"))
                        .shown())
                .variable(ConfigVariable.text("B")
                        .requiredUnless(Condition.is("C", "x"))
                        .shown())
                .variable(ConfigVariable.text("C")
                        .requiredWhen(Condition.is("A", "x"))
                        .shown());

        assertRefused("\"A\"", "circle");
    }

    @Test
    void circleThatAnotherVariableLeadsInto() {
        schema.variable(ConfigVariable.text("A")
                        .requiredWhen(Condition.is("B", "x"))
                        .shown())
                .variable(ConfigVariable.text("B")
                        .requiredWhen(Condition.is("B", "y"))
                        .shown());

        assertRefused("\"B\"", "circle");
    }

    @Test
    void warningAboutAnUnknownVariable() {
        schema.variable(ConfigVariable.text("A").shown()).warnWhen(Condition.is("A", "x"), "BB", "beware");

        assertRefused("\"BB\"");
    }

    @Test
    void ruleBetweenWhatCannotBeCompared() {
        schema.variable(ConfigVariable.duration("A"))
                .variable(ConfigVariable.size("B"))
                .rule(ConfigRule.notLess("A", "B"));

        assertRefused("notLess[A, B]");
    }

    @Test
    void ruleBetweenTexts() {
        schema.variable(ConfigVariable.text("A"))
                .variable(ConfigVariable.text("B"))
                .rule(ConfigRule.greater("A", "B"));

        assertRefused("greater[A, B]");
    }

    @Test
    void ruleOfAnUnknownVariable() {
        schema.variable(ConfigVariable.size("A")).rule(ConfigRule.notLess("A", "B"));

        assertRefused("\"B\"");
    }

    @Test
    void defaultsThatBreakARule() {
        schema.variable(ConfigVariable.integer("DEAD", 1, 99).defaultsTo("7"))
                .variable(ConfigVariable.integer("PUBLISHED", 1, 99).defaultsTo("30"))
                .rule(ConfigRule.notLess("DEAD", "PUBLISHED"));

        assertRefused("DEAD should not be less than PUBLISHED");
    }

    @Test
    void variableDeclaredTwice() {
        schema.variable(ConfigVariable.text("A"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> schema.variable(ConfigVariable.port("A")))
                .withMessageContaining("\"A\"");
    }

    @Test
    void schemaWithoutAName() {
        assertThatIllegalArgumentException().isThrownBy(() -> ConfigSchema.named(" "));
    }
}
