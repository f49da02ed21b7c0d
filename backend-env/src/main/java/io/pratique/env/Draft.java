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
    private final List<Layer> layers = new ArrayList<>();
    private Unparsed unparsed = Unparsed.NOTHING;

    /** Lines of one content that do not parse, by number. */
    record Unparsed(List<Integer> lines, long checksum) {

        static final Unparsed NOTHING = new Unparsed(List.of(), 0);
    }

    /** The variables of one layer: votes by flag key, and the names that are flags without saying so. */
    record Layer(Set<String> knownBareNames, Set<String> bareNames, Map<String, Variable.Vote> votes) {}

    /**
     * Starts with nothing.
     *
     * @param knownBareNames for each layer the bare names that were flags in the load before; their texts count even if
     *     they are no longer flags' words, so that a slip of the pen does not delete a flag
     */
    Draft(Naming naming, List<Set<String>> knownBareNames) {
        this.naming = naming;
        for (Set<String> known : knownBareNames) {
            layers.add(new Layer(known, new HashSet<>(), new HashMap<>()));
        }
    }

    /** Takes in a variable, if it is a flag. */
    void add(int layerIndex, String name, String text) {
        Naming.Meaning meaning = naming.read(name);
        if (meaning == null) {
            return;
        }
        Layer layer = layers.get(layerIndex);
        if (meaning.form() == Naming.Form.BARE) {
            if (FlagText.parse(text) == null && !layer.knownBareNames.contains(name)) {
                return;
            }
            layer.bareNames.add(name);
        }
        Variable variable = new Variable(meaning.form(), name, text);
        layer.votes.compute(
                meaning.key(), (key, vote) -> vote == null ? Variable.Vote.of(variable) : vote.with(variable));
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

    List<Layer> layers() {
        return layers;
    }
}
