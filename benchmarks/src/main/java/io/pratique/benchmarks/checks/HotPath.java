package io.pratique.benchmarks.checks;

import com.configcat.ConfigCatClient;
import com.launchdarkly.sdk.server.LDClient;
import dev.openfeature.sdk.Client;
import io.getunleash.DefaultUnleash;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ff4j.FF4j;
import org.openjdk.jmh.runner.Runner;
import org.togglz.core.manager.FeatureManager;

/** What a check costs while nothing else happens, beside floors and other libraries; and whether its bounds hold. */
public final class HotPath {

    private static final Map<String, Integer> MILLIS = Map.of("short", 200, "long", 1_000);

    private HotPath() {}

    /**
     * Measures and prints.
     *
     * @param args {@code short}, {@code long} or {@code bounds}; the number of forks of each, 3 if left out, of bounds
     *     10; the milliseconds of an iteration, 200 if left out, of the long form 1,000, of bounds 300; for bounds, a part
     *     of the names of those to measure, all if left out
     * @throws Exception if a benchmark fails
     */
    public static void main(String[] args) throws Exception {
        String form = args.length > 0 ? args[0] : "short";
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : form.equals("bounds") ? 10 : 3;
        int millis = args.length > 2 ? Integer.parseInt(args[2]) : MILLIS.getOrDefault(form, 300);
        System.out.printf(
                Locale.ROOT,
                "%d forks of each in turn, %d processors, Java %s%n%s%n",
                rounds,
                Runtime.getRuntime().availableProcessors(),
                Runtime.version(),
                Stream.of(
                                Runner.class,
                                FeatureManager.class,
                                FF4j.class,
                                Client.class,
                                DefaultUnleash.class,
                                LDClient.class,
                                ConfigCatClient.class)
                        .map(Forks::jar)
                        .collect(Collectors.joining(", ")));
        Forks forks = new Forks(millis);
        switch (form) {
            case "short" ->
                IntStream.of(1, 2).forEach(threads -> new Matrix(forks, rounds).printConstantKey(100, threads));
            case "long" -> printLong(new Matrix(forks, rounds));
            case "bounds" -> new Bounds(forks, rounds).print(args.length > 3 ? args[3] : "");
            default ->
                throw new IllegalArgumentException("form \"" + form + "\" is none of "
                        + Arrays.asList("short", "long", "bounds") + "; take one of them");
        }
        System.err.println("Every fork: " + forks.write("checks-" + form + ".json"));
    }

    private static void printLong(Matrix matrix) {
        int[] threads = IntStream.of(1, 2, Runtime.getRuntime().availableProcessors())
                .distinct()
                .toArray();
        for (int flags : new int[] {10, 100, 10_000}) {
            for (int count : threads) {
                matrix.printAll(flags, count);
            }
        }
    }
}
