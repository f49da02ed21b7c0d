package io.pratique.config;

import io.pratique.flags.spi.FlagText;
import io.pratique.text.DurationText;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the text of a variable may be, and what it means. Texts come without white space around them.
 *
 * @param kind its name in documents and files
 * @param must what a value must be, as messages have it after "must be"
 * @param parser gives what a text means; null if it is not of this type
 * @param pattern what all texts of this type match, in the regular expressions that Java and ECMA-262 share
 * @param words the words that a one-of accepts, for documents; empty for others
 */
record ConfigType(
        String kind, String must, Function<String, @Nullable Object> parser, String pattern, List<String> words) {

    private static final String DURATION =
            "(?:\\d{1,9}(?:ms|s|m|h|d)|P(?=\\d|T\\d)(?:\\d{1,9}D)?(?:T(?=\\d)(?:\\d{1,9}H)?(?:\\d{1,9}M)?(?:\\d{1,9}(?:\\.\\d{1,9})?S)?)?)";

    /** The larger the unit, the fewer the digits: no size that is taken is beyond a long. */
    private static final String SIZE =
            "(?:\\d{1,15}(?:B|kB|KB|KiB)?|\\d{1,12}(?:MB|MiB)|\\d{1,9}(?:GB|GiB)|\\d{1,6}(?:TB|TiB))";

    private static final Pattern UNIT = Pattern.compile("[A-Za-z]+");
    private static final Map<String, Long> UNITS = Map.of(
            "B", 1L,
            "kB", 1_000L,
            "KB", 1_000L,
            "MB", 1_000_000L,
            "GB", 1_000_000_000L,
            "TB", 1_000_000_000_000L,
            "KiB", 1L << 10,
            "MiB", 1L << 20,
            "GiB", 1L << 30,
            "TiB", 1L << 40);

    /** Of texts that are not looked at otherwise. */
    private static final String NO_PLACEHOLDER = "(?!" + Placeholder.PATTERN + "\\s*$)\\S[\\s\\S]*";

    /** Linear in the length of the text: no two parts of it can take the same character. */
    private static final Pattern URL = Pattern.compile("([a-z][a-z0-9-]*)://([^\\s/?#]+)(?:[/?#]\\S*)?");

    private static final List<String> BOOLEANS =
            List.of("true", "false", "on", "off", "yes", "no", "1", "0", "enabled", "disabled");

    ConfigType(String kind, String must, Function<String, @Nullable Object> parser, String pattern) {
        this(kind, must, parser, pattern, List.of());
    }

    /** What a text means; null if it is not of this type. */
    @Nullable Object parse(String text) {
        return parser.apply(text);
    }

    /** Whether its values are words that the schema itself shows, and so no secrets. */
    boolean isClosed() {
        return !words.isEmpty() || kind.equals("boolean") || kind.equals("flag");
    }

    /** Whether a value that is none stops the program. */
    boolean isStrict() {
        return !kind.equals("flag");
    }

    /** Matches all texts that mean the same as one of these. */
    String patternOf(List<String> values) {
        if (!kind.equals("boolean") && !kind.equals("flag")) {
            return alternatives(values.stream().map(ConfigType::quoted).toList());
        }
        return anyCase(BOOLEANS.stream()
                .filter(word -> values.stream().anyMatch(value -> Objects.equals(parse(value), parse(word))))
                .toList());
    }

    static ConfigType text() {
        return new ConfigType("text", "a text", text -> text, NO_PLACEHOLDER);
    }

    static ConfigType oneOf(String... values) {
        if (values == null || values.length == 0) {
            throw new IllegalArgumentException(
                    "the words of a one-of must be one at least, but are \"[]\"; give them all");
        }
        List<String> words = Arrays.stream(values).map(ConfigType::requireWord).toList();
        return new ConfigType(
                "one-of",
                "one of: " + String.join(", ", words),
                text -> words.contains(text) ? text : null,
                alternatives(words.stream().map(ConfigType::quoted).toList()),
                words);
    }

    private static String requireWord(String word) {
        if (word == null || word.isBlank() || !word.equals(word.strip())) {
            throw new IllegalArgumentException(
                    "a word of a one-of must not be blank, nor have white space around it, but is "
                            + (word == null ? "null" : "\"" + FlagText.printable(word) + "\"")
                            + "; give it as it is to be written");
        }
        return word;
    }

    private static String quoted(String word) {
        return word.replaceAll("[\\\\^$.|?*+()\\[\\]{}/]", "\\\\$0");
    }

    private static String alternatives(List<String> patterns) {
        return "(?:" + String.join("|", patterns) + ")";
    }

    static ConfigType integer(long min, long max) {
        if (min > max) {
            throw new IllegalArgumentException("the range of an integer must not be empty, but is \"" + min + " to "
                    + max + "\"; give the smaller bound first");
        }
        IntegerRange range = new IntegerRange(min, max);
        return new ConfigType("integer", "an integer from " + min + " to " + max, range::parse, range.pattern());
    }

    static ConfigType port() {
        IntegerRange range = new IntegerRange(1, 65_535);
        return new ConfigType("port", "a port from 1 to 65535", range::parse, range.pattern());
    }

    static ConfigType url(String... schemes) {
        if (schemes == null || schemes.length == 0) {
            throw new IllegalArgumentException(
                    "the schemes of a URL must be one at least, but are \"[]\"; give them all");
        }
        List<String> known =
                Arrays.stream(schemes).map(ConfigType::requireScheme).toList();
        String begins = known.stream().map(scheme -> scheme + "://").collect(Collectors.joining(" or "));
        return new ConfigType(
                "url",
                "a URL that begins with " + begins + " and names a host",
                text -> isUrl(text, known) ? text : null,
                alternatives(known) + "://" + HostList.AUTHORITY + "(?:[/?#]\\S*)?");
    }

    private static boolean isUrl(String text, List<String> schemes) {
        Matcher url = URL.matcher(text);
        return url.matches() && schemes.contains(url.group(1)) && HostList.isAuthority(url.group(2));
    }

    private static String requireScheme(String scheme) {
        if (scheme == null || !scheme.matches("[a-z][a-z0-9-]*")) {
            throw new IllegalArgumentException(
                    "a scheme of a URL must be lower-case letters, digits and hyphens, but is "
                            + (scheme == null ? "null" : "\"" + FlagText.printable(scheme) + "\"")
                            + "; give it without the \"://\", such as \"postgresql\"");
        }
        return scheme;
    }

    static ConfigType hosts() {
        return new ConfigType(
                "hosts",
                "hosts with ports, separated by commas, such as kafka-1:9092,kafka-2:9092",
                HostList::parse,
                HostList.PATTERN);
    }

    static ConfigType duration() {
        return matching(
                "duration", "a duration such as 500ms, 30s, 5m, 2h, 7d or PT30S", DURATION, DurationText::parse);
    }

    static ConfigType size() {
        return matching("size", "a size in bytes such as 1024, 10MB or 512KiB", SIZE, ConfigType::parseSize);
    }

    private static Object parseSize(String text) {
        Matcher unit = UNIT.matcher(text);
        return unit.find()
                ? Long.parseLong(text.substring(0, unit.start())) * UNITS.getOrDefault(unit.group(), 1L)
                : Long.parseLong(text);
    }

    static ConfigType bool() {
        return booleanOf("boolean", "true or false");
    }

    static ConfigType flag() {
        return booleanOf("flag", "true/false, on/off, yes/no, 1/0 or enabled/disabled");
    }

    private static ConfigType booleanOf(String kind, String must) {
        return new ConfigType(kind, must, FlagText::parse, anyCase(BOOLEANS));
    }

    private static String anyCase(List<String> words) {
        return alternatives(words.stream().map(ConfigType::anyCase).toList());
    }

    /** Matches a word of small letters and digits in any case. */
    static String anyCase(String word) {
        return word.chars()
                .mapToObj(c -> "[" + (char) c + Character.toString(c).toUpperCase(Locale.ROOT) + "]")
                .collect(Collectors.joining());
    }

    static ConfigType pemKey() {
        return key("pem-key", "a key", "KEY");
    }

    static ConfigType publicKey() {
        return key("public-key", "a public key", "PUBLIC KEY");
    }

    private static ConfigType key(String kind, String what, String label) {
        return new ConfigType(
                kind,
                what + " in PEM format, from \"-----BEGIN ... " + label + "-----\" to \"-----END ... " + label
                        + "-----\"",
                text -> PemText.of(text)
                        .filter(block -> block.label().endsWith(label))
                        .map(block -> PemText.withLineEnds(text))
                        .orElse(null),
                "-----BEGIN [A-Z0-9 ]*" + label + "-----[\\s\\S]+-----END [A-Z0-9 ]*" + label + "-----");
    }

    static ConfigType file() {
        return new ConfigType(
                "file", "the path of a file that can be read and is not empty", ConfigType::parseFile, NO_PLACEHOLDER);
    }

    private static @Nullable Object parseFile(String text) {
        try {
            Path path = Path.of(text);
            return Files.isRegularFile(path)
                            && Files.isReadable(path)
                            && path.toFile().length() > 0
                    ? path
                    : null;
        } catch (InvalidPathException | SecurityException e) {
            return null;
        }
    }

    private static ConfigType matching(
            String kind, String must, String pattern, Function<String, @Nullable Object> meaning) {
        Pattern compiled = Pattern.compile(pattern);
        return new ConfigType(
                kind, must, text -> compiled.matcher(text).matches() ? meaning.apply(text) : null, pattern);
    }
}
