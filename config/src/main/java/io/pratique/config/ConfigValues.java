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

    private record Layer(String source, Map<String, String> values, List<String> complaints) {}

    /** A text, and where it was found. */
    record Found(String text, String source) {}

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
     * @return its properties, called {@code system properties}
     */
    public static ConfigValues systemProperties() {
        return of("system properties", texts(System.getProperties()));
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
        Map<String, String> values = new HashMap<>();
        List<Integer> unparsed = new DotEnv(text).read(values::put);
        List<String> complaints = unparsed.stream()
                .map(line -> "line " + line + " of " + source + " is no assignment; write NAME=value")
                .toList();
        return new ConfigValues(List.of(new Layer(source, Map.copyOf(values), complaints)));
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
        return new ConfigValues(List.of(new Layer(source, Map.copyOf(values), List.of())));
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
            String text = layer.values().get(name);
            if (text != null) {
                return new Found(text, layer.source());
            }
        }
        return null;
    }

    /** All names that are set, of this schema or not. */
    Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        layers.forEach(layer -> names.addAll(layer.values().keySet()));
        return names;
    }

    /** What could not be read, by line numbers; it shows nothing of the content. */
    List<String> complaints() {
        return layers.stream().flatMap(layer -> layer.complaints().stream()).toList();
    }

    /** The names of the sources: values may be secret. */
    @Override
    public String toString() {
        return "ConfigValues" + layers.stream().map(Layer::source).toList();
    }
}
