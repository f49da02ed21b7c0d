package io.pratique.config;

import io.pratique.text.Spelling;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One comparison of values with a schema. Whatever follows from another problem is left out. */
final class Validation {

    private final ConfigSchema schema;
    private final ConfigValues values;
    private final Map<String, Setting> settings = new LinkedHashMap<>();
    private final Map<String, @Nullable String> unmet = new HashMap<>();
    private final Set<String> foreign;
    private final List<ConfigProblem> problems = new ArrayList<>();
    private final List<ConfigProblem> warnings = new ArrayList<>();

    /** Whether a condition holds, as far as that can be told. */
    private enum Truth {
        YES,
        NO,
        UNKNOWN
    }

    Validation(ConfigSchema schema, ConfigValues values) {
        this.schema = schema;
        this.values = values;
        schema.variables()
                .forEach(variable -> settings.put(variable.name(), Setting.of(variable, values.find(variable.name()))));
        this.foreign = values.names().stream()
                .filter(name -> !settings.containsKey(name))
                .collect(Collectors.toUnmodifiableSet());
    }

    ConfigReport run() {
        values.slips().stream()
                .filter(place -> settings.values().stream().noneMatch(setting -> setting.isAt(place)))
                .forEach(place -> warnings.add(new ConfigProblem(List.of(), Setting.slip(place))));
        settings.values().forEach(this::check);
        Map<String, Object> valid = new HashMap<>();
        settings.forEach((name, setting) -> {
            if (setting.state().counts()) {
                valid.put(name, Objects.requireNonNull(setting.value()));
            }
        });
        for (ConfigRule rule : schema.rules()) {
            problems.addAll(rule.check(valid));
        }
        for (ConfigSchema.Warning warning : schema.warnings()) {
            if (truth(warning.when()) == Truth.YES) {
                warnings.add(new ConfigProblem(List.of(warning.name()), warning.message()));
            }
        }
        return new ConfigReport(schema.name(), List.copyOf(settings.values()), problems, warnings);
    }

    private void check(Setting setting) {
        ConfigProblem fault = setting.fault();
        if (fault != null) {
            if (setting.variable().type().isStrict()) {
                problems.add(fault);
            } else {
                warnings.add(new ConfigProblem(fault.names(), fault.message() + "; the flag fails open"));
            }
            return;
        }
        if (setting.state() == Setting.State.VALID) {
            return;
        }
        String misspelt = Spelling.closest(setting.variable().name(), foreign);
        String requirement = setting.state().isUnset() ? unmet(setting) : null;
        if (requirement != null) {
            problems.add(setting.missing(requirement, misspelt));
        } else if (misspelt != null) {
            warnings.add(setting.missing(setting.state().isUnset() ? "is not set" : "has its default", misspelt));
        }
    }

    /** Why a variable that is not set has to be; null if it need not be, or if that cannot be told. */
    private @Nullable String unmet(Setting setting) {
        String name = setting.variable().name();
        // Found out once, since many conditions may ask for it, and each of those may ask again.
        if (!unmet.containsKey(name)) {
            unmet.put(name, whyUnmet(setting));
        }
        return unmet.get(name);
    }

    private @Nullable String whyUnmet(Setting setting) {
        Requirement requirement = setting.variable().requirement();
        Condition condition = requirement.condition();
        boolean needed = switch (requirement.kind()) {
            case OPTIONAL -> false;
            case ALWAYS -> true;
            case WHEN -> condition != null && truth(condition) == Truth.YES;
            case UNLESS -> condition != null && truth(condition) == Truth.NO;
        };
        return needed ? requirement.toString() : unpaired(setting);
    }

    private @Nullable String unpaired(Setting setting) {
        String name = setting.variable().name();
        return schema.rules().stream()
                .filter(rule -> rule.bindsTogether() && rule.names().contains(name))
                .flatMap(rule -> rule.names().stream())
                .filter(other -> !other.equals(name) && !setting(other).state().isUnset())
                .findFirst()
                .map(other -> "is required when " + other + " is set")
                .orElse(null);
    }

    private Setting setting(String name) {
        return Objects.requireNonNull(settings.get(name), name);
    }

    private Truth truth(Condition condition) {
        Truth all = Truth.YES;
        for (Condition.Term term : condition.terms()) {
            Truth one = truth(term);
            if (one == Truth.NO) {
                return Truth.NO;
            }
            all = one == Truth.UNKNOWN ? Truth.UNKNOWN : all;
        }
        return all;
    }

    /** Of what is invalid, or missing though it has to be set, nobody knows what it was to be. */
    private Truth truth(Condition.Term term) {
        Setting setting = setting(term.name());
        boolean isUnset = setting.state().isUnset();
        if (isUnset && unmet(setting) != null) {
            return Truth.UNKNOWN;
        }
        Object value = setting.effect();
        if (value == null) {
            return isUnset ? Truth.NO : Truth.UNKNOWN;
        }
        return schema.meanings(term).contains(value) ? Truth.YES : Truth.NO;
    }
}
