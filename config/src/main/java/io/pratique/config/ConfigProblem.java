package io.pratique.config;

import java.util.List;

/**
 * One thing that is wrong. It holds no secret: values are shown of variables only that are declared
 * {@linkplain ConfigVariable#shown() shown}.
 *
 * @param names the variables it is about, the one to mend first
 * @param message what is wrong, for people
 */
public record ConfigProblem(List<String> names, String message) {

    /**
     * Copies the names.
     *
     * @param names copied
     * @param message any
     */
    public ConfigProblem {
        names = List.copyOf(names);
    }

    static ConfigProblem of(String name, String message) {
        return new ConfigProblem(List.of(name), name + " " + message);
    }

    /** The line of a report: {@code NAME: message}; what is about several variables stands alone. */
    @Override
    public String toString() {
        return names.size() == 1 ? names.get(0) + ": " + message : message;
    }
}
