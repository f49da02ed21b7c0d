package io.pratique.env;

import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which flag a variable speaks of. Letters of either case are the same, and so are {@code _}, {@code .} and {@code -},
 * so {@code OUTBOX_ENABLED} and {@code outbox.enabled} are spellings of one name.
 *
 * <p>A name speaks of one flag only: what is left of it without {@code _ENABLED}, else without {@code ENABLE_}, else
 * all of it.
 */
final class Naming {

    /** The names as they are, and the rule above. */
    static final Naming DEFAULT = new Naming("", null);

    private static final String SUFFIX = "_ENABLED";
    private static final String PREFIX = "ENABLE_";

    /** How a name speaks of its flag, in the order in which they decide. */
    enum Form {
        /** {@code X_ENABLED}. */
        SUFFIXED,
        /** {@code ENABLE_X}. */
        PREFIXED,
        /** {@code X}, which is a flag only if its text is a flag's word. */
        BARE,
        /** Whatever the caller's mapping knows. */
        MAPPED
    }

    /** What a name speaks of. */
    record Meaning(String key, Form form) {}

    private final String prefix;
    private final @Nullable Function<String, @Nullable String> mapping;

    private Naming(String prefix, @Nullable Function<String, @Nullable String> mapping) {
        this.prefix = prefix;
        this.mapping = mapping;
    }

    Naming withPrefix(@Nullable String newPrefix) {
        if (newPrefix == null || newPrefix.length() < 2 || canonical(newPrefix.charAt(newPrefix.length() - 1)) != '_') {
            throw new IllegalArgumentException(
                    "The prefix of flag variables must be a word and then \"_\", \".\" or \"-\", but is \"" + newPrefix
                            + "\"; write it as in \"MYAPP_\"");
        }
        return new Naming(newPrefix, mapping);
    }

    Naming withMapping(@Nullable Function<String, @Nullable String> newMapping) {
        if (newMapping == null) {
            throw new IllegalArgumentException(
                    "The mapping of flag variables must be a function, but is \"null\"; leave it out for the default");
        }
        return new Naming(prefix, newMapping);
    }

    /** What a variable's name speaks of; null if it is no flag's name. */
    @Nullable Meaning read(String name) {
        if (!startsWith(name, prefix)) {
            return null;
        }
        String own = name.substring(prefix.length());
        return mapping == null ? byRule(own) : byMapping(mapping, own);
    }

    private static @Nullable Meaning byRule(String name) {
        if (endsWith(name, SUFFIX)) {
            return meaning(name.substring(0, name.length() - SUFFIX.length()), Form.SUFFIXED);
        }
        if (startsWith(name, PREFIX)) {
            return meaning(name.substring(PREFIX.length()), Form.PREFIXED);
        }
        return meaning(name, Form.BARE);
    }

    /** A name such as {@code _ENABLED} or {@code _} has no word in it that could be a flag. */
    private static @Nullable Meaning meaning(String word, Form form) {
        return word.codePoints().anyMatch(Character::isLetterOrDigit) ? new Meaning(kebab(word), form) : null;
    }

    private static String kebab(String word) {
        return word.toLowerCase(Locale.ROOT).replace('_', '-').replace('.', '-');
    }

    private static @Nullable Meaning byMapping(Function<String, @Nullable String> mapping, String name) {
        String key;
        try {
            key = mapping.apply(name);
        } catch (RuntimeException e) {
            // Its message may hold the name of a variable that is no flag, so only its kind and place are passed on.
            IllegalStateException failure = new IllegalStateException(
                    "The mapping of flag variables threw " + e.getClass().getName() + "; let it return null instead");
            failure.setStackTrace(e.getStackTrace());
            throw failure;
        }
        return key == null || key.isBlank() ? null : new Meaning(key, Form.MAPPED);
    }

    private static boolean startsWith(String name, String start) {
        return name.length() >= start.length() && matches(name, 0, start);
    }

    private static boolean endsWith(String name, String end) {
        return name.length() >= end.length() && matches(name, name.length() - end.length(), end);
    }

    private static boolean matches(String name, int from, String part) {
        for (int i = 0; i < part.length(); i++) {
            if (canonical(name.charAt(from + i)) != canonical(part.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static char canonical(char c) {
        return c == '.' || c == '-' ? '_' : Character.toUpperCase(c);
    }
}
