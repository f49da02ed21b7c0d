package io.pratique.benchmarks.checks;

import io.pratique.benchmarks.checks.Forks.Fork;
import io.pratique.benchmarks.checks.Forks.Subject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.runner.RunnerException;

/** Everything beside everything: one table for each number of flags and threads. */
final class Matrix {

    private static final Row VOLATILE_READ =
            new Row("floor: volatile boolean read", Floors.class, "volatileRead", null);
    private static final Row OTHER =
            new Row("floor: HashMap.get, equal but other String", Floors.class, "hashMapOther", null);
    private static final Row VARYING = new Row("floor: HashMap.get, varying", Floors.class, "hashMapVarying", null);

    private static final List<Row> CONSTANT_KEY = List.of(
            VOLATILE_READ,
            OTHER,
            new Row("floor: HashMap.get, the same String", Floors.class, "hashMapSame", OTHER),
            new Row("floor: Map.copyOf(..).get, other String", Floors.class, "copyOther", OTHER),
            new Row("floor: Map.copyOf(..).get, the same String", Floors.class, "copySame", OTHER),
            new Row("floor: System.nanoTime()", Floors.class, "nanoTime", OTHER),
            new Row("FlagHandle.isEnabled()", FlagChecks.class, "handle", VOLATILE_READ),
            new Row("FlagClient.isEnabled(literal)", FlagChecks.class, "clientLiteral", OTHER),
            new Row("FlagClient.isEnabled(other String)", FlagChecks.class, "clientOther", OTHER),
            new Row("Flags.isEnabled(literal)", FlagChecks.class, "flagsLiteral", OTHER),
            new Row("Flags.isEnabled(other String)", FlagChecks.class, "flagsOther", OTHER),
            new Row("FlagClient.evaluate(literal)", FlagChecks.class, "evaluateLiteral", OTHER),
            new Row("ReadinessGate.shouldRun(literal)", GateChecks.class, "shouldRunLiteral", OTHER),
            new Row("ReadinessGate.shouldRun(other String)", GateChecks.class, "shouldRunOther", OTHER),
            new Row("a task behind ReadinessGate.wrap", GateChecks.class, "wrapped", OTHER),
            new Row("ReadinessGate.decide(literal)", GateChecks.class, "decideLiteral", OTHER),
            new Row("Togglz, in memory", Togglz.class, "constant", OTHER),
            new Row("Togglz, cached 30 s", TogglzCached.class, "constant", OTHER),
            new Row("FF4J, cached 30 s", Ff4jCached.class, "constant", OTHER),
            new Row("OpenFeature SDK, in memory", OpenFeature.class, "constant", OTHER),
            new Row("Unleash, bootstrapped", Unleash.class, "constant", OTHER),
            new Row("LaunchDarkly, test data", LaunchDarkly.class, "constant", OTHER),
            new Row("ConfigCat, local", ConfigCat.class, "constant", OTHER));

    private static final List<Row> VARYING_KEYS = List.of(
            VARYING,
            new Row("floor: Map.copyOf(..).get, varying", Floors.class, "copyVarying", VARYING),
            new Row("FlagClient.isEnabled, varying", FlagChecks.class, "clientVarying", VARYING),
            new Row("Flags.isEnabled, varying", FlagChecks.class, "flagsVarying", VARYING),
            new Row("FlagClient.evaluate, varying", FlagChecks.class, "evaluateVarying", VARYING),
            new Row("ReadinessGate.shouldRun, varying", GateChecks.class, "shouldRunVarying", VARYING),
            new Row("Togglz, in memory, varying", Togglz.class, "varying", VARYING),
            new Row("Togglz, cached 30 s, varying", TogglzCached.class, "varying", VARYING),
            new Row("FF4J, cached 30 s, varying", Ff4jCached.class, "varying", VARYING),
            new Row("OpenFeature SDK, in memory, varying", OpenFeature.class, "varying", VARYING),
            new Row("Unleash, bootstrapped, varying", Unleash.class, "varying", VARYING),
            new Row("LaunchDarkly, test data, varying", LaunchDarkly.class, "varying", VARYING),
            new Row("ConfigCat, local, varying", ConfigCat.class, "varying", VARYING));

