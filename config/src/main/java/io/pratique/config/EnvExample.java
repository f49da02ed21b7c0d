package io.pratique.config;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A {@code .env} file to start from. */
final class EnvExample {

    private final ConfigSchema schema;

    EnvExample(ConfigSchema schema) {
        this.schema = schema;
    }

    String text() {
        StringBuilder text = new StringBuilder("# Configuration of " + oneLine(schema.name()) + "\n");
        schema.variables().forEach(variable -> append(text, variable));
        return text.toString();
    }

    private static void append(StringBuilder text, ConfigVariable variable) {
        text.append('\n');
        comments(variable).forEach(line -> text.append("# ").append(line).append('\n'));
        boolean required = variable.requirement().kind() == Requirement.Kind.ALWAYS;
        text.append(required ? "" : "#")
                .append(variable.name())
                .append('=')
                .append(quoted(value(variable)))
                .append('\n');
    }

    private static List<String> comments(ConfigVariable variable) {
        String requirement = variable.requirement().toString();
        return Stream.of(
                        variable.description(),
                        "Must be " + variable.type().must() + ".",
                        requirement.isEmpty() ? null : "It " + requirement + ".",
                        variable.isShown() ? null : "Secret.")
                .filter(line -> line != null && !line.isBlank())
                .map(EnvExample::oneLine)
                .toList();
    }

    static String oneLine(@Nullable String text) {
        return text == null ? "" : text.strip().replaceAll("\\s*\\R\\s*", " ");
    }

    /** A secret is left to be filled in, and so is what has no default and no example. */
    private static String value(ConfigVariable variable) {
        if (!variable.isShown()) {
            return "";
        }
        String value = variable.defaultValue() != null ? variable.defaultValue() : variable.exampleValue();
        return value == null ? "" : value;
    }

    /** As the parser of such files reads it back. */
    private static String quoted(String value) {
        return value.matches("[A-Za-z0-9_.,:/@%+=-]*")
                ? value
                : '"'
                        + value.replace("\\", "\\\\")
                                .replace("\"", "\\\"")
                                .replace("\n", "\\n")
                                .replace("$", "\\$")
                        + '"';
    }
}
