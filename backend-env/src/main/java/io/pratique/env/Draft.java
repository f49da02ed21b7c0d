package io.pratique.env;

import io.pratique.flags.spi.FlagText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What one load has read so far. Whatever is no flag is dropped at once. Used by one thread. */
final class Draft {

    private final Naming naming;
    private final List<Set<String>> knownBareNames;
    private final List<Set<String>> bareNames = new ArrayList<>();
    private final Map<String, List<Variable>> variables = new HashMap<>();
    private Unparsed unparsed = Unparsed.NOTHING;

    /** Lines of one content that do not parse, by number. */
    record Unparsed(List<Integer> lines, long checksum) {

        static final Unparsed NOTHING = new Unparsed(List.of(), 0);
    }

    /**
     * Starts with nothing.
     *
     * @param knownBareNames for each layer the bare names that were flags in the load before; their texts count even if
     *     they are no longer flags' words, so that a slip of the pen does not delete a flag
     */
    Draft(Naming naming, List<Set<String>> knownBareNames) {
        this.naming = naming;
        this.knownBareNames = List.copyOf(knownBareNames);
        knownBareNames.forEach(layer -> bareNames.add(new HashSet<>()));
    }

    /** Takes in a variable, if it is a flag. */
    void add(int layer, String name, String text) {
        Naming.Meaning meaning = naming.read(name);
        if (meaning == null) {
            return;
        }
        if (meaning.form() == Naming.Form.BARE) {
            if (FlagText.parse(text) == null && !knownBareNames.get(layer).contains(name)) {
                return;
            }
            bareNames.get(layer).add(name);
        }
        variables
                .computeIfAbsent(meaning.key(), key -> new ArrayList<>(1))
                .add(new Variable(layer, meaning.form(), name, text));
    }

    /** Takes in a variable of a source that has one layer. */
    void add(String name, String text) {
        add(0, name, text);
    }

    void unparsed(Unparsed lines) {
        unparsed = lines;
    }

    Unparsed unparsed() {
        return unparsed;
    }

    /** For each layer the bare names that are flags. */
    List<Set<String>> bareNames() {
        return bareNames;
    }

    /** The variables that speak of each flag, by its key; those of one name in the order of their lines. */
    Map<String, List<Variable>> variables() {
        return variables;
    }
}
