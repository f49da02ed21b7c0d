package io.pratique.release.checks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.pratique.flags.spi.FlagText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What dashboards of Grafana and rules of Prometheus ask for, read from their files. */
final class MonitoringQueries {

    private static final ObjectMapper JSON = new JsonMapper();
    private static final ObjectMapper YAML = new YAMLMapper();

    private static final int MOST_BYTES = 16 << 20;
    private static final int MOST_FILES = 10_000;
    private static final int DEEPEST = 20;

    private final List<Query> queries = new ArrayList<>();
    private final Set<String> recorded = new HashSet<>();
    private int files;

    /** Who asks, such as {@code alerts.yml, alert "QueueTooLong"}, and what. */
    record Query(String asker, String text) {}

    private MonitoringQueries() {}

    /** Reads files, and from directories what in them is a dashboard or holds rules. */
    static MonitoringQueries in(List<Path> paths) throws IOException {
        MonitoringQueries read = new MonitoringQueries();
        for (Path path : paths) {
            if (!Files.isDirectory(path)) {
                if (!read.add(path)) {
                    throw new IOException(shown(path) + " is neither a dashboard of Grafana nor a file with rules of "
                            + "Prometheus; name one");
                }
                continue;
            }
            int before = read.files;
            for (Path file : below(path)) {
                read.add(file);
            }
            if (read.files == before) {
                throw new IOException(
                        "directory " + shown(path) + " holds no dashboard and no rules; is it the right one?");
            }
        }
        return read;
    }

    private static List<Path> below(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory, DEEPEST)) {
            List<Path> found = all.filter(Files::isRegularFile)
                    .filter(file -> isJson(file) || isYaml(file))
                    .limit(MOST_FILES + 1L)
                    .sorted()
                    .toList();
            if (found.size() > MOST_FILES) {
                throw new IOException("directory " + shown(directory) + " holds more than " + MOST_FILES
                        + " files; is it the right one?");
            }
            return found;
        } catch (UncheckedIOException e) {
            throw new IOException("directory " + shown(directory) + " cannot be read: " + FlagText.printable(e), e);
        }
    }

    private static boolean isJson(Path file) {
        return file.toString().toLowerCase(Locale.ROOT).endsWith(".json");
    }

    private static boolean isYaml(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".yml") || name.endsWith(".yaml");
    }

    private static String shown(Path file) {
        return "\"" + FlagText.printable(file.toString(), 200) + "\"";
    }

    /** How many files held anything. */
    int files() {
        return files;
    }

    List<Query> queries() {
        return queries;
    }

    /** What the rules themselves make, so that no page needs to. */
    Set<String> recorded() {
        return recorded;
    }

    private boolean add(Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MOST_BYTES + 1);
        } catch (IOException e) {
            throw new IOException(shown(file) + " cannot be read: " + FlagText.printable(e), e);
        }
        if (bytes.length > MOST_BYTES) {
            throw new IOException(shown(file) + " has more than " + MOST_BYTES + " bytes; is it a dashboard or rules?");
        }
        boolean any = false;
        String name = FlagText.printable(file.getFileName().toString(), 60);
        try (MappingIterator<JsonNode> documents =
                (isYaml(file) ? YAML : JSON).readerFor(JsonNode.class).readValues(bytes)) {
            while (documents.hasNextValue()) {
                any |= add(name, documents.nextValue());
            }
        } catch (JsonProcessingException e) {
            throw new IOException(
                    shown(file) + " cannot be read: " + FlagText.printable(e.getOriginalMessage(), 100), e);
        }
        files += any ? 1 : 0;
        return any;
    }

    private boolean add(String file, JsonNode document) {
        // As a file, or as a resource of Kubernetes.
        JsonNode groups = (document.has("groups") ? document : document.path("spec")).path("groups");
        if (groups.isArray()) {
            groups.forEach(group -> group.path("rules").forEach(rule -> addRule(file, rule)));
            return true;
        }
        JsonNode dashboard = document.path("dashboard").isObject() ? document.path("dashboard") : document;
        JsonNode second = dashboard.has("elements") ? dashboard : dashboard.path("spec");
        if (!dashboard.has("panels") && !dashboard.has("rows") && !second.has("elements")) {
            return false;
        }
        for (JsonNode part : dashboard) {
            addPanels(file, "dashboard", true, part);
        }
        dashboard.path("templating").path("list").forEach(variable -> addVariable(file, variable));
        return true;
    }

    private void addRule(String file, JsonNode rule) {
        boolean recording = rule.path("record").isTextual();
        String name = rule.path(recording ? "record" : "alert").asText("");
        if (recording) {
            recorded.add(name);
        }
        String asker = file + ", " + (recording ? "record" : "alert") + " \"" + FlagText.printable(name, 60) + "\"";
        // A number alone is a query too, and YAML reads it as one.
        queries.add(new Query(asker, rule.path("expr").asText("")));
    }

    /** Whatever a dashboard's form, a query is an {@code expr}, and the next title around it is that of its panel. */
    private void addPanels(String file, String panel, boolean ours, JsonNode node) {
        String title = node.path("title").isTextual()
                ? "panel \"" + FlagText.printable(node.path("title").asText(), 60) + "\""
                : panel;
        boolean here = isOurs(node.path("datasource"), ours);
        if (here && node.path("expr").isTextual()) {
            queries.add(new Query(file + ", " + title, node.path("expr").asText()));
        }
        node.forEach(each -> {
            if (each.isContainerNode()) {
                addPanels(file, title, here, each);
            }
        });
    }

    /** Other sources have their own languages. Where none is named, it is that of what is around. */
    private static boolean isOurs(JsonNode datasource, boolean around) {
        JsonNode type = datasource.path("type");
        // A panel of several sources names that of each query.
        boolean named = type.isTextual() && !type.asText().equals("datasource");
        return named ? type.asText().contains("prometheus") : around;
    }

    private void addVariable(String file, JsonNode variable) {
        if (!variable.path("type").asText("").equals("query") || !isOurs(variable.path("datasource"), true)) {
            return;
        }
        JsonNode query =
                variable.path("query").isObject() ? variable.path("query").path("query") : variable.path("query");
        String asked = asked(query.asText("").strip());
        if (asked != null) {
            String name = FlagText.printable(variable.path("name").asText(""), 60);
            queries.add(new Query(file + ", variable \"" + name + "\"", asked));
        }
    }

    /** The part of a variable's query that is in Prometheus' language; null if none is. */
    private static @Nullable String asked(String query) {
        int open = query.indexOf('(');
        int close = query.lastIndexOf(')');
        if (open < 0 || close < open) {
            return null;
        }
        String within = query.substring(open + 1, close);
        return switch (query.substring(0, open).strip()) {
            case "label_values" -> within.contains(",") ? within.substring(0, within.lastIndexOf(',')) : null;
            case "query_result" -> within;
            default -> null;
        };
    }
}
