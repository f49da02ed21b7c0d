package io.pratique.env;

import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a source remembers from one load to the next: which variables were flags, which of them held one, and what has
 * been complained of already. Guarded by the lock of its source.
 */
final class Recollection {

    private static final Logger LOG = LoggerFactory.getLogger(EnvFlagSource.class);

    /** A file full of bad lines is named by its first ones. */
    private static final int LINES_SHOWN = 20;

    private static final Pattern ORDINARY_NAME = Pattern.compile("[A-Za-z0-9_.-]{1,200}");

    private final String source;
    private final Naming naming;
    private List<Set<String>> bareNames;
    private List<Set<String>> holders;
    private Set<String> contradicted = Set.of();
    private Draft.Unparsed unparsed = Draft.Unparsed.NOTHING;

    Recollection(String source, Naming naming, int layers) {
        this.source = source;
        this.naming = naming;
        this.bareNames = Collections.nCopies(layers, Set.of());
        this.holders = bareNames;
    }

    Draft newDraft() {
        return new Draft(naming, bareNames);
    }

    /** Makes a draft the truth: remembers it, complains of what is new in it, and gives its flags. */
    FlagSet accept(Draft draft) {
        Map<String, Variable.Vote> votes = new HashMap<>();
        List<Set<String>> holdersNow = new ArrayList<>();
        holders.forEach(layer -> holdersNow.add(new HashSet<>()));
        FlagSet.Builder flags = FlagSet.builder();
        draft.variables().forEach((key, variables) -> {
            Variable.Vote vote = Variable.Vote.among(variables, this::isHolder);
            Variable decides = vote.decides();
            if (decides.isValid() || isHolder(decides)) {
                holdersNow.get(decides.layer()).add(decides.name());
            }
            votes.put(key, vote);
            flags.put(key, decides.text());
        });
        holders = holdersNow;
        bareNames = draft.bareNames();
        warnOfContradictions(votes);
        warnOfLines(draft.unparsed());
        return flags.build();
    }

    private boolean isHolder(Variable variable) {
        return holders.get(variable.layer()).contains(variable.name());
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
