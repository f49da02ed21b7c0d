package io.pratique.env;

import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a source remembers from one load to the next: which variables were flags, which had valid texts, and what has
 * been complained of already. Guarded by the lock of its source.
 */
final class Recollection {

    private static final Logger LOG = LoggerFactory.getLogger(EnvFlagSource.class);

    /** A file full of bad lines is named by its first ones. */
    private static final int LINES_SHOWN = 20;

    private static final Pattern ORDINARY_NAME = Pattern.compile("[A-Za-z0-9_.-]{1,200}");

    private final String source;
    private final Naming naming;
    private final List<Set<String>> bareNames = new ArrayList<>();
    private final List<Set<String>> heldKeys = new ArrayList<>();
    private Set<String> contradicted = Set.of();
    private Draft.Unparsed unparsed = Draft.Unparsed.NOTHING;

    Recollection(String source, Naming naming, int layers) {
        this.source = source;
        this.naming = naming;
        for (int i = 0; i < layers; i++) {
            bareNames.add(Set.of());
            heldKeys.add(Set.of());
        }
    }

    Draft newDraft() {
        return new Draft(naming, bareNames);
    }

    /** Makes a draft the truth: remembers it, complains of what is new in it, and gives its flags. */
    FlagSet accept(Draft draft) {
        Map<String, Variable.Vote> votes = merge(draft.layers());
        warnOfContradictions(votes);
        warnOfLines(draft.unparsed());
        FlagSet.Builder flags = FlagSet.builder();
        votes.forEach((key, vote) -> flags.put(key, vote.decides().text()));
        return flags.build();
    }

    /**
     * Lays the layers over each other as a client does with sources: a key belongs to the first layer that holds it,
     * which is one whose text is valid, or was before it was spoilt. So a slip of the pen in the upper layer neither
     * hides a value below nor brings one back that the upper layer had overruled.
     */
    private Map<String, Variable.Vote> merge(List<Draft.Layer> layers) {
        Map<String, Variable.Vote> merged = new HashMap<>();
        Set<String> settled = new HashSet<>();
        for (int i = 0; i < layers.size(); i++) {
            Set<String> heldBefore = heldKeys.get(i);
            Set<String> held = new HashSet<>();
            layers.get(i).votes().forEach((key, vote) -> {
                boolean holds = vote.decides().isValid() || heldBefore.contains(key);
                if (holds) {
                    held.add(key);
                }
                boolean overrules = holds && settled.add(key);
                merged.merge(key, vote, (upper, own) -> overrules ? own.over(upper) : upper.over(own));
            });
            // Who holds a key matters only where there is something below.
            heldKeys.set(i, layers.size() == 1 ? Set.of() : held);
            bareNames.set(i, layers.get(i).bareNames());
        }
        return merged;
    }

    private void warnOfContradictions(Map<String, Variable.Vote> votes) {
        Set<String> now = new HashSet<>();
        votes.forEach((key, vote) -> {
            Variable other = vote.contradicts();
            if (other == null) {
                return;
            }
            now.add(key);
            if (!contradicted.contains(key)) {
                LOG.atWarn()
                        .addKeyValue("flag", shownName(key))
                        .addKeyValue("source", source)
                        .log(
                                "Flag {} in source {} has two values: {} decides, {} is passed over",
                                shownName(key),
                                source,
                                shown(vote.decides()),
                                shown(other));
            }
        });
        contradicted = now;
    }

    private static String shown(Variable variable) {
        return shownName(variable.name()) + "=" + FlagText.printable(variable.text());
    }

    /** An ordinary name in full, since a cut one may not be found again; an odd one as any other text. */
    private static String shownName(String name) {
        return ORDINARY_NAME.matcher(name).matches() ? name : FlagText.printable(name);
    }

    private void warnOfLines(Draft.Unparsed found) {
        if (found.equals(unparsed)) {
            return;
        }
        unparsed = found;
        List<Integer> lines = found.lines();
        if (lines.isEmpty()) {
            LOG.atInfo().addKeyValue("source", source).log("All lines of flag source {} parse again", source);
        } else {
            List<Integer> shown = lines.subList(0, Math.min(LINES_SHOWN, lines.size()));
            LOG.atWarn()
                    .addKeyValue("source", source)
                    .addKeyValue("lines", shown)
                    .log(
                            "Flag source {} has {} lines that do not parse and are passed over: {}{}",
                            source,
                            lines.size(),
                            shown,
                            shown.size() < lines.size() ? " and more" : "");
        }
    }
}
