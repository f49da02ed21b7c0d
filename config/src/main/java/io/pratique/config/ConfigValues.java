package io.pratique.config;

import io.pratique.text.DotEnv;
import io.pratique.text.TextFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the values of a configuration come from: one source, or several in order of precedence. The first that has a
 * name decides, be its value empty or not. Immutable; the values are read when this is made.
 *
 * <pre>{@code
 * ConfigValues.systemProperties().over(ConfigValues.environment()).over(ConfigValues.file(Path.of(".env")))
 * }</pre>
 */
public final class ConfigValues {

    private final List<Layer> layers;

    /**
     * One source.
     *
     * @param slips where lines stand that do not parse, such as {@code line 2 of .env}
     * @param isOpen whether a name in it that no schema knows may be a slip of the pen
     */
    private record Layer(String source, Map<String, Found> found, List<String> slips, boolean isOpen) {}

    /**
     * What a variable is set to.
     *
     * @param text null if it stands on a line that does not parse
     * @param source where that is
     */
    record Found(@Nullable String text, String source) {}

    private ConfigValues(List<Layer> layers) {
        this.layers = List.copyOf(layers);
    }

    /**
     * The environment of this process.
     *
     * @return its variables, called {@code environment}
     */
    public static ConfigValues environment() {
        return of("environment", System.getenv());
    }

    /**
     * The system properties of this process.
     *
     * @return its properties, called {@code system properties}; none is taken for a misspelt name, since a JVM has many
     */
    public static ConfigValues systemProperties() {
        return layer("system properties", texts(System.getProperties()), false);
    }

    /**
     * A file: {@code .properties} by its name, anything else as a {@code .env} file.
     *
     * @param file UTF-8, 1 MiB at most
     * @return its values, called by the file's name
     * @throws IllegalArgumentException if it is missing, cannot be read, is too long, is not UTF-8 or holds a NUL
     */
    public static ConfigValues file(Path file) {
        TextFile content = new TextFile(file, "configuration file");
        try {
            String text = content.text(content.bytes());
            return file.toString().endsWith(".properties")
                    ? of(file.toString(), texts(content.properties(text)))
                    : dotEnv(file.toString(), text);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    e.getMessage() + "; give the path of a file of lines such as NAME=value", e);
        }
    }

    private static ConfigValues dotEnv(String source, String text) {
        Map<String, Found> found = new HashMap<>();
        List<String> slips = new ArrayList<>();
        new DotEnv(text).read((name, value) -> found.put(name, new Found(value, source)), slip -> {
            String place = "line " + slip.line() + " of " + source;
            slips.add(place);
            if (slip.name() != null) {
                found.put(slip.name(), new Found(null, place));
            }
        });
        return new ConfigValues(List.of(new Layer(source, Map.copyOf(found), List.copyOf(slips), true)));
    }

    private static Map<String, String> texts(Properties properties) {
        Map<String, String> texts = new HashMap<>();
        properties.stringPropertyNames().forEach(name -> texts.put(name, properties.getProperty(name, "")));
        return texts;
    }

    /**
     * Any values.
     *
     * @param source what to call them
     * @param values text by variable name; copied
     * @return the values
     * @throws NullPointerException if anything is null
     */
    public static ConfigValues of(String source, Map<String, String> values) {
        return layer(source, values, true);
    }

    private static ConfigValues layer(String source, Map<String, String> values, boolean isOpen) {
        Map<String, Found> found = new HashMap<>();
        values.forEach((name, text) -> found.put(name, new Found(Objects.requireNonNull(text, name), source)));
        return new ConfigValues(List.of(new Layer(source, Map.copyOf(found), List.of(), isOpen)));
    }

    /**
     * These values, and others for the names that these do not have.
     *
     * @param lower values of lower precedence
     * @return new values
     */
    public ConfigValues over(ConfigValues lower) {
        List<Layer> both = new ArrayList<>(layers);
        both.addAll(lower.layers);
        return new ConfigValues(both);
    }

    /** What a variable was set to; null if it was not. */
    @Nullable Found find(String name) {
        for (Layer layer : layers) {
            Found found = layer.found().get(name);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /** The names that people set; on a line that does not parse, what looks like a name may be a part of a secret. */
    Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        layers.stream()
                .filter(Layer::isOpen)
                .flatMap(layer -> layer.found().entrySet().stream())
                .filter(entry -> entry.getValue().text() != null)
                .forEach(entry -> names.add(entry.getKey()));
        return names;
    }

    /** Where lines stand that do not parse; it shows nothing of their content. */
    List<String> slips() {
        return layers.stream().flatMap(layer -> layer.slips().stream()).toList();
    }

    /** The names of the sources: values may be secret. */
    @Override
    public String toString() {
        return "ConfigValues" + layers.stream().map(Layer::source).toList();
    }
}
