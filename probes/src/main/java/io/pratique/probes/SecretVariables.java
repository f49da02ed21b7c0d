package io.pratique.probes;

import io.pratique.readiness.ProbeResult;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Environment variables. They cannot change while a process runs, but a deployment may have forgotten them. */
final class SecretVariables implements SecretPlace {

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private final List<String> names;
    private final UnaryOperator<@Nullable String> environment;

    private SecretVariables(List<String> names, UnaryOperator<@Nullable String> environment) {
        this.names = names;
        this.environment = environment;
    }

    static SecretVariables of(List<String> names, UnaryOperator<@Nullable String> environment) {
        if (names.isEmpty()) {
            throw Arguments.refused("The variables of a SecretsProbe", "must be named", "", "give one name or more");
        }
        for (String name : names) {
            if (name == null || !NAME.matcher(name).matches()) {
                throw Arguments.refused(
                        "A variable of a SecretsProbe",
                        "must have a name of letters, digits and underscores",
                        name == null ? null : name.replaceFirst("(?s)=.*", "=…"),
                        "give the name alone");
            }
        }
        return new SecretVariables(List.copyOf(names), environment);
    }

    @Override
    public ProbeResult look(Duration timeout) {
        List<String> missing =
                names.stream().filter(name -> isBlank(environment.apply(name))).toList();
        return missing.isEmpty()
                ? ProbeResult.up()
                : ProbeResult.down("not set or blank: " + String.join(", ", missing));
    }

    private static boolean isBlank(@Nullable String value) {
        return value == null || value.isBlank();
    }

    @Override
    public String toString() {
        return "environment " + String.join(", ", names);
    }
}
