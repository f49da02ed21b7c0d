package io.pratique.config;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pratique.flags.spi.FlagText;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What came of comparing values with a schema: all that is wrong, and what the values mean. Immutable. No text that it
 * makes holds the value of a variable that is not declared {@linkplain ConfigVariable#shown() shown}.
 */
public final class ConfigReport {

    private static final String NEW_LINE = System.lineSeparator();
    private static final String BULLET = "   - ";

    private final String schema;
    private final List<Setting> settings;
    private final List<ConfigProblem> problems;
    private final List<ConfigProblem> warnings;

    ConfigReport(String schema, List<Setting> settings, List<ConfigProblem> problems, List<ConfigProblem> warnings) {
        this.schema = schema;
        this.settings = settings;
        this.problems = List.copyOf(problems);
        this.warnings = List.copyOf(warnings);
    }

    /**
     * Whether nothing is wrong. Warnings stop nothing.
     *
     * @return true if there is no problem
     */
    public boolean isValid() {
        return problems.isEmpty();
    }

    /**
     * What is wrong, in the order of the schema; what follows from another problem is left out.
     *
     * @return empty if nothing is
     */
    public List<ConfigProblem> problems() {
        return problems;
    }

    /**
     * What ought to be looked at.
     *
     * @return empty if nothing ought to
     */
    public List<ConfigProblem> warnings() {
        return warnings;
    }

    /**
     * This report, for frameworks that stop at an exception.
     *
     * @return this
     * @throws ConfigException if anything is wrong
     */
    public ConfigReport orThrow() {
        if (!isValid()) {
            throw new ConfigException(this);
        }
        return this;
    }

    /**
     * Whether a variable has a valid value, by setting or by default.
     *
     * @param name the variable
     * @return true if it has
     * @throws IllegalArgumentException if the schema has no such variable
     */
    public boolean has(String name) {
        return setting(name).state().counts();
    }

    /**
     * The text of a variable, without white space around it; of a key, with real line ends.
     *
     * @param name the variable, of any type
     * @return the text
     * @throws IllegalArgumentException if the schema has no such variable
     * @throws NoSuchElementException if it has no valid value
     */
    public String text(String name) {
        return Optional.of(setting(name))
                .filter(setting -> setting.state().counts())
                .map(setting -> setting.value() instanceof String meaning ? meaning : setting.text())
                .orElseThrow(() -> unset(name));
    }

    /**
     * The value of an integer or a port.
     *
     * @param name the variable
     * @return the number
     * @throws IllegalArgumentException if the schema has no such variable, or it is of another type
     * @throws NoSuchElementException if it has no valid value
     */
    public long integer(String name) {
        return value(name, Long.class, "integer", "port");
    }

    /**
     * The value of a size.
     *
     * @param name the variable
     * @return the number of bytes
     * @throws IllegalArgumentException if the schema has no such variable, or it is of another type
     * @throws NoSuchElementException if it has no valid value
     */
    public long size(String name) {
        return value(name, Long.class, "size");
    }

    /**
     * The value of a boolean or a flag.
     *
     * @param name the variable
     * @return true or false
     * @throws IllegalArgumentException if the schema has no such variable, or it is of another type
     * @throws NoSuchElementException if it has no valid value
     */
    public boolean bool(String name) {
        return value(name, Boolean.class, "boolean", "flag");
    }

    /**
     * The value of a duration.
     *
     * @param name the variable
     * @return the duration
     * @throws IllegalArgumentException if the schema has no such variable, or it is of another type
     * @throws NoSuchElementException if it has no valid value
     */
    public Duration duration(String name) {
        return value(name, Duration.class, "duration");
    }

    /**
     * The value of a file.
     *
     * @param name the variable
     * @return the path
     * @throws IllegalArgumentException if the schema has no such variable, or it is of another type
     * @throws NoSuchElementException if it has no valid value
     */
    public Path file(String name) {
        return value(name, Path.class, "file");
    }

    /**
     * The value of a list of hosts.
     *
     * @param name the variable
     * @return each host with its port
     * @throws IllegalArgumentException if the schema has no such variable, or it is of another type
     * @throws NoSuchElementException if it has no valid value
     */
    public List<String> hosts(String name) {
        return ((List<?>) value(name, List.class, "hosts"))
                .stream().map(String.class::cast).toList();
    }

    private <T> T value(String name, Class<T> type, String... kinds) {
        Setting setting = setting(name);
        String kind = setting.variable().type().kind();
        if (!List.of(kinds).contains(kind)) {
            throw new IllegalArgumentException("variable \"" + name + "\" is of type \"" + kind
                    + "\" and was asked for as \"" + String.join("\" or \"", kinds) + "\"; ask for it by its type");
        }
        Object value = setting.state().counts() ? setting.value() : null;
        if (value == null) {
            throw unset(name);
        }
        return type.cast(value);
    }

    private static NoSuchElementException unset(String name) {
        return new NoSuchElementException("variable \"" + name
                + "\" has no valid value; ask has(..) first, or declare it required or with a default");
    }

    private Setting setting(String name) {
        return settings.stream()
                .filter(setting -> setting.variable().name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("schema \"" + schema + "\" has no variable \""
                        + FlagText.printable(String.valueOf(name)) + "\"; declare it"));
    }

    /**
     * Where a variable was found, even if what it is set to is empty or invalid.
     *
     * @param name the variable
     * @return the name of the source, with the line if that does not parse; empty if it was not found, or has its default
     * @throws IllegalArgumentException if the schema has no such variable
     */
    public Optional<String> source(String name) {
        return Optional.ofNullable(setting(name).source());
    }

    /**
     * The report for people: of a failed boot, a heading, a line for each problem, and what to do; before these, warnings.
     *
     * @return some lines, the last without a line end
     */
    public String toText() {
        String said = warnings.isEmpty() ? "" : "Configuration warnings:" + NEW_LINE + lines(warnings) + NEW_LINE;
        if (isValid()) {
            long set = settings.stream()
                    .filter(setting ->
                            setting.source() != null && !setting.state().isUnset())
                    .count();
            return said + "Configuration of " + schema + " is valid: " + set + " of " + settings.size()
                    + " variables are set.";
        }
        return said + "Configuration validation failed:" + NEW_LINE + lines(problems) + NEW_LINE
                + "Fix the configuration issues above and restart the application.";
    }

    private static String lines(List<ConfigProblem> problems) {
        return problems.stream().map(problem -> BULLET + problem + NEW_LINE).collect(Collectors.joining());
    }

    /**
     * The report for programs: whether it is valid, problems and warnings with the names they are about, and of each
     * variable its state, its source and, if it may be shown, its value.
     *
     * @return one JSON object
     */
    public String toJson() {
        ObjectNode report = JsonNodeFactory.instance.objectNode();
        report.put("schema", schema).put("valid", isValid());
        add(report.putArray("problems"), problems);
        add(report.putArray("warnings"), warnings);
        ArrayNode variables = report.putArray("variables");
        for (Setting setting : settings) {
            ObjectNode node = variables
                    .addObject()
                    .put("name", setting.variable().name())
                    .put("state", setting.state().name().toLowerCase(Locale.ROOT));
            if (setting.source() != null) {
                node.put("source", setting.source());
            }
            String shown = setting.shownText();
            if (shown != null) {
                node.put("value", shown);
            }
        }
        return report.toPrettyString();
    }

    private static void add(ArrayNode array, List<ConfigProblem> problems) {
        for (ConfigProblem problem : problems) {
            ObjectNode node = array.addObject();
            problem.names().forEach(node.putArray("names")::add);
            node.put("message", problem.message());
        }
    }

    /** How much is wrong. */
    @Override
    public String toString() {
        return "ConfigReport[" + schema + ": " + problems.size() + " problems, " + warnings.size() + " warnings]";
    }
}
