package io.pratique.release.checks;

import io.pratique.flags.spi.FlagText;
import io.pratique.release.StepAction;
import io.pratique.release.StepContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Lets a release begin only where it is meant to run: every variable of the environment that is named must have exactly
 * the value that is named. One that is absent does not let it begin, and nothing gets around it. Immutable.
 */
public final class Guard implements StepAction {

    private final Map<String, String> required;
    private final Function<String, @Nullable String> environment;

    private Guard(Map<String, String> required, Function<String, @Nullable String> environment) {
        this.required = required;
        this.environment = environment;
    }

    /**
     * A guard that wants one variable.
     *
     * @param variable such as {@code CI}
     * @param value such as {@code true}; it is shown, so it must be no secret
     * @return the guard
     * @throws IllegalArgumentException if either is null or blank
     */
    public static Guard requires(String variable, String value) {
        return over(System::getenv).and(variable, value);
    }

    static Guard over(Function<String, @Nullable String> environment) {
        return new Guard(Map.of(), environment);
    }

    /**
     * The same guard that wants one variable more.
     *
     * @param variable such as {@code NODE_ENV}
     * @param value such as {@code production}
     * @return a new guard
     * @throws IllegalArgumentException if either is null or blank
     */
    public Guard and(String variable, String value) {
        if (variable == null || variable.isBlank() || value == null || value.isBlank()) {
            throw new IllegalArgumentException("a guard needs a variable and its value, but has \"" + variable
                    + "\" and \"" + value + "\"; write requires(\"CI\", \"true\")");
        }
        Map<String, String> more = new LinkedHashMap<>(required);
        more.put(variable, value);
        return new Guard(more, environment);
    }

    /** Throws if a variable is not as it must be; the values of the environment are not shown. */
    @Override
    public void run(StepContext context) {
        List<String> faults = new ArrayList<>();
        required.forEach((variable, value) -> {
            String found = environment.apply(variable);
            if (!value.equals(found)) {
                faults.add(FlagText.printable(variable, 100) + " must be \"" + FlagText.printable(value, 100)
                        + "\", but is " + (found == null ? "not set" : "something else"));
            }
        });
        if (!faults.isEmpty()) {
            throw new IllegalStateException(String.join("; ", faults) + "; a release is run where all of that is so");
        }
        context.tell(String.join(", ", required.keySet()));
    }
}
