package io.pratique.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
    private static final int LONGEST_PEM = 1 << 20;

    private final String kind;
    private final String words;
    private final List<String> names;
    private final Function<Map<String, Object>, @Nullable ConfigProblem> check;

    private ConfigRule(
            String kind,
            String words,
            List<String> names,
            Function<Map<String, Object>, @Nullable ConfigProblem> check) {
        names.forEach(ConfigVariable::requireName);
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
                    ? null
                    : new ConfigProblem(names, message);
        });
    }

    @SuppressWarnings("unchecked") // the schema's builder has seen that both are of one ordered type
    private static int compare(Object one, Object other) {
        return ((Comparable<Object>) one).compareTo(other);
    }

    /**
     * Two files that make a pair for TLS: both are set or none, one holds a private key and the other a certificate.
     *
     * @param key names the file of the key
     * @param certificate names the file of the certificate, which may be followed by those of its issuers
     * @return the rule
     * @throws IllegalArgumentException if a name is no name of a variable
     */
    public static ConfigRule keyPair(String key, String certificate) {
        String words = key + " and " + certificate + " are set together, to a private key and its certificate";
        return new ConfigRule("keyPair", words, List.of(key, certificate), values -> {
            Object keyFile = values.get(key);
            Object certificateFile = values.get(certificate);
            if (keyFile == null || certificateFile == null) {
                return null;
            }
            if (!firstBlock((Path) keyFile, "PRIVATE KEY")) {
                return ConfigProblem.of(key, "must be the path of a private key in PEM format");
            }
            return firstBlock((Path) certificateFile, "CERTIFICATE")
                    ? null
                    : ConfigProblem.of(certificate, "must be the path of a certificate in PEM format");
        });
    }

    private static boolean firstBlock(Path file, String label) {
        try {
            if (Files.size(file) > LONGEST_PEM) {
                return false;
            }
            String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
            int end = text.indexOf("-----END ");
            int lineEnd = end < 0 ? -1 : text.indexOf('\n', end);
            int begin = text.indexOf("-----BEGIN ");
            return begin >= 0
                    && PemText.of(text.substring(begin, lineEnd < 0 ? text.length() : lineEnd))
                            .filter(block -> block.label().endsWith(label))
                            .isPresent();
        } catch (IOException e) {
            return false;
        }
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

    /** What is wrong with these valid values, by the names of their variables; null if nothing is. */
    @Nullable ConfigProblem check(Map<String, Object> values) {
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
