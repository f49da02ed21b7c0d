package io.pratique.flags;

import io.pratique.flags.FlagEvaluation.Origin;
import io.pratique.flags.FlagEvaluation.Others;
import io.pratique.flags.FlagTable.Cell;
import io.pratique.flags.spi.FlagText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Everything that evaluations read, at one moment: the sources in order of precedence, the overrides, the declarations,
 * and the table of answers made from them. Immutable; a change makes the next one.
 */
final class Snapshot {

    private final Declarations declarations;
    private final List<SourceState> sources;
    private final Map<String, LocalOverride> overrides;
    private final Set<String> unknown;
    private final FlagTable table;
    /** The table's own: a look into memory less on the hot path. */
    private final Cell[] slots;

    private Snapshot(
            Declarations declarations,
            List<SourceState> sources,
            Map<String, LocalOverride> overrides,
            Set<String> unknown,
            @Nullable FlagTable unchanged,
            FlagTable before) {
        this.declarations = declarations;
        this.sources = sources;
        this.overrides = overrides;
        this.unknown = unknown;
        this.table = unchanged != null ? unchanged : buildTable(before);
        this.slots = table.searchable();
    }

    /** What was declared, and whether nothing else may be asked for. */
    record Declarations(Map<String, Flag> flags, boolean strict) {

        boolean defaultOf(String key) {
            Flag flag = flags.get(key);
            return flag == null || flag.enabledByDefault();
        }
    }

    static Snapshot first(Declarations declarations, List<SourceState> sources, Map<String, LocalOverride> overrides) {
        return new Snapshot(declarations, List.copyOf(sources), Map.copyOf(overrides), Set.of(), null, FlagTable.EMPTY);
    }

    /** With another state of one source. The table is built again only if the source holds something else. */
    Snapshot with(int index, SourceState state) {
        List<SourceState> next = new ArrayList<>(sources);
        SourceState before = next.set(index, state);
        FlagTable unchanged = before.held() == state.held() ? table : null;
        return new Snapshot(declarations, List.copyOf(next), overrides, unknown, unchanged, table);
    }

    Snapshot with(Map<String, LocalOverride> nextOverrides) {
        return new Snapshot(declarations, sources, Map.copyOf(nextOverrides), unknown, null, table);
    }

    /** With more keys that nobody knows, so that the next look-up of them is as fast as any. */
    Snapshot withUnknown(Set<String> keys) {
        return unknown.equals(keys)
                ? this
                : new Snapshot(declarations, sources, overrides, Set.copyOf(keys), null, table);
    }

    FlagTable table() {
        return table;
    }

    /** The published answer for a key; null if there is none. */
    @Nullable Cell find(String key) {
        Cell cell = FlagTable.search(slots, key);
        return FlagTable.isCrowded(cell) ? table.find(key) : cell;
    }

    List<SourceState> sources() {
        return sources;
    }

    Map<String, LocalOverride> overrides() {
        return overrides;
    }

    Declarations declarations() {
        return declarations;
    }

    boolean allAnswered() {
        return !sources.isEmpty()
                && sources.stream().allMatch(source -> source.health().answered());
    }

    private FlagTable buildTable(FlagTable before) {
        FlagTable.Builder builder = new FlagTable.Builder(before.size());
        addCells(builder, declarations.flags().keySet(), before);
        if (!declarations.strict()) {
            sources.forEach(source -> addCells(builder, source.held().keySet(), before));
            addCells(builder, overrides.keySet(), before);
            addCells(builder, unknown, before);
        }
        return builder.build();
    }

    private void addCells(FlagTable.Builder builder, Set<String> keys, FlagTable before) {
        for (String key : keys) {
            if (!builder.has(key)) {
                builder.add(cell(key, before.find(key)));
            }
        }
    }

    private Cell cell(String key, @Nullable Cell before) {
        LocalOverride override = overrides.get(key);
        int holder = override != null ? -1 : nextHolder(key, 0);
        boolean held = override != null || holder < sources.size();
        boolean enabled =
                override != null ? override.enabled() : held ? enabledIn(holder, key) : declarations.defaultOf(key);
        boolean shadowsOff = held && enabled && hidesOff(key, holder + 1);
        return before != null && before.says(enabled, held, shadowsOff)
                ? before
                : new Cell(key, enabled, held, shadowsOff);
    }

