package io.pratique.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.pratique.flags.spi.FlagText;
import io.pratique.text.DurationText;
import io.pratique.text.Spelling;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One object of a plan's file, of which every key is known. Its values are not shown in errors: they may be secret. */
final class PlanObject {

    private final String subject;
    private final JsonNode node;

    /**
     * An object.
     *
     * @param subject what it is, for errors
     * @throws IllegalArgumentException if it is none, or has a key that is not known
     */
    PlanObject(String subject, JsonNode node, Set<String> known) {
        this.subject = subject;
        this.node = node;
        requireObject(subject, node);
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!known.contains(name)) {
                throw new IllegalArgumentException(subject + " has the unknown key \"" + FlagText.printable(name)
                        + "\"; did you mean \"" + Spelling.nearest(name, known) + "\"?");
            }
        }
    }

    private static String type(JsonNode node) {
        return node.isMissingNode() ? "missing" : node.getNodeType().name().toLowerCase(Locale.ROOT);
    }

    String subject() {
        return subject;
    }

    boolean has(String key) {
        return node.has(key);
    }

    JsonNode get(String key) {
        return node.path(key);
    }

    String text(String key) {
        return requireText("\"" + key + "\" of " + subject, node.path(key));
    }

    /** Null if there is none. */
    @Nullable String textIfAny(String key) {
        return has(key) ? text(key) : null;
    }

    /** Null if there is none. */
    @Nullable Duration durationIfAny(String key) {
        String text = textIfAny(key);
        Duration duration = text == null ? null : DurationText.parse(text);
        if (text != null && duration == null) {
            throw new IllegalArgumentException("\"" + key + "\" of " + subject
                    + " must be a duration such as 30s, 5m or PT5M, but is \"" + FlagText.printable(text) + "\"");
        }
        return duration;
    }

    /** Null if there is none. */
    @Nullable Integer numberIfAny(String key) {
        JsonNode value = node.path(key);
        if (value.isMissingNode()) {
            return null;
        }
        if (!value.isInt()) {
            throw new IllegalArgumentException(
                    "\"" + key + "\" of " + subject + " must be a whole number, but is " + type(value));
        }
        return value.intValue();
    }

    List<JsonNode> array(String key) {
        return elements("\"" + key + "\" of " + subject, node.path(key));
    }

    private static List<JsonNode> elements(String subject, JsonNode array) {
        if (!array.isArray()) {
            throw new IllegalArgumentException(subject + " must be an array, but is " + type(array) + "; write [...]");
        }
        List<JsonNode> elements = new ArrayList<>();
        array.forEach(elements::add);
        return elements;
    }

    /** The texts of an array. */
    static List<String> texts(String subject, JsonNode array) {
        List<String> texts = new ArrayList<>();
        for (JsonNode each : elements(subject, array)) {
            texts.add(requireText("each of " + subject, each));
        }
        return texts;
    }

    private static String requireText(String subject, JsonNode value) {
        if (!value.isTextual()) {
            throw new IllegalArgumentException(subject + " must be a text, but is " + type(value));
        }
        return value.textValue();
    }

    /** Variables of an environment and their values, one at least. */
    static Map<String, String> variables(String subject, JsonNode node) {
        Map<String, String> variables = new LinkedHashMap<>();
        requireObject(subject, node);
        node.properties()
                .forEach(each -> variables.put(
                        each.getKey(),
                        requireText("\"" + FlagText.printable(each.getKey()) + "\" of " + subject, each.getValue())));
        if (variables.isEmpty()) {
            throw new IllegalArgumentException(
                    subject + " must name a variable and its value; write {\"CI\": \"true\"}");
        }
        return variables;
    }

    private static void requireObject(String subject, JsonNode node) {
        if (!node.isObject()) {
            throw new IllegalArgumentException(subject + " must be an object, but is " + type(node) + "; write {...}");
        }
    }
}
