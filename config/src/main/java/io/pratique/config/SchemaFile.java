package io.pratique.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pratique.flags.spi.FlagText;
import io.pratique.text.TextFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A schema written as JSON, for those who check a configuration without the program's classes. */
final class SchemaFile {

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static final Set<String> TOP = Set.of("schema", "variables", "rules", "warnings");
    private static final Set<String> VARIABLE = Set.of(
            "name", "type", "required", "requiredWhen", "requiredUnless", "default", "shown", "description", "example");
    /** The fields that only variables of one type have. */
    private static final Map<String, Set<String>> OF_TYPE =
            Map.of("one-of", Set.of("values"), "integer", Set.of("min", "max"), "url", Set.of("schemes"));

    private static final Set<String> WARNING = Set.of("when", "name", "message");

    private static final Map<String, Function<JsonNode, ConfigType>> TYPES = Map.ofEntries(
            Map.entry("text", node -> ConfigType.text()),
            Map.entry("one-of", node -> ConfigType.oneOf(texts(node, "values"))),
            Map.entry("integer", node -> ConfigType.integer(number(node, "min"), number(node, "max"))),
            Map.entry("port", node -> ConfigType.port()),
            Map.entry("url", node -> ConfigType.url(texts(node, "schemes"))),
            Map.entry("hosts", node -> ConfigType.hosts()),
            Map.entry("duration", node -> ConfigType.duration()),
            Map.entry("size", node -> ConfigType.size()),
            Map.entry("boolean", node -> ConfigType.bool()),
            Map.entry("flag", node -> ConfigType.flag()),
            Map.entry("pem-key", node -> ConfigType.pemKey()),
            Map.entry("public-key", node -> ConfigType.publicKey()),
            Map.entry("file", node -> ConfigType.file()));

    private static final Map<String, BiFunction<String, String, ConfigRule>> RULES = Map.of(
            "notLess", ConfigRule::notLess,
            "greater", ConfigRule::greater,
            "keyPair", ConfigRule::keyPair);

    private SchemaFile() {}

    static ConfigSchema read(Path file) {
        TextFile content = new TextFile(file, "schema file");
        try {
            return parse(tree(content.text(content.bytes())));
        } catch (JsonProcessingException e) {
            // Where, but not what: the file may be another one, with secrets in it.
            throw refused(file, "line " + e.getLocation().getLineNr() + " is not JSON, or names a field twice", e);
        } catch (IOException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw refused(file, String.valueOf(e.getMessage()), e);
        }
    }

    /** Without a mapper, which takes longer to be made than a check of most configurations. */
    private static JsonNode tree(String text) throws IOException {
        try (JsonParser parser = JSON.createParser(text)) {
            JsonNode root = node(parser, parser.nextToken());
            if (parser.nextToken() != null) {
                throw new JsonParseException(parser, "text after the end");
            }
            return root;
        }
    }

