package io.pratique.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What other variables have to be for something to matter. Errors and documents show what they are compared with, so they
 * must be declared {@linkplain ConfigVariable#shown() shown}, or be a one-of, a boolean or a flag. Immutable.
 *
 * <pre>{@code
 * Condition.is("STORAGE_PROVIDER", "s3")
 * }</pre>
 */
public final class Condition {

    private final List<Term> terms;

    private Condition(List<Term> terms) {
        this.terms = List.copyOf(terms);
    }

    /** One variable and the values of which it must have one. */
    record Term(String name, List<String> values) {

        @Override
        public String toString() {
            return name + "=" + String.join(" or ", values);
        }
    }

    /**
     * A variable has a value, by setting or by default.
     *
     * @param name the variable
     * @param value the value, compared by what it means to the variable's type: {@code 1} is {@code true} to a boolean
     * @return the condition
     * @throws IllegalArgumentException if the name is no name of a variable
     */
    public static Condition is(String name, String value) {
        return isAnyOf(name, value);
    }

    /**
     * A variable has one of several values, by setting or by default.
     *
     * @param name the variable
     * @param values at least one
     * @return the condition
     * @throws IllegalArgumentException if the name is no name of a variable, or no value is given
     */
    public static Condition isAnyOf(String name, String... values) {
        if (values == null || values.length == 0 || Arrays.asList(values).contains(null)) {
            throw new IllegalArgumentException("a condition on variable \"" + VariableName.require(name)
                    + "\" must name the values for which it holds, but names none; give one at least");
        }
        return new Condition(List.of(new Term(VariableName.require(name), List.of(values))));
    }

    /**
     * Both conditions.
     *
     * @param other the other one, on other variables
     * @return a new condition
     * @throws IllegalArgumentException if both are on one variable, which has one value only
     */
    public Condition and(Condition other) {
        for (String name : other.names()) {
            if (names().contains(name)) {
                throw new IllegalArgumentException("a condition wants variable \"" + name
                        + "\" to have two values at once; give those of which it may have one to isAnyOf(..)");
            }
        }
        List<Term> both = new ArrayList<>(terms);
        both.addAll(other.terms);
        return new Condition(both);
    }

    List<Term> terms() {
        return terms;
    }

    /** The variables it asks for. */
    Set<String> names() {
        return terms.stream().map(Term::name).collect(Collectors.toSet());
    }

    /** As messages have it: {@code STORAGE_PROVIDER=s3}. */
    @Override
    public String toString() {
        return terms.stream().map(Term::toString).collect(Collectors.joining(" and "));
    }
}
