package io.pratique.testkit;

import io.pratique.flags.spi.FlagSource;
import java.util.List;
import java.util.stream.Stream;

/**
 * Something that a source can get wrong.
 *
 * @param name says what
 * @param factory makes a source that has it
 * @param caughtBy the tests of the contract that have to fail, as {@code Group.test}; others may fail too
 */
record Defect(String name, Factory factory, List<String> caughtBy) {

    /** Makes a source over a backend. */
    @FunctionalInterface
    interface Factory {
        FlagSource open(MemoryBackend backend) throws Exception;
    }

    static Defect of(String name, Factory factory, String... caughtBy) {
        return new Defect(name, factory, List.of(caughtBy));
    }

    static Stream<Defect> all() {
        return Stream.of(LoadDefects.ALL, ReloadDefects.ALL, LifeCycleDefects.ALL, WatchDefects.ALL)
                .flatMap(List::stream);
    }

    @Override
    public String toString() {
        return name;
    }
}