    private static final List<Row> GATE = List.of(
            OTHER,
            new Row("ReadinessGate.shouldRun(literal)", GateChecks.class, "shouldRunLiteral", OTHER),
            new Row("ReadinessGate.shouldRun(other String)", GateChecks.class, "shouldRunOther", OTHER),
            new Row("ReadinessGate.decide(literal)", GateChecks.class, "decideLiteral", OTHER),
            VARYING,
            new Row("ReadinessGate.shouldRun, varying", GateChecks.class, "shouldRunVarying", VARYING),
            new Row("ReadinessGate.decide, varying", GateChecks.class, "decideVarying", VARYING));

    private final Forks forks;
    private final int rounds;

    Matrix(Forks forks, int rounds) {
        this.forks = forks;
        this.rounds = rounds;
    }

    /** A line of the table; its floor is another line, or itself where null. */
    private record Row(
            String label,
            Class<?> of,
            String method,
            @Nullable Row floor) {}

    void printConstantKey(int flags, int threads) {
        printFlags(flags, threads, CONSTANT_KEY);
    }

    void printAll(int flags, int threads) {
        List<Row> rows = new ArrayList<>(CONSTANT_KEY);
        rows.addAll(VARYING_KEYS);
        printFlags(flags, threads, rows);
    }

    /** With as many flags as jobs, and as many dependencies. */
    void printGate(int jobs) {
        String number = Integer.toString(jobs);
        print(jobs + " jobs and probes, 1 thread", 1, Map.of("flags", number, "probes", number), GATE);
    }

    private void printFlags(int flags, int threads, List<Row> rows) {
        String title = flags + " flags, " + (threads == 1 ? "1 thread" : threads + " threads");
        print(title, threads, Map.of("flags", Integer.toString(flags)), rows);
    }

    private void print(String title, int threads, Map<String, String> parameters, List<Row> rows) {
        Map<Row, List<Fork>> measured = new HashMap<>();
        for (int round = 1; round <= rounds; round++) {
            System.err.printf("%s: round %d of %d%n", title, round, rounds);
            for (Row row : rows) {
                measure(row, new Subject(row.of(), row.method(), threads, parameters), measured);
            }
        }
        System.out.println();
        System.out.printf(
                Locale.ROOT, "%-44s %10s %10s %10s %8s %8s%n", title, "ns/op", "min", "max", "B/op", "x floor");
        rows.forEach(row -> System.out.println(line(row, measured)));
    }

    /** A library that fails costs its own line only. */
    private void measure(Row row, Subject subject, Map<Row, List<Fork>> measured) {
        try {
            measured.computeIfAbsent(row, first -> new ArrayList<>()).add(forks.run(subject));
        } catch (RunnerException e) {
            System.err.println(row.label() + ": " + e);
        }
    }

    private String line(Row row, Map<Row, List<Fork>> measured) {
        List<Fork> shown = measured.getOrDefault(row, List.of());
        if (shown.size() < rounds) {
            return String.format(Locale.ROOT, "%-44s %10s", row.label(), "failed");
        }
        Sample nanos = new Sample(shown.stream().map(Fork::nanos).toList());
        Sample bytes = new Sample(shown.stream().map(Fork::bytes).toList());
        return String.format(
                Locale.ROOT,
                "%-44s %10.2f %10.2f %10.2f %8.0f %8s",
                row.label(),
                nanos.median(),
                nanos.min(),
                nanos.max(),
                bytes.median(),
                ratio(shown, measured.getOrDefault(row.floor() == null ? row : row.floor(), List.of())));
    }

    private String ratio(List<Fork> shown, List<Fork> floor) {
        if (floor.size() < rounds) {
            return "-";
        }
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            ratios.add(shown.get(i).nanos() / floor.get(i).nanos());
        }
        return String.format(Locale.ROOT, "%.2f", new Sample(ratios).median());
    }
}
