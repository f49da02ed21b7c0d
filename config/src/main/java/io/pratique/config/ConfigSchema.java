package io.pratique.config;

import io.pratique.flags.spi.FlagText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What a program's configuration has to be: a table of variables, and what has to hold between them. Immutable.
 *
 * <pre>{@code
 * static final ConfigSchema SCHEMA = ConfigSchema.named("core-api")
 *         .variable(ConfigVariable.url("DATABASE_URL", "postgresql").required().describedAs("Where the data is"))
 *         .variable(ConfigVariable.oneOf("STORAGE_PROVIDER", "s3", "local").defaultsTo("local").shown())
 *         .variable(ConfigVariable.text("STORAGE_S3_BUCKET").requiredWhen(Condition.is("STORAGE_PROVIDER", "s3")))
 *         .build();
 *
 * public static void main(String[] args) {
 *     ConfigReport config = SCHEMA.validateOrExit();
 * }
 * }</pre>
 *
 * <p>All methods may be called on any thread.
 */
public final class ConfigSchema {

    private final String name;
    private final Map<String, ConfigVariable> variables;
    private final List<ConfigVariable> order;
    private final List<ConfigRule> rules;
    private final List<Warning> warnings;

    /** What is said while a condition holds. */
    record Warning(Condition when, String name, String message) {}

    private ConfigSchema(Builder builder) {
        this.name = builder.name;
        this.variables = Map.copyOf(builder.variables);
        this.order = List.copyOf(builder.variables.values());
        this.rules = List.copyOf(builder.rules);
        this.warnings = List.copyOf(builder.warnings);
    }

    /**
     * Starts a schema.
     *
     * @param name of the program, for documents and reports
     * @return a builder without variables
     * @throws IllegalArgumentException if the name is null or blank
     */
    public static Builder named(String name) {
        return new Builder(name);
    }

    /**
     * Reads a schema from a file of JSON; the guide tells its form.
     *
     * @param file UTF-8, 1 MiB at most
     * @return the schema
     * @throws IllegalArgumentException if the file cannot be read, is no JSON, or holds what a schema built in code would
     *     refuse
     */
    public static ConfigSchema read(Path file) {
        return SchemaFile.read(file);
    }

    /**
     * Compares values with this schema.
     *
     * @param values the values
     * @return all that is wrong, and what the values mean
     */
    public ConfigReport validate(ConfigValues values) {
        return new Validation(this, values).run();
    }

    /**
     * Compares the system properties, and below them the environment, with this schema; if anything is wrong, prints it on
     * the standard error output and ends the process with code 1. For the first line of {@code main}, before anything else
     * starts.
     *
     * @return what the values mean; warnings have been printed
     */
    public ConfigReport validateOrExit() {
        return validateOrExit(ConfigValues.systemProperties().over(ConfigValues.environment()));
    }

    /**
     * As {@link #validateOrExit()}, of other values.
     *
     * @param values the values
     * @return what they mean
     */
    public ConfigReport validateOrExit(ConfigValues values) {
        ConfigReport report = validate(values);
        if (!report.isValid() || !report.warnings().isEmpty()) {
            System.err.println(report.toText());
        }
        if (!report.isValid()) {
            System.exit(1);
        }
        return report;
    }

    /**
     * A {@code .env} file to start from: each variable with what it is for; what has to be set is left to be filled in.
     *
     * @return the text of the file; no secret is in it
     */
    public String envExample() {
        return new EnvExample(this).text();
    }

    /**
     * A reference for people, in Markdown.
     *
     * @return a heading and a table
     */
    public String markdown() {
        return new MarkdownReference(this).text();
    }

    /**
     * A JSON Schema (2020-12) of an object of texts by variable name. It says all that JSON Schema can: cross-field rules
     * and files are left to {@link #validate}.
     *
     * @return the schema as JSON text
     */
    public String jsonSchema() {
        return new JsonSchemaText(this).text();
    }

    /**
     * The program's name.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * The variables in the order in which they were declared.
     *
     * @return all variables
     */
    public List<ConfigVariable> variables() {
        return order;
    }

    List<ConfigRule> rules() {
        return rules;
    }

    List<Warning> warnings() {
        return warnings;
    }

    ConfigVariable variable(String name) {
        return Objects.requireNonNull(variables.get(name), name);
    }

    /** What the values of a condition mean to their variable. */
    List<Object> meanings(Condition.Term term) {
        ConfigType type = variable(term.name()).type();
        return term.values().stream()
                .map(value -> Objects.requireNonNull(type.parse(value)))
                .toList();
    }

    /** Collects the lines of a schema. Each is checked as it is added, and all of them together in {@link #build}. */
    public static final class Builder {

        private final String name;
        private final Map<String, ConfigVariable> variables = new LinkedHashMap<>();
        private final List<ConfigRule> rules = new ArrayList<>();
        private final List<Warning> warnings = new ArrayList<>();

        private Builder(String name) {
            if (name == null || name.isBlank()) {
                throw new IllegalArgumentException("name of a schema must not be blank, but is "
                        + (name == null ? "null" : "\"" + FlagText.printable(name) + "\"")
                        + "; give the program's name");
            }
            this.name = name;
        }

        /**
         * Adds a variable.
         *
         * @param variable the line of the table
         * @return this builder
         * @throws IllegalArgumentException if there is one of that name
         */
        public Builder variable(ConfigVariable variable) {
            if (variables.putIfAbsent(variable.name(), variable) != null) {
                throw new IllegalArgumentException(
                        "variable \"" + variable.name() + "\" is declared twice; declare it once");
            }
            return this;
        }

        /**
         * Adds what has to hold between variables.
         *
         * @param rule the rule
         * @return this builder
         */
        public Builder rule(ConfigRule rule) {
            rules.add(Objects.requireNonNull(rule, "rule"));
            return this;
        }

        /**
         * Has something said that stops nothing.
         *
         * @param when while this holds
         * @param variable the variable it is about
         * @param message what is wrong with it, for people
         * @return this builder
         */
        public Builder warnWhen(Condition when, String variable, String message) {
            warnings.add(new Warning(
                    Objects.requireNonNull(when, "when"),
                    VariableName.require(variable),
                    Objects.requireNonNull(message, "message")));
            return this;
        }

        /**
         * Builds the schema.
         *
         * @return the schema
         * @throws IllegalArgumentException if it contradicts itself: a default or an example that is none of its type, a
         *     default of what has to be set, a condition on a secret, or on an unknown variable or value, a circle of
         *     conditions, a rule between what cannot be compared, defaults that break a rule; or if a text holds control
         *     characters
         */
        public ConfigSchema build() {
            new Consistency(name, variables, rules, warnings).check();
            return new ConfigSchema(this);
        }
    }

    /** Its name and the names of its variables. */
    @Override
    public String toString() {
        return "ConfigSchema[" + name + ": "
                + order.stream().map(ConfigVariable::name).collect(Collectors.joining(", ")) + "]";
    }
}
