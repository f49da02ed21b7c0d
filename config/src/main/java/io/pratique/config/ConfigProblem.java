package io.pratique.config;

import java.util.List;

/**
 * One thing that is wrong. It holds no secret: values are shown of variables only that are declared
 * {@linkplain ConfigVariable#shown() shown}. Immutable.
 */
public final class ConfigProblem {

    private final List<String> names;
    private final String message;

    ConfigProblem(List<String> names, String message) {
        this.names = List.copyOf(names);
        this.message = message;
    }

    static ConfigProblem of(String name, String message) {
        return new ConfigProblem(List.of(name), name + " " + message);
    }

    /**
     * The variables it is about, the one to mend first.
     *
     * @return names of variables; empty if it is about none
     */
    public List<String> names() {
        return names;
    }

    /**
     * What is wrong, for people.
     *
     * @return one line
     */
    public String message() {
        return message;
    }

    /** The line of a report: {@code NAME: message}; what is about several variables stands alone. */
    @Override
    public String toString() {
        return names.size() == 1 ? names.get(0) + ": " + message : message;
    }
}
