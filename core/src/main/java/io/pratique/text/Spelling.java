package io.pratique.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds the name that was probably meant. */
public final class Spelling {

    /** In shorter names, one other letter makes another word. */
    private static final int SHORTEST = 5;

    private static final int TWO_SLIPS_FROM = 9;

    private Spelling() {}

    /**
     * The one name that is close to another.
     *
     * @param name as it is written
     * @param candidates what may be meant
     * @return null if none is close, or several are
     */
    public static @Nullable String closest(String name, Collection<String> candidates) {
        if (name.length() < SHORTEST) {
            return null;
        }
        List<String> close = candidates.stream()
                .filter(candidate -> isClose(name, candidate))
                .toList();
        return close.size() == 1 ? close.get(0) : null;
    }

    /**
     * The name that is the least far from another, however far that is.
     *
     * @param name as it is written
     * @param candidates what may be meant, at least one
     * @return the first in the alphabet of those that are equally near
     * @throws java.util.NoSuchElementException if there are no candidates
     */
    public static String nearest(String name, Collection<String> candidates) {
        return candidates.stream()
                .min(Comparator.comparingInt((String candidate) -> distance(normal(name), normal(candidate)))
                        .thenComparing(Comparator.naturalOrder()))
                .orElseThrow();
    }

    private static boolean isClose(String name, String candidate) {
        int slips = name.length() < TWO_SLIPS_FROM ? 1 : 2;
        if (Math.abs(name.length() - candidate.length()) > slips) {
            return false;
        }
        return distance(normal(name), normal(candidate)) <= slips;
    }

    /** Case and the kind of separator are no slips worth counting. */
    private static String normal(String name) {
        return name.toUpperCase(Locale.ROOT).replace('-', '_').replace('.', '_');
    }

    /** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
    private static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            cost[i][0] = i;
        }
        for (int j = 0; j <= b.length(); j++) {
            cost[0][j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            for (int j = 1; j <= b.length(); j++) {
                int replaced = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                cost[i][j] = Math.min(replaced, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[a.length()][b.length()];
    }
}
