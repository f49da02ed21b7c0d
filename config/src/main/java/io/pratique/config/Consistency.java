package io.pratique.config;

import io.pratique.flags.spi.FlagText;
import io.pratique.text.Spelling;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether the lines of a schema contradict each other. */
final class Consistency {

    private final String schema;
    private final Map<String, ConfigVariable> variables;
    private final List<ConfigRule> rules;
    private final List<ConfigSchema.Warning> warnings;

    Consistency(
            String schema,
            Map<String, ConfigVariable> variables,
            List<ConfigRule> rules,
            List<ConfigSchema.Warning> warnings) {
        this.schema = schema;
        this.variables = variables;
        this.rules = rules;
        this.warnings = warnings;
    }

    void check() {
        requirePlain("the name", schema);
        warnings.forEach(warning -> requirePlain("the message of a warning", warning.message()));
        for (ConfigVariable variable : variables.values()) {
            String of = " of variable \"" + variable.name() + "\"";
            requirePlain("the description" + of, variable.description());
            requirePlain("a word" + of, variable.type().must());
            requirePlain("the default" + of, variable.defaultValue());
            requirePlain("the example" + of, variable.exampleValue());
            checkValue(variable, "default", variable.defaultValue());
            checkValue(variable, "example", variable.exampleValue());
            Condition condition = variable.requirement().condition();
            if (variable.defaultValue() != null && variable.requirement().kind() != Requirement.Kind.OPTIONAL) {
                throw contradiction(
                        "variable \"" + variable.name() + "\" has a default and yet has to be set",
                        "leave one of the two out");
            }
            if (condition != null) {
                checkCondition("the requirement of variable \"" + variable.name() + "\"", condition);
            }
        }
        variables.keySet().forEach(name -> refuseCircle(name, name, new HashSet<>()));
        warnings.forEach(warning -> {
            requireKnown("a warning", warning.name());
            checkCondition("a warning on variable \"" + warning.name() + "\"", warning.when());
        });
        checkRules();
    }

    /** Each is printed, and would be a command to a terminal. Line ends are taken care of where they matter. */
    private void requirePlain(String what, @Nullable String text) {
        if (text != null
                && text.chars().anyMatch(letter -> Character.isISOControl(letter) && "\r\n\t".indexOf(letter) < 0)) {
            throw new IllegalArgumentException("schema \"" + FlagText.printable(schema) + "\": " + what
                    + " must not hold control characters; leave them out");
        }
    }

    private IllegalArgumentException contradiction(String fault, String remedy) {
        return new IllegalArgumentException(
                "schema \"" + FlagText.printable(schema) + "\" contradicts itself: " + fault + "; " + remedy);
    }

    /** Files are looked for where the program runs. A secret's value is not shown, not even one of a schema. */
    private void checkValue(ConfigVariable variable, String what, @Nullable String value) {
        if (value == null || isFile(variable)) {
            return;
        }
        if (!value.equals(value.strip()) || variable.type().parse(value) == null) {
            throw contradiction(
                    "the " + what + " of variable \"" + variable.name() + "\" must be "
                            + variable.type().must()
                            + (variable.isShown() ? ", but is \"" + FlagText.printable(value) + "\"" : ""),
                    "correct it");
        }
    }

    private static boolean isFile(ConfigVariable variable) {
        return variable.type().kind().equals("file");
    }

    private void requireKnown(String subject, String name) {
        if (!variables.containsKey(name)) {
            String meant = Spelling.closest(name, variables.keySet());
            throw contradiction(
                    subject + " is about variable \"" + name + "\", which is not declared",
                    meant == null ? "declare it" : "is \"" + meant + "\" meant?");
        }
    }

    private void checkCondition(String subject, Condition condition) {
        for (Condition.Term term : condition.terms()) {
            requireKnown(subject, term.name());
            ConfigVariable variable = Objects.requireNonNull(variables.get(term.name()));
            ConfigType type = variable.type();
            if (!variable.isShown() && !type.isClosed()) {
                throw contradiction(
                        subject + " compares \"" + term.name()
                                + "\", which is a secret, with a value that messages and documents show",
                        "declare it shown() if it is none, or a one-of");
            }
            for (String value : term.values()) {
                requirePlain(subject, value);
                if (type.parse(value) == null) {
                    throw contradiction(
                            subject + " wants \"" + term.name() + "\" to be \"" + FlagText.printable(value)
                                    + "\", which must be " + type.must(),
                            "correct the condition");
                }
            }
        }
    }

    private void refuseCircle(String start, String name, Set<String> seen) {
        Condition condition =
                Objects.requireNonNull(variables.get(name)).requirement().condition();
        if (condition == null) {
            return;
        }
        for (String next : condition.names()) {
            if (next.equals(start)) {
                throw contradiction(
                        "whether variable \"" + start + "\" has to be set depends in a circle on itself",
                        "break the circle of conditions");
            }
            if (seen.add(next)) {
                refuseCircle(start, next, seen);
            }
        }
    }

    private void checkRules() {
        Map<String, Object> defaults = new HashMap<>();
        variables.forEach((name, variable) -> {
            String value = variable.defaultValue();
            Object meaning =
                    value == null || isFile(variable) ? null : variable.type().parse(value);
            if (meaning != null) {
                defaults.put(name, meaning);
            }
        });
        for (ConfigRule rule : rules) {
            rule.names().forEach(name -> requireKnown("rule " + rule, name));
            String mismatch = rule.mismatch(type(rule, 0), type(rule, 1));
            if (mismatch != null) {
                throw contradiction("rule " + rule + " compares what cannot be compared", mismatch);
            }
            for (ConfigProblem broken : rule.check(defaults)) {
                throw contradiction("the defaults break a rule, " + broken.message(), "correct one of the defaults");
            }
        }
    }

    private ConfigType type(ConfigRule rule, int index) {
        return Objects.requireNonNull(variables.get(rule.names().get(index))).type();
    }
}
