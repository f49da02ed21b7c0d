package io.pratique.benchmarks.checks;

import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Where a thread is in the cycle of varying keys. */
@State(Scope.Thread)
public class Cursor {

    private int next;

    /** At the start. */
    public Cursor() {}

    String next(String[] cycle) {
        return cycle[next++ & (cycle.length - 1)];
    }
}