    /** The first source from an index on that holds a key; the number of sources if none does. */
    private int nextHolder(String key, int from) {
        int index = from;
        while (index < sources.size()) {
            Held held = sources.get(index).held().get(key);
            if (held != null && held.holds()) {
                break;
            }
            index++;
        }
        return index;
    }

    private boolean enabledIn(int index, String key) {
        Held held = sources.get(index).held().get(key);
        return held != null && held.enabled();
    }

    private boolean hidesOff(String key, int from) {
        for (int i = nextHolder(key, from); i < sources.size(); i = nextHolder(key, i + 1)) {
            if (!enabledIn(i, key)) {
                return true;
            }
        }
        return false;
    }

    /** The whole answer by the order override, sources, default. */
    FlagEvaluation evaluate(String key, boolean defaultValue, Moment now) {
        LocalOverride override = overrides.get(key);
        if (override != null) {
            Origin origin = new Origin(
                    FlagEvaluation.OVERRIDE,
                    override.value(),
                    override.since(),
                    Duration.ZERO,
                    "\"" + FlagText.printable(override.reason()) + "\" until " + override.endsAt());
            boolean enabled = override.enabled();
            return new FlagEvaluation(key, enabled, Reason.STATIC, null, origin, others(key, enabled, 0));
        }
        int holder = nextHolder(key, 0);
        return holder < sources.size() ? held(key, holder, now) : absent(key, defaultValue, now);
    }

    private FlagEvaluation held(String key, int holder, Moment now) {
        SourceState source = sources.get(holder);
        Held held = source.held().get(key);
        if (held == null) {
            throw new IllegalStateException("not held: " + key);
        }
        boolean stale = held.invalid() || source.health().stale();
        String detail = held.invalid()
                ? "the newer value \"" + FlagText.printable(held.refused()) + "\" cannot be read"
                : source.health().error();
        return new FlagEvaluation(
                key,
                held.enabled(),
                stale ? Reason.STALE : Reason.STATIC,
                held.invalid() ? ErrorCode.PARSE_ERROR : null,
                new Origin(source.name(), held.value(), held.changedAt(), source.age(now), detail),
                others(key, held.enabled(), holder + 1));
    }

    private FlagEvaluation absent(String key, boolean defaultValue, Moment now) {
        Others others = others(key, false, sources.size());
        for (SourceState source : sources) {
            Held refused = source.held().get(key);
            if (refused != null && refused.invalid()) {
                String value = refused.refused();
                Origin origin = new Origin(
                        source.name(), value, refused.changedAt(), source.age(now), "the value cannot be read");
                return new FlagEvaluation(key, defaultValue, Reason.ERROR, ErrorCode.PARSE_ERROR, origin, others);
            }
        }
        ErrorCode code = allAnswered() ? ErrorCode.FLAG_NOT_FOUND : ErrorCode.PROVIDER_NOT_READY;
        return new FlagEvaluation(key, defaultValue, Reason.DEFAULT, code, Origin.NONE, others);
    }

    private Others others(String key, boolean enabled, int from) {
        List<String> shadowed = new ArrayList<>();
        for (int i = nextHolder(key, from); i < sources.size(); i = nextHolder(key, i + 1)) {
            shadowed.add(sources.get(i).name());
        }
        List<String> unanswered = sources.stream()
                .filter(source -> !source.health().answered())
                .map(SourceState::name)
                .toList();
        return new Others(List.copyOf(shadowed), enabled && hidesOff(key, from), unanswered);
    }

    /** The names of the sources that deliver a key, whether it can be read or not. */
    List<String> sourcesOf(String key) {
        return sources.stream()
                .filter(source -> source.held().containsKey(key))
                .map(SourceState::name)
                .toList();
    }

    /** The keys that are declared or that some source delivers, sorted, whether it can be read or not. */
    Set<String> knownKeys() {
        Set<String> keys = new TreeSet<>(declarations.flags().keySet());
        sources.forEach(source -> keys.addAll(source.held().keySet()));
        return keys;
    }
}
