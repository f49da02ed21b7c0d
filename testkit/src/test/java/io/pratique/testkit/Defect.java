package io.pratique.testkit;

import java.util.List;

/**
 * Something that a source or a store can get wrong.
 *
 * @param name says what
 * @param factory makes a source that has it
 * @param caughtBy the tests of the contract that have to fail, as {@code Group.test}; others may fail too
 * @param <B> what it is a source over
 * @param <S> the source
 */
record Defect<B, S>(String name, Factory<B, S> factory, List<String> caughtBy) {

    /** Makes a source over a backend. */
    @FunctionalInterface
    interface Factory<B, S> {
        S open(B backend) throws Exception;
    }

    static <B, S> Defect<B, S> of(String name, Factory<B, S> factory, String... caughtBy) {
        return new Defect<>(name, factory, List.of(caughtBy));
    }

    @Override
    public String toString() {
        return name;
    }
}
