package io.pratique.metrics;

import io.pratique.flags.EvaluationCount;
import java.util.HashSet;
import java.util.Set;

/**
 * The names that are worth a tag of their own, so that no registry grows without bound: the first 1,000 seen. One that
 * is gone makes room for another; nobody loses its place to one that comes later.
 */
final class TagLimit {

    static final int MAX = 1_000;

    /** Stands for all further names. */
    static final String OTHERS = EvaluationCount.OTHERS;

    private final Set<String> named = new HashSet<>();

    /** The names among those present that have a tag of their own. */
    synchronized Set<String> among(Set<String> present) {
        named.retainAll(present);
        for (String name : present) {
            if (named.size() == MAX) {
                break;
            }
            named.add(name);
        }
        return Set.copyOf(named);
    }
}
