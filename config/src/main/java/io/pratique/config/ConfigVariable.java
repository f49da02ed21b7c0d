package io.pratique.config;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One variable of a schema: its type, whether it has to be set, and what is said of it. Immutable; each setter gives a new
 * value. Its value is a secret unless it is declared {@link #shown()}. A name must be 1 to 128 letters, digits, underscores,
 * dots or hyphens, the first no digit; each factory refuses others with an {@link IllegalArgumentException}.
 *
 * <pre>{@code
 * ConfigVariable.integer("BUFFER_DURATION_MS", 100, 30_000).defaultsTo("3000").shown().describedAs("How long audio is gathered")
 * }</pre>
 */
public final class ConfigVariable {

    private final String name;
    private final ConfigType type;
    private final Requirement requirement;
    private final @Nullable String defaultValue;
    private final boolean shown;
    private final @Nullable String description;
    private final @Nullable String example;

    private ConfigVariable(
            String name,
            ConfigType type,
            Requirement requirement,
            @Nullable String defaultValue,
            boolean shown,
            @Nullable String description,
            @Nullable String example) {
        this.name = name;
        this.type = type;
        this.requirement = requirement;
        this.defaultValue = defaultValue;
        this.shown = shown;
        this.description = description;
        this.example = example;
    }

    static ConfigVariable of(String name, ConfigType type) {
        return new ConfigVariable(VariableName.require(name), type, Requirement.OPTIONAL, null, false, null, null);
    }

    /**
     * Any text that is not blank.
     *
     * @param name the variable's name
     * @return an optional, secret variable
     */
    public static ConfigVariable text(String name) {
        return of(name, ConfigType.text());
    }

    /**
     * One of some words, exactly as they are written.
     *
     * @param name the variable's name
     * @param values the words
     * @return an optional, secret variable
     * @throws IllegalArgumentException if no word is given
     */
    public static ConfigVariable oneOf(String name, String... values) {
        return of(name, ConfigType.oneOf(values));
    }

    /**
     * An integer of a range.
     *
     * @param name the variable's name
     * @param min the smallest
     * @param max the largest
     * @return an optional, secret variable
     * @throws IllegalArgumentException if the range is empty
     */
    public static ConfigVariable integer(String name, long min, long max) {
        return of(name, ConfigType.integer(min, max));
    }

    /**
     * A TCP port from 1 to 65535.
     *
     * @param name the variable's name
     * @return an optional, secret variable
     */
    public static ConfigVariable port(String name) {
        return of(name, ConfigType.port());
    }

    /**
     * A URL of one of some schemes, with a host, or several with commas between them.
     *
     * @param name the variable's name
     * @param schemes such as {@code postgresql}
     * @return an optional, secret variable
     * @throws IllegalArgumentException if no scheme is given
     */
    public static ConfigVariable url(String name, String... schemes) {
        return of(name, ConfigType.url(schemes));
    }

    /**
     * Hosts with their ports, separated by commas: {@code kafka-1:9092,kafka-2:9092}.
     *
     * @param name the variable's name
     * @return an optional, secret variable
     */
    public static ConfigVariable hosts(String name) {
        return of(name, ConfigType.hosts());
    }

    /**
     * A duration: {@code 500ms}, {@code 30s}, {@code 5m}, {@code 2h}, {@code 7d}, or as in ISO 8601, {@code PT30S}.
     *
     * @param name the variable's name
     * @return an optional, secret variable
     */
    public static ConfigVariable duration(String name) {
        return of(name, ConfigType.duration());
    }

    /**
     * A number of bytes: {@code 1024}, {@code 10MB} by thousands, {@code 512KiB} by 1024.
     *
     * @param name the variable's name
     * @return an optional, secret variable
     */
    public static ConfigVariable size(String name) {
        return of(name, ConfigType.size());
    }

    /**
     * True or false, by the words that flags know.
     *
     * @param name the variable's name
     * @return an optional, secret variable
     */
    public static ConfigVariable bool(String name) {
        return of(name, ConfigType.bool());
    }

    /**
     * A feature flag. One that cannot be read is a warning and no problem, since flags fail open.
     *
     * @param name the variable's name
     * @return an optional, secret variable
     */
    public static ConfigVariable flag(String name) {
        return of(name, ConfigType.flag());
    }

    /**
     * A key in PEM format, private or public, itself and not the path of a file. Line ends may be written as {@code \n}.
     *
     * @param name the variable's name
     * @return an optional, secret variable
     */
    public static ConfigVariable pemKey(String name) {
        return of(name, ConfigType.pemKey());
    }

    /**
     * As {@link #pemKey}, a public one: a private key does not belong where only signatures are verified.
     *
     * @param name the variable's name
     * @return an optional, secret variable
     */
    public static ConfigVariable publicKey(String name) {
        return of(name, ConfigType.publicKey());
    }

    /**
     * The path of a file that can be read and is not empty.
     *
     * @param name the variable's name
     * @return an optional, secret variable
     */
    public static ConfigVariable file(String name) {
        return of(name, ConfigType.file());
    }

    /**
     * Has to be set.
     *
     * @return a new variable
     * @throws IllegalArgumentException if it has a requirement already
     */
    public ConfigVariable required() {
        return require(Requirement.ALWAYS);
    }

    /**
     * Has to be set while a condition holds.
     *
     * @param condition on other variables
     * @return a new variable
     * @throws IllegalArgumentException if it has a requirement already
     */
    public ConfigVariable requiredWhen(Condition condition) {
        return require(new Requirement(Requirement.Kind.WHEN, Objects.requireNonNull(condition, "condition")));
    }

    /**
     * Has to be set while a condition does not hold.
     *
     * @param condition on other variables
     * @return a new variable
     * @throws IllegalArgumentException if it has a requirement already
     */
    public ConfigVariable requiredUnless(Condition condition) {
        return require(new Requirement(Requirement.Kind.UNLESS, Objects.requireNonNull(condition, "condition")));
    }

    private ConfigVariable require(Requirement next) {
        if (requirement.kind() != Requirement.Kind.OPTIONAL) {
            throw new IllegalArgumentException("variable \"" + name
                    + "\" has two requirements; give it one, on a condition of all that it depends on");
        }
        return new ConfigVariable(name, type, next, defaultValue, shown, description, example);
    }

    /**
     * Has this value where it is not set.
     *
     * @param value checked by the type when the schema is built
     * @return a new variable
     */
    public ConfigVariable defaultsTo(String value) {
        return new ConfigVariable(name, type, requirement, value, shown, description, example);
    }

    /**
     * Its value may be shown: in errors, reports and documents. Without this it is a secret, and appears nowhere.
     *
     * @return a new variable
     */
    public ConfigVariable shown() {
        return new ConfigVariable(name, type, requirement, defaultValue, true, description, example);
    }

    /**
     * What it is for, in one line.
     *
     * @param text for people
     * @return a new variable
     */
    public ConfigVariable describedAs(String text) {
        return new ConfigVariable(name, type, requirement, defaultValue, shown, text, example);
    }

    /**
     * A value as it might be; never a real secret.
     *
     * @param value checked by the type when the schema is built
     * @return a new variable
     */
    public ConfigVariable example(String value) {
        return new ConfigVariable(name, type, requirement, defaultValue, shown, description, value);
    }

    /**
     * The variable's name.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    boolean isShown() {
        return shown;
    }

    ConfigType type() {
        return type;
    }

    Requirement requirement() {
        return requirement;
    }

    @Nullable String defaultValue() {
        return defaultValue;
    }

    /** What it means where it is not set; null if nothing. A flag without a default is on. */
    @Nullable Object otherwise() {
        return defaultValue != null ? type.parse(defaultValue) : type.isStrict() ? null : Boolean.TRUE;
    }

    @Nullable String description() {
        return description;
    }

    @Nullable String exampleValue() {
        return example;
    }

    /** Its name and what it must be. */
    @Override
    public String toString() {
        return name + " (" + type.must() + ")";
    }
}