    private static JsonNode node(JsonParser parser, @Nullable JsonToken token) throws IOException {
        if (token == null) {
            throw new JsonParseException(parser, "nothing");
        }
        return switch (token) {
            case START_OBJECT -> {
                ObjectNode object = NODES.objectNode();
                for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                    object.set(name, node(parser, parser.nextToken()));
                }
                yield object;
            }
            case START_ARRAY -> {
                ArrayNode array = NODES.arrayNode();
                for (JsonToken each = parser.nextToken(); each != JsonToken.END_ARRAY; each = parser.nextToken()) {
                    array.add(node(parser, each));
                }
                yield array;
            }
            case VALUE_STRING -> NODES.textNode(parser.getText());
            case VALUE_NUMBER_INT -> NODES.numberNode(parser.getBigIntegerValue());
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDecimalValue());
            case VALUE_TRUE, VALUE_FALSE -> NODES.booleanNode(parser.getBooleanValue());
            default -> NODES.nullNode();
        };
    }

    private static IllegalArgumentException refused(Path file, String fault, Exception cause) {
        return new IllegalArgumentException(
                "The schema file \"" + file + "\" is no schema: " + FlagText.printable(fault, 500), cause);
    }

    private static ConfigSchema parse(JsonNode root) {
        requireFields("a schema", root, TOP);
        ConfigSchema.Builder builder = ConfigSchema.named(text(root, "schema"));
        array(root, "variables").forEach(node -> builder.variable(variable(node)));
        if (root.has("rules")) {
            array(root, "rules").forEach(node -> builder.rule(rule(node)));
        }
        for (JsonNode node : root.has("warnings") ? array(root, "warnings") : List.<JsonNode>of()) {
            requireFields("a warning", node, WARNING);
            builder.warnWhen(condition(node.path("when")), text(node, "name"), text(node, "message"));
        }
        return builder.build();
    }

    private static JsonNode array(JsonNode root, String field) {
        JsonNode value = root.path(field);
        if (!value.isArray()) {
            throw wrong(field, "an array", value, "write [...]");
        }
        return value;
    }

    private static void requireObject(String subject, JsonNode node) {
        if (!node.isObject()) {
            throw new IllegalArgumentException(subject + " must be an object, but is " + shown(node) + "; write {...}");
        }
    }

    private static void requireFields(String subject, JsonNode node, Set<String> known) {
        requireObject(subject, node);
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!known.contains(name)) {
                throw new IllegalArgumentException(subject + " has an unknown field \"" + FlagText.printable(name)
                        + "\"; the fields are " + known.stream().sorted().toList());
            }
        }
    }

    private static ConfigVariable variable(JsonNode node) {
        requireObject("a variable", node);
        String kind = text(node, "type");
        Function<JsonNode, ConfigType> type = TYPES.get(kind);
        if (type == null) {
            throw new IllegalArgumentException("type of a variable must be one of "
                    + TYPES.keySet().stream().sorted().toList() + ", but is \"" + FlagText.printable(kind) + "\"");
        }
        Set<String> known = new HashSet<>(VARIABLE);
        known.addAll(OF_TYPE.getOrDefault(kind, Set.of()));
        requireFields("a variable of type \"" + kind + "\"", node, known);
        ConfigVariable variable = ConfigVariable.of(text(node, "name"), type.apply(node));
        if (isTrue(node, "required")) {
            variable = variable.required();
        }
        if (node.has("requiredWhen")) {
            variable = variable.requiredWhen(condition(node.path("requiredWhen")));
        }
        if (node.has("requiredUnless")) {
            variable = variable.requiredUnless(condition(node.path("requiredUnless")));
        }
        variable = node.has("default") ? variable.defaultsTo(text(node, "default")) : variable;
        variable = isTrue(node, "shown") ? variable.shown() : variable;
        variable = node.has("description") ? variable.describedAs(text(node, "description")) : variable;
        return node.has("example") ? variable.example(text(node, "example")) : variable;
    }

    /** Values by variable, such as {"STORAGE_PROVIDER": "s3"} or {"PUBSUB_ADAPTER": ["kafka", "redis_streams"]}. */
    private static Condition condition(JsonNode node) {
        @Nullable Condition all = null;
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            Condition one = Condition.isAnyOf(name, texts(node, name));
            all = all == null ? one : all.and(one);
        }
        if (all == null) {
            throw new IllegalArgumentException("a condition must name a variable and its values, but is \""
                    + FlagText.printable(node.toString()) + "\"; write {\"STORAGE_PROVIDER\": \"s3\"}");
        }
        return all;
    }

    private static ConfigRule rule(JsonNode node) {
        requireFields("a rule", node, RULES.keySet());
        for (Map.Entry<String, BiFunction<String, String, ConfigRule>> rule : RULES.entrySet()) {
            if (node.has(rule.getKey())) {
                String[] names = texts(node, rule.getKey());
                if (node.size() == 1 && names.length == 2) {
                    return rule.getValue().apply(names[0], names[1]);
                }
            }
        }
        throw new IllegalArgumentException(
                "a rule must be one of " + RULES.keySet().stream().sorted().toList()
                        + " with two names of variables, but is \"" + FlagText.printable(node.toString(), 100) + "\"");
    }

    private static IllegalArgumentException wrong(String field, String must, JsonNode value, String remedy) {
        return new IllegalArgumentException("field \"" + FlagText.printable(field) + "\" must be " + must + ", but is "
                + shown(value) + "; "
                + remedy);
    }

    /** Of a file given by mistake, no text is shown. */
    private static String shown(JsonNode value) {
        return value.isNumber() || value.isBoolean()
                ? "\"" + value + "\""
                : value.getNodeType().name().toLowerCase(Locale.ROOT);
    }

    private static boolean isTrue(JsonNode node, String field) {
        JsonNode value = node.path(field);
        if (!value.isMissingNode() && !value.isBoolean()) {
            throw wrong(field, "true or false", value, "write it without quotes");
        }
        return value.booleanValue();
    }

    private static String text(JsonNode node, String field) {
        return text(field, node.path(field));
    }

    private static String text(String field, JsonNode value) {
        if (!value.isTextual()) {
            throw wrong(field, "a text", value, "write it in quotes");
        }
        return value.textValue();
    }

    /** One text, or several in an array. */
    private static String[] texts(JsonNode node, String field) {
        if (!node.path(field).isArray()) {
            return new String[] {text(node, field)};
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode each : node.path(field)) {
            texts.add(text(field, each));
        }
        return texts.toArray(String[]::new);
    }

    private static long number(JsonNode node, String field) {
        JsonNode value = node.path(field);
        if (!value.canConvertToLong() || !value.isIntegralNumber()) {
            throw wrong(field, "an integer", value, "write it without quotes");
        }
        return value.longValue();
    }
}
