package io.pratique.config;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * A JSON Schema of the environment as an object of texts. What is not set may be absent, empty or blank there, as it may
 * be in an environment.
 */
final class JsonSchemaText {

    private static final String SET = "\\S";

    private final ConfigSchema schema;

    JsonSchemaText(ConfigSchema schema) {
        this.schema = schema;
    }

    String text() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        root.put("title", "Configuration of " + schema.name());
        root.put("type", "object");
        ObjectNode properties = root.putObject("properties");
        schema.variables().forEach(variable -> describe(properties.putObject(variable.name()), variable));
        ArrayNode required = JsonNodeFactory.instance.arrayNode();
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        for (ConfigVariable variable : schema.variables()) {
            Requirement requirement = variable.requirement();
            Condition condition = requirement.condition();
            if (requirement.kind() == Requirement.Kind.ALWAYS) {
                required.add(variable.name());
            } else if (condition != null) {
                ObjectNode implication = all.addObject();
                implication.set("if", holds(condition));
                implication.set(requirement.kind() == Requirement.Kind.WHEN ? "then" : "else", isSet(variable.name()));
            }
        }
        schema.rules().stream().filter(ConfigRule::bindsTogether).forEach(rule -> bind(all, rule.names()));
        if (!required.isEmpty()) {
            root.set("required", required);
        }
        if (!all.isEmpty()) {
            root.set("allOf", all);
        }
        return root.toPrettyString();
    }

    private static void describe(ObjectNode property, ConfigVariable variable) {
        property.put("type", "string");
        if (variable.description() != null) {
            property.put("description", variable.description());
        }
        boolean shown = variable.isShown();
        if (shown && variable.defaultValue() != null) {
            property.put("default", variable.defaultValue());
        }
        if (shown && variable.exampleValue() != null) {
            property.putArray("examples").add(variable.exampleValue());
        }
        if (!shown) {
            property.put("writeOnly", true);
        }
        ConfigType type = variable.type();
        boolean always = variable.requirement().kind() == Requirement.Kind.ALWAYS;
        if (type.isStrict()) {
            property.put("maxLength", Setting.LONGEST);
            property.put("pattern", (always ? "" : "^\\s*$|") + whole(type.pattern()));
        } else if (always) {
            property.put("pattern", SET);
        }
    }

    private static String whole(String pattern) {
        return "^\\s*" + pattern + "\\s*$";
    }

    private static ObjectNode isSet(String name) {
        return matching(name, SET);
    }

    private static ObjectNode matching(String name, String pattern) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.putArray("required").add(name);
        node.putObject("properties").putObject(name).put("pattern", pattern);
        return node;
    }

    private ObjectNode holds(Condition condition) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        ArrayNode terms = node.putArray("allOf");
        condition.terms().forEach(term -> terms.add(holds(term)));
        return node;
    }

    /** Where a variable is not set its default counts; a flag fails open wherever it does not say what would deny it. */
    private ObjectNode holds(Condition.Term term) {
        ConfigVariable variable = schema.variable(term.name());
        ConfigType type = variable.type();
        List<Object> meanings = schema.meanings(term);
        ObjectNode says = matching(term.name(), whole(type.patternOf(term.values())));
        Object otherwise = variable.otherwise();
        if (otherwise == null || !meanings.contains(otherwise)) {
            return says;
        }
        ObjectNode either = JsonNodeFactory.instance.objectNode();
        if (!type.isStrict()) {
            List<String> denial = List.of(String.valueOf(!meanings.contains(true)));
            return meanings.contains(true) && meanings.contains(false)
                    ? either
                    : either.set("not", matching(term.name(), whole(type.patternOf(denial))));
        }
        ArrayNode choices = either.putArray("anyOf");
        choices.add(says);
        choices.addObject().set("not", isSet(term.name()));
        return either;
    }

    private static void bind(ArrayNode all, List<String> names) {
        for (String name : names) {
            for (String other : names) {
                if (!name.equals(other)) {
                    ObjectNode implication = all.addObject();
                    implication.set("if", isSet(name));
                    implication.set("then", isSet(other));
                }
            }
        }
    }
}
