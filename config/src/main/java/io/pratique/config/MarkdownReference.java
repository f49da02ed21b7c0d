package io.pratique.config;

import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A reference for people: one line of a table for each variable. */
final class MarkdownReference {

    private final ConfigSchema schema;

    MarkdownReference(ConfigSchema schema) {
        this.schema = schema;
    }

    String text() {
        String rows = schema.variables().stream().map(MarkdownReference::row).collect(Collectors.joining());
        String rules =
                schema.rules().stream().map(rule -> "- " + rule.words() + "\n").collect(Collectors.joining());
        String warnings = schema.warnings().stream()
                .map(warning ->
                        "- a warning when " + code(warning.when().toString()) + ": " + cell(warning.message()) + "\n")
                .collect(Collectors.joining());
        return "# Configuration of " + cell(schema.name()) + "\n\n"
                + "| variable | must be | required | default | secret | what it is for | example |\n"
                + "|---|---|---|---|---|---|---|\n" + rows
                + ((rules + warnings).isEmpty() ? "" : "\n" + rules + warnings);
    }

    private static String row(ConfigVariable variable) {
        boolean shown = variable.isShown();
        return "| `" + variable.name() + "` | " + cell(variable.type().must()) + " | "
                + required(variable.requirement())
                + " | " + code(shown ? variable.defaultValue() : null) + " | " + (shown ? "no" : "yes") + " | "
                + cell(variable.description()) + " | " + code(shown ? variable.exampleValue() : null) + " |\n";
    }

    private static String required(Requirement requirement) {
        return switch (requirement.kind()) {
            case OPTIONAL -> "no";
            case ALWAYS -> "yes";
            case WHEN -> "when " + code(String.valueOf(requirement.condition()));
            case UNLESS -> "unless " + code(String.valueOf(requirement.condition()));
        };
    }

    private static String code(@Nullable String text) {
        return text == null || text.isEmpty() ? "" : "`" + cell(text).replace("`", "'") + "`";
    }

    private static String cell(@Nullable String text) {
        return EnvExample.oneLine(text).replace("|", "\\|").replace("<", "&lt;");
    }
}
