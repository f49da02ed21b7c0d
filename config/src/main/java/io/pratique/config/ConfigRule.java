package io.pratique.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What has to hold between variables. It is asked only if what it compares is set, by default at least, and valid: what
 * follows from another problem is none of its own. Immutable.
 */
public final class ConfigRule {

    private static final Set<String> ORDERED = Set.of("integer", "port", "duration", "size");

    private final String kind;
    private final String words;
    private final List<String> names;
    private final Function<Map<String, Object>, List<ConfigProblem>> check;

    private ConfigRule(
            String kind, String words, List<String> names, Function<Map<String, Object>, List<ConfigProblem>> check) {
        names.forEach(VariableName::require);
        this.kind = kind;
        this.words = words;
        this.names = names;
        this.check = check;
    }

    /**
     * One value is not less than another.
     *
     * @param name an integer, a port, a duration or a size
     * @param least of the same type
     * @return the rule
     * @throws IllegalArgumentException if a name is no name of a variable
     */
    public static ConfigRule notLess(String name, String least) {
        return ordered("notLess", name, least, "should not be less than", order -> order >= 0);
    }

    /**
     * One value is greater than another.
     *
     * @param name an integer, a port, a duration or a size
     * @param less of the same type
     * @return the rule
     * @throws IllegalArgumentException if a name is no name of a variable
     */
    public static ConfigRule greater(String name, String less) {
        return ordered("greater", name, less, "should be greater than", order -> order > 0);
    }

    private static ConfigRule ordered(
            String kind, String name, String other, String words, Function<Integer, Boolean> holds) {
        List<String> names = List.of(name, other);
        String message = name + " " + words + " " + other;
        return new ConfigRule(kind, message, names, values -> {
            Object one = values.get(name);
            Object two = values.get(other);
            return one == null || two == null || holds.apply(compare(one, two))
                    ? List.of()
                    : List.of(new ConfigProblem(names, message));
        });
    }

    @SuppressWarnings("unchecked") // the schema's builder has seen that both are of one ordered type
    private static int compare(Object one, Object other) {
        return ((Comparable<Object>) one).compareTo(other);
    }

    /**
     * Two files that make a pair for TLS: both are set or none, one holds a private key and the other its certificate, both
     * in PEM format. That they belong together is seen of keys in PKCS #8; of a key in an older form only its algorithm is
     * compared, of one that is encrypted nothing.
     *
     * @param key names the file of the key
     * @param certificate names the file of the certificate, which may be followed by those of its issuers
     * @return the rule
     * @throws IllegalArgumentException if a name is no name of a variable
     */
    public static ConfigRule keyPair(String key, String certificate) {
        KeyPairFiles files = new KeyPairFiles(key, certificate);
        return new ConfigRule("keyPair", files.words(), List.of(key, certificate), values -> {
            Object keyFile = values.get(key);
            Object certificateFile = values.get(certificate);
            return keyFile == null || certificateFile == null
                    ? List.of()
                    : files.problems((Path) keyFile, (Path) certificateFile);
        });
    }

    /** Whether each of its variables has to be set where another one is. */
    boolean bindsTogether() {
        return kind.equals("keyPair");
    }

    /** The rule in a sentence, for documents. */
    String words() {
        return words;
    }

    List<String> names() {
        return names;
    }

    /** What is wrong with these valid values, by the names of their variables. */
    List<ConfigProblem> check(Map<String, Object> values) {
        return check.apply(values);
    }

    /** What speaks against these types; null if nothing does. */
    @Nullable String mismatch(ConfigType one, ConfigType other) {
        if (bindsTogether()) {
            return one.kind().equals("file") && other.kind().equals("file") ? null : "both must be files";
        }
        return one.kind().equals(other.kind()) && ORDERED.contains(one.kind())
                ? null
                : "both must be integers, ports, durations or sizes";
    }

    @Override
    public String toString() {
        return kind + names;
    }
}
