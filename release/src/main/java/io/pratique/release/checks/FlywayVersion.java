package io.pratique.release.checks;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A version as Flyway compares it, number by number: {@code 1.0} is {@code 1}.
 *
 * @param numbers without zeros at the end
 */
record FlywayVersion(List<BigInteger> numbers) implements Comparable<FlywayVersion> {

    /** Numbers with a dot or an underscore between, as in the name of a file. */
    static final String PATTERN = "\\d{1,100}(?:[._]\\d{1,100}){0,100}+";

    /** A text that matches the pattern. */
    static FlywayVersion of(String text) {
        List<BigInteger> numbers = new ArrayList<>();
        for (String part : text.split("[._]", -1)) {
            numbers.add(new BigInteger(part));
        }
        while (numbers.size() > 1 && numbers.get(numbers.size() - 1).signum() == 0) {
            numbers.remove(numbers.size() - 1);
        }
        return new FlywayVersion(List.copyOf(numbers));
    }

    @Override
    public int compareTo(FlywayVersion other) {
        for (int i = 0; i < Math.min(numbers.size(), other.numbers.size()); i++) {
            int difference = numbers.get(i).compareTo(other.numbers.get(i));
            if (difference != 0) {
                return difference;
            }
        }
        return Integer.compare(numbers.size(), other.numbers.size());
    }

    @Override
    public String toString() {
        return numbers.stream().map(BigInteger::toString).collect(Collectors.joining("."));
    }
}
