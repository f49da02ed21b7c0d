package io.pratique.benchmarks.checks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/** The keys that every benchmark asks for, so that all of them look for the same. */
final class Keys {

    /** The key of the calls that always ask for the same flag; a literal wherever it is used. */
    static final String CONSTANT = "outbox-processing";

    private Keys() {}

    /** So many flags: the constant one, which is on, and others, of which a third is off. */
    static Map<String, Boolean> answers(int flags) {
        Map<String, Boolean> answers = new LinkedHashMap<>();
        answers.put(CONSTANT, true);
        for (int i = 1; i < flags; i++) {
            answers.put("partner-" + i + "-processing", i % 3 != 0);
        }
        return answers;
    }

    /** The same as text, as a source delivers it. */
    static Map<String, String> values(int flags) {
        return answers(flags).entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue() ? "on" : "off"));
    }

    /** An equal but other instance, made at run time. Its hash has been computed, as that of any string asked twice. */
    static String other(String key) {
        String other = new String(key.toCharArray());
        if (other.hashCode() == 0) {
            throw new IllegalStateException("the hash of \"" + key + "\" is computed each time; take another key");
        }
        return other;
    }

    /** Other instances of all keys, shuffled and repeated to a power of two. */
    static String[] varying(Iterable<String> keys) {
        List<String> others = new ArrayList<>();
        keys.forEach(key -> others.add(other(key)));
        Collections.shuffle(others, new Random(1));
        String[] cycle = new String[Math.max(1, Integer.highestOneBit(others.size() * 2 - 1))];
        for (int i = 0; i < cycle.length; i++) {
            cycle[i] = others.get(i % others.size());
        }
        return cycle;
    }
}
