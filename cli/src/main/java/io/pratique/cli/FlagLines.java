package io.pratique.cli;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pratique.flags.spi.Attribution;
import io.pratique.flags.spi.FlagRevision;
import io.pratique.flags.spi.FlagText;
import io.pratique.flags.spi.FlagWrite;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Flags as the command prints and reads them. */
final class FlagLines {

    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final int LONGEST_CELL = 60;
    private static final List<String> FIELDS =
            List.of("key", "value", "version", "expiresAt", "covered", "changedAt", "actor", "reason");

    private FlagLines() {}

    /** One line for each, in columns; for people. */
    static String table(List<FlagRevision> flags) {
        if (flags.isEmpty()) {
            return "(no flags)";
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("FLAG", "VALUE", "UNTIL", "THEN", "VERSION", "CHANGED", "BY", "REASON"));
        flags.forEach(flag -> rows.add(row(flag)));
        int[] widths = new int[rows.get(0).size()];
        rows.forEach(row -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        });
        return rows.stream().map(row -> line(row, widths)).collect(Collectors.joining(System.lineSeparator()));
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
        }
        return line.toString().stripTrailing();
    }

    private static List<String> row(FlagRevision flag) {
        Instant end = flag.expiresAt();
        return Stream.of(
                        flag.key(),
                        flag.value() == null ? "(cleared)" : flag.value(),
                        end == null ? "" : end.truncatedTo(ChronoUnit.SECONDS).toString(),
                        end == null ? "" : flag.covered() == null ? "(absent)" : flag.covered(),
                        Long.toString(flag.version()),
                        flag.changedAt().truncatedTo(ChronoUnit.SECONDS).toString(),
                        flag.by().actor(),
                        flag.by().reason())
                .map(cell -> FlagText.printable(cell, LONGEST_CELL))
                .toList();
    }

    /** One JSON array; for programs, and for {@code import}. */
    static String json(List<FlagRevision> flags) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        flags.forEach(flag -> {
            ObjectNode node = array.addObject();
            node.put("key", flag.key()).put("value", flag.value()).put("version", flag.version());
            if (flag.expiresAt() != null) {
                node.put("expiresAt", flag.expiresAt().toString()).put("covered", flag.covered());
            }
            node.put("changedAt", flag.changedAt().toString())
                    .put("actor", flag.by().actor())
                    .put("reason", flag.by().reason());
        });
        return array.toPrettyString();
    }

    /**
     * The changes that make a store hold what {@link #json} told. What ends is set beneath, and then for the rest of its
     * time; what has ended by now is left out.
     */
    static List<FlagWrite> writes(String json, Instant now, Attribution by) {
        JsonNode flags = parse(json);
        if (!flags.isArray()) {
            throw new IllegalArgumentException("flags to import must be a JSON array, as export prints it");
        }
        List<FlagWrite> writes = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        for (JsonNode flag : flags) {
            requireKnown(flag);
            String key = String.valueOf(text(flag, "key"));
            if (!keys.add(key)) {
                throw new IllegalArgumentException(
                        "flag \"" + FlagText.printable(key) + "\" is to be imported twice; leave one of them");
            }
            addTo(writes, flag, keys.size(), now, by);
        }
        return writes;
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "flags to import must be JSON, as export prints it, but are not (line "
                            + (e.getLocation() == null
                                    ? "unknown"
                                    : e.getLocation().getLineNr()) + ")",
                    e);
        }
    }

    /** A field that is misspelt must not be read as if it were not there: without its end a change is for ever. */
    private static void requireKnown(JsonNode flag) {
        for (Iterator<String> names = flag.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!FIELDS.contains(name)) {
                throw new IllegalArgumentException("a flag to import must have no field but "
                        + String.join(", ", FIELDS) + ", but has \"" + FlagText.printable(name) + "\"");
            }
        }
    }

    private static void addTo(List<FlagWrite> writes, JsonNode flag, int number, Instant now, Attribution by) {
        String key = text(flag, "key");
        String value = text(flag, "value");
        if (key == null || value == null) {
            throw new IllegalArgumentException(
                    "a flag to import must have the texts key and value, but number " + number + " has not");
        }
        Instant end = end(flag, key);
        if (end == null) {
            writes.add(FlagWrite.set(key, value, by));
            return;
        }
        String covered = text(flag, "covered");
        writes.add(covered == null ? FlagWrite.clear(key, by) : FlagWrite.set(key, covered, by));
        Duration left = Duration.between(now, end);
        if (!left.isNegative() && !left.isZero()) {
            writes.add(FlagWrite.set(key, value, by).lasting(left));
        }
    }

    /** Null if it is not there. Of another type it is a mistake, and not to be read as if it were not there. */
    private static @Nullable String text(JsonNode flag, String field) {
        JsonNode value = flag.path(field);
        if (!value.isTextual() && !value.isMissingNode() && !value.isNull()) {
            throw new IllegalArgumentException("field \"" + field + "\" of a flag to import must be a text, but is "
                    + value.getNodeType().name().toLowerCase(Locale.ROOT) + " in one of them");
        }
        return value.textValue();
    }

    private static @Nullable Instant end(JsonNode flag, String key) {
        String text = text(flag, "expiresAt");
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "expiresAt of flag \"" + FlagText.printable(key)
                            + "\" must be a time such as 2026-01-01T00:00:00Z, but is \"" + FlagText.printable(text)
                            + "\"",
                    e);
        }
    }
}
